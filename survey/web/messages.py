"""The words of every problem and refusal: code -> one sentence, with named places to fill.

`where` (a field, question or item) is shown beside the words by the page, so sentences do not
repeat it. A test finds every code that the program can raise in here.
"""

from collections.abc import Mapping
from typing import Any, Final

from babel.lists import format_list
from flask_babel import format_decimal, get_locale
from flask_babel import lazy_gettext as _l

from survey.core.problems import Param, Problem, Refused
from survey.web.languages import LANGUAGES, in_language

MESSAGES: Final[Mapping[str, Any]] = {
    # Any deed
    "refused": _l("This is not possible now."),
    # People
    "email_taken": _l("%(email)s already belongs to somebody."),
    "email_unreadable": _l("%(email)s is not an e-mail address."),
    "password_too_short": _l("A password needs at least %(least)s characters."),
    "country_missing": _l("The role %(role)s needs a country: three letters, such as HND."),
    "country_unknown": _l("No country has the code %(country)s."),
    "entity_unknown": _l("%(country)s has no such entity; name one that it has."),
    "person_unknown": _l("Nobody has the address %(email)s."),
    "too_many_tries": _l("Too many attempts. Try again in %(seconds)s seconds."),
    # One answer
    "above_maximum": _l("This is more than %(maximum)s, the highest value possible here."),
    "bad_character": _l(
        "There is a character in the text (%(character)s) that a workbook cannot hold. Remove it."
    ),
    "below_minimum": _l("This is less than %(minimum)s, the lowest value possible here."),
    "calculated": _l("This value is calculated; it cannot be typed."),
    "exclusive_choice": _l("“%(labels)s” cannot be combined with another choice."),
    "not_a_date": _l("Write a date between the years %(first)s and %(last)s, such as 2025-05-31."),
    "not_a_number": _l("“%(typed)s” is not a number. Use figures only."),
    "not_a_text": _l("This is not a text."),
    "not_a_url": _l("Write a full web address, beginning with https://."),
    "not_a_year": _l("Write a year with four figures, from %(first)s to %(last)s."),
    "not_an_integer": _l("Write a whole number, in figures."),
    "not_in_order": _l("The choices are not in the order of the question."),
    "one_value_only": _l("Only one value can be given here."),
    "percent_out_of_range": _l("A percentage lies between 0 and 100."),
    "too_long": _l("The text has %(length)s characters; at most %(max)s are possible."),
    "too_many_digits": _l("A number can have at most %(most)s digits."),
    "unknown_choice": _l("This is none of the choices."),
    "unknown_row": _l("This row is not in the table."),
    # Answers taken together
    "check": _l("Look at this answer again."),
    "required_missing": _l("This question must be answered before the answers are submitted."),
    "reason_missing": _l("Say why this question is not answered."),
    "evidence_missing": _l("Name a document that supports this answer."),
    "level_4_unsubstantiated": _l(
        "Level 4 asks for a document of the last three years that shows a review or evaluation."
    ),
    # Answering and submitting
    "response_closed": _l("The answers were submitted; they cannot be changed any more."),
    "unknown_base": _l("This page is out of date. Load it again; what is saved is not lost."),
    "key_used_twice": _l("This was already saved; the first version stands."),
    "document_cited": _l(
        "Document %(number)s is cited in %(marks)s: take it out there before you remove it."
    ),
    "conflict_settled": _l("Somebody has settled this in the meantime."),
    "not_ready": _l(
        "Not submitted: %(errors)s answers to correct and %(conflicts)s with two versions."
    ),
    "changed_since_shown": _l(
        "An answer changed while you were reading. Nothing was submitted: look again and sign."
    ),
    "signature_missing": _l("Sign with your name."),
    "confirmation_missing": _l("Tick the box to confirm."),
    "step_not_allowed": _l("The round is not at the point where this can be done."),
    # Workbooks that come back
    "unreadable_workbook": _l("The file was not read. Nothing was changed."),
    "unknown_export": _l(
        "Nobody here made this workbook. Download the questionnaire again and copy your answers."
    ),
    "workbook_of_another_response": _l(
        "This workbook belongs to another questionnaire or country. Nothing was changed."
    ),
    "import_applied": _l("The answers of this workbook are already in the questionnaire."),
    "import_not_to_undo": _l(
        "This workbook cannot be undone: it was not added, or it was undone already."
    ),
    "file_missing": _l("Choose the workbook that you filled in."),
    "language_missing": _l("Choose one of the languages."),
    "section_missing": _l("Tick at least one section."),
    "side_and_value": _l("Choose a version or give another value, not both."),
    "unknown_section": _l("This questionnaire has no section %(codes)s."),
    # The record of a response, for its administrators
    "answer_differs": _l("An answer is not what its history says (change %(seq)s)."),
    "event_does_not_follow": _l("The history of an answer does not fit together (%(seq)s)."),
    "change_missing": _l("A change is missing from the record."),
    "change_altered": _l("A change of the record was altered afterwards."),
    "head_differs": _l("The end of the record is not what the response says."),
    "seal_broken": _l("The submission is not what was sealed."),
    # Questionnaires
    "not_publishable": _l("Not published: %(count)s problems to solve first."),
    "questionnaire_changed_meanwhile": _l(
        "Somebody else changed the questionnaire meanwhile. Nothing was changed: look again."
    ),
    "unknown_items": _l("No bank has these questions: %(codes)s."),
    "check_left_out": _l(
        "A check of this question is left out, because it compares with %(names)s, which is not"
        " part of the questionnaire."
    ),
    "item_gone": _l("This question is no longer in its bank."),
    "no_language": _l("Choose at least one language."),
    "no_section": _l("Add at least one section."),
    "empty_section": _l("This section has no questions."),
    "code_malformed": _l("A code begins with a letter and has letters, digits, - and _ only."),
    "choice_malformed": _l("The code of the choice “%(choice)s” has a space or another sign."),
    "section_twice": _l("Two sections have the code %(choice)s."),
    "question_twice": _l("The question %(choice)s is there twice."),
    "code_twice": _l("Two fields have the same code, %(choice)s, up to case, - and _."),
    "choice_twice": _l("Two choices have the same code, %(choice)s."),
    "text_missing": _l("A text is missing in %(language)s (%(part)s)."),
    "stem_missing": _l("The question has no text."),
    "equal_labels": _l(
        "“%(label)s” (%(language)s) reads like another choice of the same list, %(choice)s."
    ),
    "forward_reference": _l("The condition of %(in)s depends on %(name)s, which is asked later."),
    "never_asked": _l(
        "No answers lead to this question: its condition and those it rests on exclude each other."
    ),
    "cycle": _l("These questions depend on each other in a circle: %(names)s."),
    # Banks
    "bank_unreadable": _l("The file of this bank cannot be read: %(reason)s"),
    "code_of_other_bank": _l("The code does not begin with the code of its bank."),
    "levels_not_five": _l("A maturity question needs exactly five levels."),
    "suffix_reserved": _l("The ending -%(suffix)s belongs to a field that Ronda adds by itself."),
    "language_absent": _l("There are no texts in %(language)s yet."),
    "language_incomplete": _l(
        "In %(language)s, %(missing)s texts are missing and %(fuzzy)s are to be looked at again."
    ),
    "text_too_long": _l(
        "The text (%(part)s, %(language)s) has %(count)s characters; %(most)s fit where it stands."
    ),
    "variables_differ": _l(
        "The text (%(part)s) does not name the same institutions in %(language)s as in English."
    ),
    "variable_unknown": _l(
        "The text (%(part)s, %(language)s) has a variable nobody knows: %(name)s."
    ),
    "variable_not_here": _l(
        "No variable may stand in this text (%(part)s, %(language)s): it is read without a country."
    ),
    "term_not_used": _l(
        "The text (%(part)s, %(language)s) does not render “%(term)s” as agreed: “%(name)s”."
    ),
    "part_missing": _l("A part that every question has is missing: %(part)s."),
    "element_unknown": _l("The analytical framework has no element %(name)s."),
    "elements_too_many": _l("A question has one main element and at most two others."),
    "trace_unknown": _l("%(name)s is in no list of reference instruments."),
    "dimension_without_level": _l("This dimension has no maturity question."),
    "dimension_without_contradiction": _l(
        "No check of this dimension compares a maturity level with a fact."
    ),
    "shared_item_differs": _l(
        "This shared question is not the same as %(name)s: type, text, choices and fields agree"
        " in every language."
    ),
    "names_changed_meanwhile": _l(
        "Somebody else changed these names meanwhile. Nothing was saved: look again."
    ),
    "names_edited": _l(
        "Somebody edited this country's names since the last load; they stay as they are."
    ),
    "item_edited": _l("Somebody edited this question since the last load; it stays as it is."),
    # Expressions, for designers
    "expression_aggregate_in_row": _l(
        "Inside its own table, %(reference)s is one cell; %(function)s needs it from outside."
    ),
    "expression_always_true": _l("This condition is always true."),
    "expression_never_true": _l("This condition is never true."),
    "expression_arguments": _l("%(function)s does not take %(found)s values."),
    "expression_bare_name": _l(
        "“%(name)s”: write ${%(name)s} for a question, '%(name)s' for text."
    ),
    "expression_bare_reference": _l("Write %(instead)s instead of %(found)s."),
    "expression_c_operator": _l("Write %(instead)s instead of %(found)s."),
    "expression_choice_name": _l(
        "jr:choice-name needs a value and a reference in quotes: jr:choice-name(${q}, '${q}')."
    ),
    "expression_column_outside_row": _l(
        "%(reference)s is a column of the table %(roster)s: use it under sum, min, max, count,"
        " count-non-empty or join."
    ),
    "expression_date_format": _l("“%(pattern)s” is not a date format."),
    "expression_dot": _l("“.” can only stand for the question itself, in its own check."),
    "expression_empty": _l("The condition is empty."),
    "expression_indexed_repeat": _l("indexed-repeat needs a column, its table and a number."),
    "expression_last_saved": _l("Values of an earlier form cannot be used here."),
    "expression_multiple_equals": _l(
        "%(reference)s can have several choices: write selected(${%(reference)s}, '%(choice)s')."
    ),
    "expression_not_of_roster": _l("%(reference)s is no column of the table %(roster)s."),
    "expression_number": _l("“%(found)s” has more digits than a number can have."),
    "expression_pattern": _l("The pattern “%(pattern)s” cannot be understood."),
    "expression_pattern_not_literal": _l("The pattern must be written out, in quotes."),
    "expression_position_outside_row": _l("position(..) has a meaning inside a table only."),
    "expression_quoted_reference": _l("%(found)s in quotes is a text; without quotes, an answer."),
    "expression_refused_function": _l("%(function)s is not available here."),
    "expression_syntax": _l("“%(found)s” at character %(position)s was not expected."),
    "expression_too_big": _l("The condition is too long: at most %(limit)s parts."),
    "expression_too_deep": _l("The condition has too many brackets: at most %(limit)s levels."),
    "expression_too_long": _l("The condition is too long: at most %(limit)s bytes."),
    "expression_unclosed_reference": _l("The ${ at character %(position)s needs its }."),
    "expression_unclosed_text": _l("The quote at character %(position)s is not closed."),
    "expression_unfinished": _l("The condition ends too early."),
    "expression_unguarded_unequal": _l(
        "This is true also when %(reference)s is not answered. If that is not meant, add"
        " ${%(reference)s} != '' and."
    ),
    "expression_unknown_choice": _l("“%(choice)s” is no choice of %(reference)s."),
    "expression_unknown_function": _l("There is no function %(function)s."),
    "expression_unknown_reference": _l("There is no question %(reference)s in this questionnaire."),
    "expression_wrong_type": _l("Here stands %(found)s, but %(wanted)s is needed."),
    # A workbook that cannot be read
    "file_binary": _l("Save the file as an Excel workbook (.xlsx) and send that."),
    "file_damaged": _l("The file is damaged. Open it in Excel, save it again as .xlsx, send that."),
    "file_dde": _l("The file starts other programs (DDE). Remove that and send it again."),
    "file_doctype": _l("The file has a part that no spreadsheet program writes. It was not read."),
    "file_embedded_object": _l(
        "There is an embedded object in the file. Remove it and send again."
    ),
    "file_empty": _l("The file is empty."),
    "file_external_links": _l(
        "The file is linked to other files. Break the links (Data, Edit Links) and send it again."
    ),
    "file_far_cell": _l(
        "Something stands far outside the form, at %(cell)s. Remove it, save, send."
    ),
    "file_inflates": _l(
        "Unpacked, the file has %(megabytes)s MB; at most %(most)s MB can be read."
    ),
    "file_macros": _l("The file has macros. Save it as .xlsx, without macros, and send that."),
    "file_not_a_workbook": _l("This is not an Excel workbook. Send the .xlsx file."),
    "file_not_excel": _l("This is not an Excel workbook (.xlsx). Save it as one and send that."),
    "file_not_ours": _l(
        "This workbook was not made by Ronda, or its hidden sheet is gone. Send the one that you"
        " downloaded."
    ),
    "file_old_excel": _l("This is the old Excel format. Save the file as .xlsx and send that."),
    "file_password": _l("The file has a password. Remove it (File, Info) and send it again."),
    "file_rights_managed": _l("The file is protected by rights management. Send it without."),
    "file_strange_path": _l("The file has a part with a strange name. It was not read."),
    "file_too_big": _l("The file has %(megabytes)s MB; at most %(most)s MB can be sent."),
    "file_too_demanding": _l(
        "Reading the file takes too long. Send the one you downloaded, filled."
    ),
    "file_too_much": _l("There is too much in the file: more than %(most)s %(what)s."),
    # A cell that cannot be read, or has two meanings
    "cell_error": _l("The cell shows the error %(text)s. Write the value itself."),
    "cell_exclusive_choice": _l("“%(text)s” is marked together with others that exclude it."),
    "cell_is_a_date": _l("“%(text)s” became a date; a number is expected."),
    "cell_no_choice": _l("“%(text)s” is none of the choices."),
    "cell_no_citation": _l("“%(text)s”: write numbers of documents, such as 1, 3."),
    "cell_no_date": _l("“%(text)s” is not a date. Write it as 2025-05-31."),
    "cell_no_non_answer": _l("“%(text)s” is none of the reasons not to answer."),
    "cell_no_number": _l("“%(text)s” is not a number."),
    "cell_non_answer": _l("“%(text)s” stands where a value is expected."),
    "cell_not_a_year": _l("“%(text)s” is not a year."),
    "cell_two_answers": _l("There is a value and “%(text)s” at once."),
    "cell_unknown_document": _l("There is no document with the number %(number)s."),
    "cell_which_choice": _l("“%(text)s” can be more than one of the choices."),
    "cell_which_date": _l("“%(text)s”: the day and the month can be read both ways."),
    "cell_which_mark": _l("It is not clear whether “%(text)s” is a mark."),
    "cell_which_number": _l("“%(text)s” can be read as two different numbers."),
    "cell_which_share": _l("“%(text)s” may be a share or a percentage."),
    "not_in_version": _l("This version of the questionnaire does not ask this."),
    "not_yours": _l("This answer belongs to somebody else; it was not added."),
    "row_mismatch": _l("The text of another question stands in this row; nothing was added."),
}

