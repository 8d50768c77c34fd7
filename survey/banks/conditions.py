"""Conditions and calculations in words: `${OPG-A2} = 'yes'` as “OPG-A2 is Yes”."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from babel.lists import format_list
from babel.numbers import format_percent
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from survey.banks.phrases import (
    ARITHMETIC,
    Wordless,
    amounts,
    chosen,
    filled,
    filled_columns,
    functions,
    moments,
    phrase,
    places,
    sum_of,
    totals,
)
from survey.core.expressions.parse import ExpressionError, parse
from survey.core.expressions.tree import (
    Binary,
    Call,
    Logic,
    Negative,
    Node,
    Number,
    Ref,
    String,
    unparse,
    walk,
)
from survey.core.expressions.values import ONE, ZERO, numeral
from survey.core.instrument import Field, Index, Question
from survey.web.languages import in_language

_MIRRORED: Final = {"=": "=", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
_HUNDRED: Final = Number(Decimal(100))
_NOTHING: Final = (String(""), Number(ZERO))  # what a row gives that does not count
_YEAR: Final = [Number(ZERO), Number(Decimal(4))]  # where it stands in a date
_ROW: Final = Call("position")
_PRESENT_YEAR: Final = Call("format-date", (Call("today"), String("%Y")))
_AGGREGATES: Final = frozenset({"sum", "max", "min", "count", "count-non-empty"})
_TRANSPARENT: Final = frozenset({"number", "string", "date", "decimal-date-time", "boolean"})
_DAYS: Final = frozenset({"today", "now", "date", "decimal-date-time"})


def condition_words(index: Index, source: str) -> str:
    """A condition as a designer would say it; what has no plain words stays as it was written."""
    try:
        node = parse(source)
    except ExpressionError:
        return source
    return _Speaker(index, _roster(index, node)).condition(node)


def calculation_words(index: Index, source: str) -> str:
    """What a calculation gives, in words; what has no plain words stays as it was written."""
    try:
        node = parse(source)
        return _Speaker(index, _roster(index, node)).value(node)
    except (ExpressionError, Wordless):
        return source


def _roster(index: Index, node: Node) -> Question | None:
    """The table in whose rows an expression is worked out, told by the first column it names."""
    named = (each.code for each in walk(node) if isinstance(each, Ref))
    owners = (index.question_of[code] for code in named if code in index.question_of)
    return next((owner for owner in owners if owner.roster), None)


def _listed(words: Iterable[str], style: Literal["standard", "or"] = "standard") -> str:
    return format_list(list(words), style, get_locale() or "en")


@dataclass(frozen=True, slots=True)
class _Speaker:
    """Says the parts of one expression. `within`: calculated columns that are being told."""

    index: Index
    roster: Question | None
    within: frozenset[str] = frozenset()

    # conditions

    def condition(self, node: Node, inside: bool = False) -> str:
        """What has to be so; `inside` another one it is put in brackets where it has parts."""
        if isinstance(node, Logic):
            parts = (self.condition(each, inside=True) for each in node.operands)
            said = _listed(parts, "standard" if node.operator == "and" else "or")
            return f"({said})" if inside else said
        try:
            return self._compared(node) if isinstance(node, Binary) else self._called(node)
        except Wordless:
            return unparse(node)

    def _called(self, node: Node) -> str:
        match node:
            case Call("selected", (Ref(code), Ref(chosen))):
                return str(_("%(question)s includes %(answer)s", question=code, answer=chosen))
            case Call("contains", (Ref(code), String(part))):
                return str(_("%(question)s contains “%(answer)s”", question=code, answer=part))
            case Call("selected", (Ref(code), String(choice))):
                told = {"question": code, "answer": self._label(code, choice)}
                return str(_("%(question)s includes “%(answer)s”", **told))
            case Call("not", (Call("selected", (Ref(code), String(choice))),)):
                told = {"question": code, "answer": self._label(code, choice)}
                return str(_("%(question)s does not include “%(answer)s”", **told))
            case Call("regex", (Ref(code), String(form))):
                return str(_("%(question)s has the form %(form)s", question=code, form=form))
            case Call("not", (Call("regex", (Ref(code), String(form))),)):
                return str(
                    _("%(question)s does not have the form %(form)s", question=code, form=form)
                )
            case Call("not", (denied,)):
                return str(_("it is not so that %(condition)s", condition=self.condition(denied)))
        raise Wordless

    def _compared(self, node: Binary) -> str:
        left, operator, right = node.left, node.operator, node.right
        if operator not in _MIRRORED:
            raise Wordless
        if isinstance(left, String | Number):
            left, operator, right = right, _MIRRORED[operator], left
        return (
            self._compared_with_nothing(left, operator, right)
            or self._compared_with_choice(left, operator, right)
            or self._compared_in_time(left, operator, right)
            or phrase(amounts(), operator, self.value(left), self.value(right))
        )

    def _compared_with_nothing(self, left: Node, operator: str, right: Node) -> str:
        if isinstance(left, Ref) and right == String(""):
            return phrase(filled(), operator, left.code)
        if isinstance(left, Call) and left.name == "count-non-empty" and right == Number(ZERO):
            return phrase(filled_columns(), operator, self._members(left.arguments))
        return ""

    def _compared_with_choice(self, left: Node, operator: str, right: Node) -> str:
        if isinstance(right, String) and isinstance(left, Ref):
            return phrase(chosen(), operator, left.code, self._label(left.code, right.value))
        if isinstance(right, String) and isinstance(left, Call) and left.arguments:
            first = left.arguments[0]
            code = first.code if isinstance(first, Ref) else ""
            return phrase(chosen(), operator, self.value(left), self._label(code, right.value))
        if left == _ROW and isinstance(right, Number) and operator in ("=", "!="):
            row = self._row(self.roster, right.value)
            return phrase(places(), operator, row)
        return ""

    def _compared_in_time(self, left: Node, operator: str, right: Node) -> str:
        if not any(self._is_date(each) or self._is_year(each) for each in (left, right)):
            return ""
        return phrase(moments(), operator, self.value(left), self.value(right))

    def _is_date(self, node: Node) -> bool:
        match node:
            case Ref(code):
                field = self._field(code)
                return field is not None and field.type == "date"
            case Call(name, operands) if name in ("max", "min"):
                return any(self._is_date(self._inner(each)) for each in operands)
            case Call("if", (_condition, first, second)):
                return self._is_date(first) or self._is_date(second)
            case Binary("+" | "-", first, second):
                return self._is_date(first) and not self._is_date(second)
        return isinstance(node, Call) and node.name in _DAYS

    def _is_year(self, node: Node) -> bool:
        if isinstance(node, Ref):
            field = self._field(node.code)
            return field is not None and field.type == "year"
        return _bare(node) == _PRESENT_YEAR

    def _inner(self, node: Node) -> Node:
        """What the column gives in a row that counts."""
        calculation = self._calculation(node.code) if isinstance(node, Ref) else None
        if isinstance(calculation, Call) and calculation.name == "if":
            return calculation.arguments[1]
        return calculation or node

    # values

    def value(self, node: Node, inside: bool = False) -> str:
        """A value; `inside` another one it is put in brackets where it has parts."""
        match node:
            case Number(amount):
                return numeral(amount)
            case String(words):
                return _quoted(words) if words else str(_("nothing"))
            case Ref(code):
                return self._told(code)
            case Negative(operand):
                return f"-{self.value(operand, inside=True)}"
            case Call():
                return self._result(node, inside)
            case Binary() if node.operator in ARITHMETIC:
                said = self._shared(node) or self._reckoned(node)
                return f"({said})" if inside else said
        raise Wordless

    def _told(self, code: str) -> str:
        """The code of a field; for a column that is shown nowhere, what it holds."""
        calculation = self._calculation(code)
        if calculation is None or code in self.within:
            return code
        return self._in(code).value(calculation, inside=True)

    def _in(self, code: str) -> "_Speaker":
        question = self.index.question_of[code]
        return _Speaker(self.index, question if question.roster else None, self.within | {code})

    def _field(self, code: str) -> Field | None:
        return self.index.fields.get(code)

    def _calculation(self, code: str) -> Node | None:
        field = self._field(code)
        if field is None or not field.internal:
            return None
        try:
            return parse(field.calculation)
        except ExpressionError:
            return None

    def _result(self, node: Call, inside: bool) -> str:
        if _bare(node) == _PRESENT_YEAR:
            return str(_("the present year"))
        if node.name in _AGGREGATES:
            return self._aggregate(node)
        match node:
            case Call("if", (condition, value, other)):
                said = self._either(condition, value, other)
                return f"({said})" if inside else said
            case Call("abs", (Binary("-", first, second),)):
                return self._difference(first, second)
            case Call("indexed-repeat", (Ref() as ref, String(), Number(row))):
                return self._in_row(ref, row)
        return self._part_of_date(node) or self._function(node, inside)

    def _part_of_date(self, node: Call) -> str:
        match node:
            case Call("number", (Call("substr", (Ref() as ref, *ends)),)) if ends == _YEAR:
                return str(_("the year of %(question)s", question=self.value(ref)))
            case Call("date", (Call("concat", (Ref() as ref, Call("if"))),)):
                return self.value(ref)  # the rest completes a date given as a month or a year
        return ""

    def _function(self, node: Call, inside: bool) -> str:
        if node.name in _TRANSPARENT and len(node.arguments) == 1:
            return self.value(node.arguments[0], inside)
        said = functions().get((node.name, len(node.arguments)))
        if not said:
            raise Wordless
        return str(said(*(self.value(each, inside=True) for each in node.arguments)))

    def _either(self, condition: Node, value: Node, other: Node) -> str:
        return str(
            _(
                "%(value)s if %(condition)s, otherwise %(other)s",
                value=self.value(value),
                condition=self.condition(condition),
                other=self.value(other),
            )
        )

    def _difference(self, first: Node, second: Node) -> str:
        told = {"first": self.value(first, inside=True), "second": self.value(second, inside=True)}
        if self._is_date(first) and self._is_date(second):
            return str(_("the number of days between %(first)s and %(second)s", **told))
        return str(_("the difference between %(first)s and %(second)s", **told))

    def _shared(self, node: Binary) -> str:
        """Arithmetic that is better said otherwise; "" for all other."""
        if node.operator in ("+", "-") and self._is_date(node.left):
            return self._moved(node)
        if node.operator == "*":
            return self._share(node.left, node.right) or self._share(node.right, node.left)
        match node:
            case Binary("div", Binary("*", Number() as factor, part), whole) if factor == _HUNDRED:
                told = {"part": self.value(part, True), "whole": self.value(whole, True)}
                return str(_("%(part)s as a percentage of %(whole)s", **told))
        summands = list(_summands(node))
        if all(isinstance(each, Call) and _is_zero_if_empty(each) for each in summands):
            filled = [each.arguments[0] for each in summands if isinstance(each, Call)]
            return sum_of(_listed(self.value(each, inside=True) for each in filled))
        return ""

    def _moved(self, node: Binary) -> str:
        date = self.value(node.left, inside=True)
        if self._is_date(node.right):
            told = {"first": self.value(node.right, inside=True), "last": date}
            return str(_("the number of days from %(first)s to %(last)s", **told))
        if not isinstance(node.right, Number):
            raise Wordless
        days = int(node.right.value)
        if node.operator == "-":
            said = ngettext(
                "%(num)d day before %(date)s", "%(num)d days before %(date)s", days, date=date
            )
        else:
            said = ngettext(
                "%(num)d day after %(date)s", "%(num)d days after %(date)s", days, date=date
            )
        return str(said)

    def _share(self, factor: Node, node: Node) -> str:
        if not isinstance(factor, Number):
            return ""
        told = self.value(node, inside=True)
        if ZERO < factor.value < ONE:
            share = format_percent(
                factor.value, locale=get_locale() or "en", decimal_quantization=False
            )
            return str(_("%(share)s of %(value)s", share=share, value=told))
        return str(_("%(number)s times %(value)s", number=numeral(factor.value), value=told))

    def _reckoned(self, node: Binary) -> str:
        return phrase(
            {operator: said() for operator, said in ARITHMETIC.items()},
            node.operator,
            self.value(node.left, inside=node.operator not in ("+", "-")),
            self.value(node.right, inside=True),
        )

    # tables

    def _aggregate(self, node: Call) -> str:
        only = node.arguments[0] if len(node.arguments) == 1 else None
        calculation = self._calculation(only.code) if isinstance(only, Ref) else None
        match calculation:
            case Call("if", (condition, value, other)) if isinstance(only, Ref) and (
                other in _NOTHING and node.name in ("sum", "max", "min")
            ):
                return self._in(only.code)._of_some_rows(node, condition, value)
        return self._total(node, self._members(node.arguments))

    def _total(self, node: Call, members: str) -> str:
        in_time = any(self._is_date(each) or self._is_year(each) for each in self._inners(node))
        return str(totals(in_time)[node.name](members))

    def _inners(self, node: Call) -> Iterable[Node]:
        return (self._inner(each) for each in node.arguments)

    def _members(self, operands: Iterable[Node]) -> str:
        return _listed(self._member(each) for each in operands)

    def _member(self, node: Node) -> str:
        match self._calculation(node.code) if isinstance(node, Ref) else None:
            case Call("if", (condition, value, _other)) if isinstance(node, Ref):
                return self._in(node.code)._of_some_rows(None, condition, value)
        return self.value(node)

    def _of_some_rows(self, total: Call | None, condition: Node, value: Node) -> str:
        bare = value.arguments[0] if isinstance(value, Call) and _is_zero_if_empty(value) else value
        match condition:
            case Binary("=", Call("position"), Number(row)):
                return self._in_row(bare, row)
        told = {"condition": self.condition(condition)}
        if total and total.name == "sum" and value == Number(ONE):
            return str(_("the number of rows in which %(condition)s", **told))
        said = self.value(bare, inside=True)
        rows = str(_("%(value)s in the rows in which %(condition)s", value=said, **told))
        return self._total(total, rows) if total else rows

    def _in_row(self, value: Node, number: Decimal) -> str:
        code = next((each.code for each in walk(value) if isinstance(each, Ref)), "")
        row = self._row(self.index.question_of.get(code, self.roster), number)
        return str(_("%(value)s in the row %(row)s", value=self.value(value, inside=True), row=row))

    def _row(self, roster: Question | None, number: Decimal) -> str:
        """A fixed row by its name, another by its number."""
        fixed = self.index.fixed_rows(roster) if roster else ()
        if number == int(number) and 1 <= number <= len(fixed):
            return _quoted(in_language(fixed[int(number) - 1].label))
        return numeral(number)

    def _label(self, code: str, written: str) -> str:
        """The words of a choice, or the value itself."""
        field = self._field(code)
        if field is None or field.type == "maturity":
            return written
        labels = {choice.code: in_language(choice.label) for choice in self.index.choices(field)}
        return labels.get(written) or written


def _quoted(words: str) -> str:
    return str(_("“{answer}”").format(answer=words))


def _bare(node: Node) -> Node:
    while isinstance(node, Call) and node.name in _TRANSPARENT and len(node.arguments) == 1:
        node = node.arguments[0]
    return node


def _is_zero_if_empty(call: Call) -> bool:
    return call.name == "coalesce" and call.arguments[1:] == (Number(ZERO),)


def _summands(node: Node) -> Iterable[Node]:
    if isinstance(node, Binary) and node.operator == "+":
        yield from _summands(node.left)
        yield from _summands(node.right)
    else:
        yield node
