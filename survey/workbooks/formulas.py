"""The formulas of the hidden sheet `calc`, in the words of Excel 2010.

Cells of a section are found by the code of their row, so that a sorted sheet still says the
truth; inside `calc`, which nobody sorts, addresses are direct.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from survey.core.answers import NonAnswer
from survey.core.instrument import Field
from survey.workbooks import layout
from survey.workbooks.book import Book
from survey.workbooks.calc import FIRST, Line, Plan
from survey.workbooks.layout import CALC, Sheet
from survey.workbooks.lists import Lists
from survey.workbooks.settle import DATE_LENGTHS, LENGTHS, bounds

LITERAL_LIMIT: Final = 255  # letters of a text inside a formula
HEADERS: Final = {
    "A": "code", "B": "role", "C": "row", "D": "raw", "E": "non_answer", "F": "reason",
    "G": "asked", "H": "value", "I": "done", "J": "state", "K": "section", "L": "filled",
    "M": "missing", "N": "look", "O": "review", "P": "cites", "Q": "message",
}  # fmt: skip
_WILD: Final = {"~": "~~", "*": "~*", "?": "~?"}


def quoted(text: str) -> str:
    """A text inside a formula; one too long for Excel becomes several, joined."""
    pieces = [text[i : i + LITERAL_LIMIT // 2] for i in range(0, len(text), LITERAL_LIMIT // 2)]
    return "&".join('"' + piece.replace('"', '""') + '"' for piece in pieces or [""])


def filled_in(template: str, **references: str) -> str:
    """`{done} of {asked}` with formulas in place of the names, as a formula."""
    parts, rest = [], template
    while "{" in rest:
        before, _, rest = rest.partition("{")
        name, _, rest = rest.partition("}")
        parts += [quoted(before)] if before else []
        parts.append(references[name])
    return "&".join([*parts, quoted(rest)] if rest or not parts else parts)


def sheet_range(sheet: Sheet, column: str, first: int) -> str:
    """The cells of a column of a sheet from a row to its last one."""
    return f"{sheet_reference(sheet.name)}!${column}${first}:${column}${len(sheet.rows)}"


def sheet_reference(name: str) -> str:
    """The name of a sheet inside a formula or a link."""
    return "'" + name.replace("'", "''") + "'"


class Formulas:
    """The formulas of each line: column of `calc` -> formula without `=`."""

    def __init__(self, plan: Plan, lists: Lists) -> None:
        self.plan = plan
        self.book: Book = plan.book
        self.lists = lists
        words = self.book.states
        self.words = {name: quoted(getattr(words, name)) for name in words.__slots__}
        self.calm = ",".join(
            f"J{{n}}={quoted(w)}" for w in ("", words.open, *self.book.non_answers.values())
        )
        self.no_information = quoted(self.book.non_answers[NonAnswer.NOT_AVAILABLE])

    def of(self, line: Line) -> Mapping[str, str]:
        """The formulas of a line; what it has no formula for is constant or empty."""
        if line.role == "x":
            return {}
        if line.role == "s":
            return {**self._found(line), "G": "1", "H": f'IF(D{line.at}="","","yes")'}
        if line.role == "l":
            return self._row(line)
        if line.role == "o":
            return self._option(line)
        return self._question(line) if line.role == "q" else self._field(line)

    # what stands in the section

    def _column(self, line: Line, column: str) -> str:
        return sheet_range(self.plan.sheet_of[line.section], column, 3)

    def _found(self, line: Line) -> dict[str, str]:
        n = line.at
        is_box = line.field is not None and line.field.type == "long_text" and line.role in "qf"
        key, column = (f'$A{n}&":text"', "D") if is_box else (f"$A{n}", "E")
        position = {"C": f"IFERROR(MATCH($A{n},{self._column(line, 'A')},0),0)"}
        if not is_box:
            return {**position, "D": self._beside(line, column)}
        found = f"INDEX({self._column(line, 'D')},MATCH({key},{self._column(line, 'A')},0))"
        return {**position, "D": f'IFERROR(IF({found}="","",{found}),"")'}

    def _beside(self, line: Line, column: str) -> str:
        found = f"INDEX({self._column(line, column)},C{line.at})"
        return f'IF(C{line.at}=0,"",IF({found}="","",{found}))'

    # roles

    def _option(self, line: Line) -> dict[str, str]:
        n, owner = line.at, self.plan.owner(line)
        return {**self._found(line), "G": f"$G${owner.at}", "H": f'IF(AND(G{n}=1,D{n}<>""),1,"")'}

    def _row(self, line: Line) -> dict[str, str]:
        n, question = line.at, line.question
        assert question is not None  # noqa: S101  # every row of a table has one
        columns = dict(
            zip(layout.TABLE, layout.columns_of(self.book.index, question), strict=False)
        )
        cells = {at: f"INDEX({self._column(line, at)},C{n})" for at in columns}
        counting = [cells[at] for at, c in columns.items() if c.counts and not c.relevant]
        filled = "+".join(f'({cell}<>"")' for cell in cells.values())
        missing = "+".join(f'({cell}="")' for cell in counting) or "0"
        return {
            "C": f"IFERROR(MATCH($A{n},{self._column(line, 'A')},0),0)",
            "G": f"$G${self.plan.owner(line).at}",
            "L": f"IF(C{n}=0,0,{filled})",
            "M": f"IF(C{n}=0,0,{missing})",
            "J": f'IF(AND(G{n}=1,L{n}>0,M{n}>0),{self.words["field"]},"")',
            "N": f'IF(J{n}<>"",4,G{n})',
        }

    def _field(self, line: Line) -> dict[str, str]:
        n, top = line.at, self.plan.owner(line)
        condition = f",IFERROR({line.condition},FALSE)" if line.condition else ""
        w = self.words
        return {
            **self._value(line),
            "G": f'IF($G${top.at}<>1,$G${top.at},IF(AND($E${top.at}=""{condition}),1,0))',
            "J": f'IF(G{n}<>1,IF(L{n}>0,{w["not_counted"]},""),'
            f'IF(L{n}=0,IF(M{n}=1,{w["field"]},""),IF({self._bad(line)},{w["value"]},"")))',
            "N": self._look(n),
            "O": f"IF(AND(N{n}=4,L{n}>0),1,0)",
        }

    def _question(self, line: Line) -> dict[str, str]:
        n = line.at
        section = self.plan.of[f"{line.section}:section"].at
        condition = f"IF(IFERROR({line.condition},FALSE),1,0)" if line.condition else "1"
        found = {
            **self._value(line),
            "E": self._beside(line, "H"),
            "F": self._beside(line, "I"),
            "P": self._beside(line, "K"),
            "G": f'IF($H${section}<>"",2,{condition})',
            "I": f'IF(AND(G{n}=1,OR(E{n}<>"",{self._full(line)})),1,0)',
            "J": self._state(line),
            "N": self._look(n),
            "O": f"IF(AND(N{n}=4,I{n}=1),1,0)",
        }
        return found | ({"Q": self._message(line)} if line.checks else {})

    def _look(self, n: int) -> str:
        calm = self.calm.replace("{n}", str(n))
        return f"IF(G{n}<>1,G{n},IF(J{n}={self.words['answered']},5,IF(OR({calm}),1,4)))"

    def _message(self, line: Line) -> str:
        formula = '""'
        for check, condition in reversed(line.checks):
            words = quoted(self.book.say(check.message))
            formula = f"IF(IFERROR({condition},FALSE),{words},{formula})"
        return f'IF(AND(G{line.at}=1,E{line.at}=""),{formula},"")'

    # values

    def _value(self, line: Line) -> dict[str, str]:
        """Raw, value, filled and missing of a question or field."""
        n = line.at
        found = self._counts(line)
        field = line.field
        if field is None or field.type == "select_multiple":
            return {"C": self._found(line)["C"], **found}
        if field.type == "calculation":
            return {"H": line.calculation or '""', **found}
        answered = f'OR(G{n}<>1,D{n}=""' + (f',E{n}<>"")' if line.role == "q" else ")")
        return {
            **self._found(line),
            "H": f'IF({answered},"",{self._typed(field, n)})',
            "L": f'IF(D{n}<>"",1,0)',
            **found,
        }

    def _typed(self, field: Field, n: int) -> str:
        if self.book.index.choices(field) or field.list:
            code = self._code(field, f"TRIM(D{n})")
            return f'IFERROR({f"VALUE({code})" if field.type == "maturity" else code},"")'
        if field.type == "percent":
            return f'IF(ISNUMBER(D{n}),ROUND(D{n}*100,10),"")'
        if field.type in ("integer", "decimal", "currency", "year"):
            return f'IF(ISNUMBER(D{n}),D{n},"")'
        return f'D{n}&""'

    def _code(self, field: Field, shown: str) -> str:
        """The code of the choice a cell shows."""
        codes, labels = self.lists.codes_range(field), self.lists.labels_range(field)
        texts = [label for _, label in self.lists.items(field)]
        if any(len(text) > LITERAL_LIMIT for text in texts):
            return f"INDEX({codes},SUMPRODUCT(MAX(({labels}={shown})*ROW({labels})))-1)"
        for sign, escaped in _WILD.items():
            if any(c in text for text in texts for c in _WILD):
                shown = f'SUBSTITUTE({shown},"{sign}","{escaped}")'
        return f"INDEX({codes},MATCH({shown},{labels},0))"

    def _counts(self, line: Line) -> dict[str, str]:
        """Filled and missing where they are not simply those of one cell."""
        n = line.at
        missing = f"IF(L{n}=0,1,0)" if line.field is not None and line.field.counts else "0"
        if line.options:
            first, last = line.options[0].at, line.options[-1].at
            return {"L": f'SUMPRODUCT(--($D${first}:$D${last}<>""))', "M": missing}
        if line.rows:
            first, last = line.rows[0].at, line.rows[-1].at
            return {
                "L": f'COUNTIF($L${first}:$L${last},">0")',
                "M": f'COUNTIF($M${first}:$M${last},">0")',
            }
        if line.role == "q" and line.question is not None and line.question.roster:
            return self._roster_counts(line)
        return {"M": missing} if line.field is not None else {"L": "0", "M": "0"}

    def _roster_counts(self, line: Line) -> dict[str, str]:
        """Rows with something in them, and cells missing in these (or in all fixed rows)."""
        assert line.question is not None  # noqa: S101
        assert line.question.roster is not None  # noqa: S101
        sheet = self.plan.sheet_of[line.code]
        first = next(i for i, r in sheet.numbered() if r.kind in ("example", "row"))
        columns: dict[str, list[str]] = {}
        for at, column in layout.roster_columns(self.book.index, line.question).items():
            columns.setdefault(column.field, []).append(sheet_range(sheet, at, first))
        every = [area for areas in columns.values() for area in areas]
        real = f'({sheet_range(sheet, "A", first)}<>"{layout.EXAMPLE}")'
        used = "((" + "+".join(f'({area}<>"")' for area in every) + f")>0)*{real}"
        fixed = bool(line.question.roster.rows)
        counting = [
            "*".join([real if fixed else used, *(f'({area}="")' for area in columns[c.code])])
            for c in line.question.columns
            if c.counts and not c.relevant
        ]
        missing = [f"SUMPRODUCT({each})" for each in counting]
        if not fixed:
            missing.append(f"MAX(0,{max(1, line.question.roster.least)}-L{line.at})")
        return {"L": f"SUMPRODUCT({used})", "M": "+".join(missing) or "0"}

    def _full(self, line: Line) -> str:
        n, first, last = line.at, line.fields[0].at, line.fields[-1].at
        roster = line.question is not None and line.question.roster is not None
        if roster:
            first += 1
        asked = f"($G${first}:$G${last}=1)"
        missing = f"SUMPRODUCT({asked}*($M${first}:$M${last}>0))=0"
        if roster:
            return f"AND(L{n}>0,M{n}=0{',' + missing if last >= first else ''})"
        return f"AND({missing},SUMPRODUCT({asked}*($L${first}:$L${last}>0))>0)"

    # states

    def _state(self, line: Line) -> str:
        n, w = line.at, self.words
        anything = f"SUM($L${n}:$L${line.fields[-1].at})>0"
        partly = f'{w["rows"]}&" "&M{n}' if line.rows else w["started"]
        required = line.question is not None and line.question.required
        todo = f"IF({anything},{partly},{w['required'] if required else w['open']})"
        answered = w["answered"]
        if line.evidence:
            claim = f'AND(P{n}="",IFERROR({line.evidence},FALSE))'
            answered = f"IF({claim},{w['evidence']},{answered})"
        rest = f"IF(I{n}=0,{todo},{answered})"
        if line.checks:
            rest = f'IF(Q{n}<>"",{w["check"]},{rest})'
        if (bad := self._bad(line)) != "FALSE":
            rest = f"IF({bad},{w['value']},{rest})"
        reason = f'IF(AND(F{n}="",E{n}<>{self.no_information}),{w["reason"]},E{n})'
        return (
            f"IF(G{n}=2,{w['not_applicable']},"
            f"IF(G{n}=0,IF({anything},{w['not_counted']},{w['not_asked']}),"
            f'IF(E{n}<>"",IF({anything},{w["two_answers"]},{reason}),{rest})))'
        )

    def _bad(self, line: Line) -> str:
        n, field = line.at, line.field
        if line.options:
            alone = {c.code for c in self.book.index.choices(field) if c.exclusive} if field else ()
            marked = [f'$D${o.at}<>""' for o in line.options if o.choice in alone]
            return f"AND(L{n}>1,OR({','.join(marked)}))" if marked else "FALSE"
        if field is None or field.type in ("calculation", "select_multiple"):
            return "FALSE"
        return f'AND(G{n}=1,D{n}<>"",{_refused(field, n)})'

    def totals(self, section: str) -> tuple[str, str, str]:
        """Formulas for the questions asked, those settled, and what is to be reviewed."""
        code = quoted(section)
        of = f'{self._all("K")},{code},{self._all("B")},"q",{self._all("G")},1'
        return (
            f"COUNTIFS({of})",
            f"COUNTIFS({of},{self._all('I')},1)",
            f"SUMIF({self._all('K')},{code},{self._all('O')})",
        )

    def _all(self, column: str) -> str:
        return f"{CALC}!${column}${FIRST}:${column}${self.plan.last}"


def _refused(field: Field, n: int) -> str:
    """What is true when a filled cell holds something its field does not take."""
    if field.type == "date":
        lengths = ",".join(f"LEN(D{n})<>{length}" for length in DATE_LENGTHS)
        return f"OR(AND({lengths}),ISERROR(VALUE(LEFT(D{n},4))))"
    if field.type in LENGTHS:
        return f"LEN(D{n})>{LENGTHS[field.type]}"
    tests = list(_out_of_bounds(field, n))
    return f'IF(H{n}="",TRUE,OR({",".join(tests)}))' if tests else f'H{n}=""'


def _out_of_bounds(field: Field, n: int) -> Iterable[str]:
    if field.type not in ("integer", "decimal", "currency", "percent", "year"):
        return
    least, most = bounds(field)
    if field.type in ("integer", "year"):
        yield f"H{n}<>INT(H{n})"
    if least:
        yield f"H{n}<{least}"
    if most:
        yield f"H{n}>{most}"
