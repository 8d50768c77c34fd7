"""Question banks: items, their texts in all languages, the files of question_banks/."""
