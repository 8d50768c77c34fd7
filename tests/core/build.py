"""Small instruments for tests: say what matters, the rest is made up."""

from datetime import UTC, datetime
from typing import Any

from survey.core.answers import Answer, NonAnswer, Row
from survey.core.instrument import (
    FORMAT,
    Check,
    Choice,
    Element,
    Field,
    Instrument,
    Question,
    Roster,
    Section,
)
from survey.core.problems import Severity
from survey.core.program import Program

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
YES_NO = tuple(Choice(code=code, label={"en": code.title()}) for code in ("yes", "no"))


def en(text: str) -> dict[str, str]:
    return {"en": text}


def field(code: str, kind: str = "short_text", **more: Any) -> Field:
    names = "yes_no" if kind == "yes_no" else ""
    return Field(code=code, type=kind, label=en(code), list=more.pop("list", names), **more)


def question(code: str, kind: str = "yes_no", *fields: Field, **more: Any) -> Question:
    primary = field(code, kind, counts=True, list=more.pop("list", "yes_no" * (kind == "yes_no")))
    return bare(code, primary, *fields, **more)


def bare(code: str, *fields: Field, **more: Any) -> Question:
    """A question without a primary field."""
    return Question(code=code, number=code, title=en(code), stem=en(code), fields=fields, **more)


def table(code: str, *columns: Field, rows: str = "", **more: Any) -> Question:
    least = more.pop("least", 0)
    return bare(code, roster=Roster(columns=columns, rows=rows, least=least), **more)


def check(code: str, when: str, severity: str = "error", *fields: str) -> Check:
    return Check(code=code, when=when, severity=Severity(severity), message=en(code), fields=fields)


def instrument(*questions: Question, lists: dict[str, Any] | None = None) -> Instrument:
    evidence = table(
        "evidence",
        field("evidence-number", "integer"),
        field("evidence-title", counts=True),
        field("evidence-date", "date"),
    )
    levels = tuple(Choice(code=str(n), label=en(f"Level {n}")) for n in range(5))
    return Instrument(
        format=FORMAT,
        code="trial",
        version=1,
        languages=("en",),
        title=en("Trial"),
        sections=(Section(code="S", title=en("S"), questions=questions),),
        evidence=evidence,
        lists={"yes_no": YES_NO, "levels": levels, **(lists or {})},
        elements=(Element(code="E1", label=en("E1")), Element(code="E2", label=en("E2"))),
    )


def program(*questions: Question, **more: Any) -> Program:
    return Program(instrument(*questions, **more))


def said(**fields: Any) -> Answer:
    """An answer with these fields; `__` in a name is `-`."""
    return Answer(fields={code.replace("__", "-"): value for code, value in fields.items()})


def refused(state: str, reason: str = "") -> Answer:
    return Answer(
        non_answer=NonAnswer(state), reason={"text": reason, "lang": "en"} if reason else None
    )


def rows(**by_id: dict[str, Any]) -> Answer:
    return Answer(
        rows=tuple(
            Row(id=name, position=place, fields=values)
            for place, (name, values) in enumerate(by_id.items(), 1)
        )
    )
