"""Rounds: one country, one topic, their states and calendar."""
