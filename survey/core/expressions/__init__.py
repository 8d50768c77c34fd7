"""The logic language of questionnaires, XLSForm's: parse, check, evaluate, to_excel, to_json."""