# Words inside parameters.
WORDS: Final[Mapping[str, Mapping[str, Any]]] = {
    "what": {
        "cells": _l("cells"),
        "elements": _l("elements"),
        "filled": _l("filled cells"),
        "letters": _l("characters in a cell"),
        "merged": _l("merged cells"),
        "merges": _l("merges"),
        "notes": _l("notes"),
        "parts": _l("parts"),
        "ranges": _l("ranges"),
        "strings": _l("texts"),
        "validations": _l("validations"),
    },
    "kind": {
        "boolean": _l("a condition"),
        "column": _l("a whole column"),
        "date": _l("a date"),
        "empty": _l("nothing"),
        "multiple": _l("a list of choices"),
        "number": _l("a number"),
        "roster": _l("a table"),
        "text": _l("a text"),
        "values": _l("values"),
    },
    "language": LANGUAGES,
}
SHOWN_AS: Final = {"what": "what", "found": "kind", "wanted": "kind", "language": "language"}


class Filling(dict[str, str]):
    """What fills the places of a sentence; one that was left out shows as a gap."""

    def __missing__(self, name: str) -> str:
        return "…"


class NoWords(LookupError):
    """A code without words; a test keeps this from happening."""


def words(code: str, params: Mapping[str, Param] | None = None) -> str:
    """The sentence of `code` in the language of this page.

    Raises:
        NoWords: `code` has none.
    """
    if code not in MESSAGES:
        raise NoWords(code)
    filling = Filling({name: _word(name, value) for name, value in (params or {}).items()})
    return str(MESSAGES[code]) % filling


def words_of(fact: Problem | Refused) -> str:
    """The sentence of a problem or refusal; a check speaks its questionnaire's own words."""
    if isinstance(fact, Problem) and fact.text:
        return in_language(dict(fact.text))
    return words(fact.code, fact.params)


def _word(name: str, value: Param) -> str:
    if name == "position" and isinstance(value, int):  # counted from 0 in the program
        return shown(value + 1)
    if name in ("first", "last"):  # years are not grouped by thousands
        return str(value)
    known = WORDS.get(SHOWN_AS.get(name, ""), {})
    return str(known[value]) if isinstance(value, str) and value in known else shown(value)


def shown(value: Param) -> str:
    """A parameter as people read it: figures and lists as the language writes them."""
    if isinstance(value, bool) or not isinstance(value, int | tuple | Mapping):
        return str(value)
    if isinstance(value, int):
        return str(format_decimal(value))
    if isinstance(value, tuple):
        return str(format_list(value, locale=get_locale() or "en"))
    return in_language(dict(value))
