"""Conditions, checks and calculations as formulas over `calc`; what Excel cannot say is left out
and looked at when the workbook comes back."""

from collections.abc import Callable
from typing import Final

from survey.core.expressions.excel import NotInExcel, to_excel
from survey.core.expressions.kinds import kind_of
from survey.core.expressions.tree import Call, Node
from survey.core.instrument import Check, Question
from survey.core.program import Expression
from survey.workbooks import layout
from survey.workbooks.calc import Line, Plan
from survey.workbooks.formulas import sheet_range, sheet_reference
from survey.workbooks.layout import CALC
from survey.workbooks.lists import Lists

DEEPEST: Final = 50  # of Excel's 64 levels: the rest is for what stands around a condition
LONGEST: Final = 3000  # of Excel's 8,192 letters
ALL_CHECKS: Final = 5000
ROW: Final = "\x00"  # where a formula of a row has the number of its row
AS_SHOWN: Final = frozenset({"integer", "decimal", "currency", "year"})  # cell and value agree

Operand = Callable[[str, str], str]


class Conditions:
    """Turns the expressions of a plan into formulas."""

    def __init__(self, plan: Plan, lists: Lists) -> None:
        self.plan = plan
        self.lists = lists
        self.program = plan.book.program
        self.index = plan.book.index

    def fill(self) -> None:
        """Gives every line the formulas of its condition, calculation, evidence and checks."""
        program = self.program
        for line in self.plan.lines:
            if line.role not in ("q", "f"):
                continue
            if line.code in program.relevant:
                line.condition = self._condition(program.relevant[line.code])
            if line.code in program.calculation:
                line.calculation = self._formula(program.calculation[line.code].node)
            if line.role == "q":
                self._fill_question(line)

    def _fill_question(self, line: Line) -> None:
        if line.code in self.program.evidence_when:
            line.evidence = self._condition(self.program.evidence_when[line.code])
        found: list[tuple[Check, str]] = []
        room = ALL_CHECKS
        for check, expression in self.program.checks[line.code]:
            formula = None if expression.row_of else self._condition(expression)
            if formula and len(formula) + 300 <= room:
                room -= len(formula) + 300
                found.append((check, formula))
        line.checks = tuple(found)

    def of_rows(self, question: Question) -> list[tuple[Check, str]]:
        """The checks of a roster's rows as formulas on its own sheet; `ROW` is the row."""
        columns = layout.roster_columns(self.index, question)
        letters = {column.field: at for at, column in columns.items() if not column.choice}

        def operand(code: str, choice: str) -> str:
            if code in letters and not choice:
                return self._in_row(code, f"${letters[code]}{ROW}")
            if self.program.scope[code].roster:
                raise NotInExcel("column")
            return self._in_calc(code, choice, f"{CALC}!")

        found = []
        for check, expression in self.program.checks[question.code]:
            if expression.row_of and (formula := self._condition(expression, operand)):
                found.append((check, formula))
        return found

    def _in_row(self, code: str, cell: str) -> str:
        """The value of a cell of a roster's row, in the sense of expressions."""
        field = self.index.fields[code]
        if field.relevant:
            raise NotInExcel("column")
        if field.type == "percent":
            return f'IF(ISNUMBER({cell}),ROUND({cell}*100,10),"")'
        if field.list:
            codes, labels = self.lists.codes_range(field), self.lists.labels_range(field)
            found = f"INDEX({codes},MATCH(TRIM({cell}),{labels},0))"
            return f'IFERROR({f"VALUE({found})" if field.type == "maturity" else found},"")'
        return cell

    def _condition(self, expression: Expression, operand: Operand | None = None) -> str | None:
        node = expression.node
        if kind_of(node, self.program.scope, expression.row_of) != "boolean":
            node = Call("boolean", (node,))
        return self._formula(node, operand, expression.row_of)

    def _formula(self, node: Node, operand: Operand | None = None, row_of: str = "") -> str | None:
        try:
            formula = to_excel(node, self.program.scope, operand or self._operand, row_of=row_of)
        except NotInExcel:
            return None
        return formula if len(formula) <= LONGEST and depth(formula) <= DEEPEST else None

    def _operand(self, code: str, choice: str) -> str:
        if self.program.scope[code].roster:
            return self._column(code)
        return self._in_calc(code, choice, "")

    def _in_calc(self, code: str, choice: str, sheet: str) -> str:
        line = self.plan.of.get(f"{code}:{choice}" if choice else code)
        if line is None:
            raise NotInExcel("outside")
        if line.field and line.field.type == "calculation" and line.role != "x":
            expression = self.program.calculation.get(code)
            if expression is None or self._formula(expression.node) is None:
                raise NotInExcel("calculation")
        return f"{sheet}$H${line.at}"

    def _column(self, code: str) -> str:
        """The cells of a roster's column; only where they hold what an expression would see."""
        field, question = self.index.fields[code], self.index.question_of[code]
        line = self.plan.of.get(question.code)
        if field.type not in AS_SHOWN or field.relevant or line is None:
            raise NotInExcel("column")
        own = self.plan.sheet_of.get(question.code)
        if own is not None:
            letters = {c.field: at for at, c in layout.roster_columns(self.index, question).items()}
            first = next(i for i, row in own.numbered() if row.kind == "row")
            return sheet_range(own, letters[code], first)
        return self._table_column(line, code)

    def _table_column(self, line: Line, code: str) -> str:
        sheet = self.plan.sheet_of[line.section]
        rows = [
            i for i, row in sheet.numbered() if row.kind == "line" and row.question == line.code
        ]
        columns = zip(layout.TABLE, layout.columns_of(self.index, self.index.questions[line.code]),
                      strict=False)  # fmt: skip
        letter = next(at for at, column in columns if column.code == code)
        return f"{sheet_reference(sheet.name)}!${letter}${rows[0]}:${letter}${rows[-1]}"


def depth(formula: str) -> int:
    """How deep the brackets of a formula are nested."""
    deepest = level = 0
    for part in formula.split('"')[::2]:
        for letter in part:
            level += (letter == "(") - (letter == ")")
            deepest = max(deepest, level)
    return deepest
