"""Random answers to any instrument, well formed and not complete."""

import random

from survey.core.answers import Answer, NonAnswer, Row
from survey.core.instrument import Index

WORDS = ("=1+1", "-5", "@todos", "Ñandú «sí»", "línea\nsegunda", "a" * 250, "0012", "_x0041_")


def answers(index: Index, seed: int, share: float = 0.8) -> dict[str, Answer]:
    """Answers to about `share` of the questions; the same seed, the same answers."""
    dice = random.Random(seed)  # noqa: S311
    found = {code: _answer(index, q, dice) for code, q in index.questions.items()}
    kept = {code: answer for code, answer in found.items() if dice.random() < share}
    documents = tuple(
        Row(id=f"doc-{n}", position=n, fields={"evidence-title": _text(dice)}) for n in (1, 2, 3)
    )
    return {**kept, "evidence": Answer(rows=documents)}


def _answer(index, question, dice):
    reason = _text(dice) if dice.random() < 0.5 else None
    cites = tuple(f"doc-{n}" for n in (1, 2, 3) if dice.random() < 0.3)
    if dice.random() < 0.15:
        return Answer(non_answer=dice.choice(list(NonAnswer)), reason=reason, evidence=cites)
    return Answer(
        fields=_values(index, question.fields, dice),
        remark=reason,
        evidence=cites,
        rows=_rows(index, question, dice),
    )


def _rows(index, question, dice):
    if not question.roster:
        return ()
    ids = [c.code for c in index.fixed_rows(question)] or [f"row-{n}" for n in range(1, 4)]
    rows = ((n, i, _values(index, question.columns, dice)) for n, i in enumerate(ids, 1))
    return tuple(Row(id=i, position=n, fields=values) for n, i, values in rows if values)


def _values(index, fields, dice):
    asked = (f for f in fields if f.type != "calculation" and dice.random() < 0.75)
    return {f.code: _value(index, f, dice) for f in asked}


def _text(dice):
    return {"text": dice.choice(WORDS), "lang": "es"}


def _value(index, field, dice):
    codes = [c.code for c in index.choices(field)]
    plain = [c.code for c in index.choices(field) if not c.exclusive]
    if field.type == "select_multiple":
        return [c for c in plain if dice.random() < 0.5] or plain[:1]
    if codes:
        return dice.choice(codes)
    numbers = {
        "integer": str(dice.randint(0, 50)),
        "decimal": dice.choice(["0", "6.5", "1250000.25"]),
        "currency": dice.choice(["0", "3200000.5"]),
        "percent": dice.choice(["0", "45", "12.5", "100"]),
        "year": str(dice.randint(1990, 2030)),
        "date": dice.choice(["2024", "2024-05", "2025-03-14"]),
        "url": "https://example.org/a",
    }
    return numbers.get(field.type) or _text(dice)
