"""Spreadsheets: guard, reading, writing, cell addresses. Knows core, not the database."""
