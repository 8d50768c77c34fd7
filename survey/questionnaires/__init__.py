"""Composing, checking and publishing questionnaires, and their versions."""
