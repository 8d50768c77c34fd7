"""Answering: responses, their changes and events, workbooks that travel, submission."""
