"""Answer workbooks: laid out, written and read. Knows core, not the database."""
