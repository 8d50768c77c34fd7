"""The demonstration: two invented countries, their people and their answers."""
