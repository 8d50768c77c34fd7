"""What a questionnaire is and how it behaves: pure, no Flask, database, clock, locale or files."""
