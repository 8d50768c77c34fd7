"""Well-typed expressions and answers to try them on."""

from datetime import datetime
from decimal import Decimal

from hypothesis import strategies as st

from survey.core.expressions.evaluate import Column
from survey.core.expressions.kinds import Reference
from survey.core.expressions.tree import Binary, Call, Logic, Negative, Number, Ref, String

NOW = datetime(2026, 11, 23, 20, 30, 15)  # noqa: DTZ001 - the clock of the caller, as it shows
SCOPE = {
    "n1": Reference("number"),
    "n2": Reference("number"),
    "level": Reference("choice", frozenset("01234")),
    "ask": Reference("choice", frozenset({"yes", "no", "other"})),
    "many": Reference("multiple", frozenset({"x", "y", "z"})),
    "t1": Reference("text"),
    "t2": Reference("text"),
    "d1": Reference("date"),
    "d2": Reference("date"),
    "flag": Reference("boolean"),
    "col": Reference("number", roster="R"),
}
WORDS = ["", "a", "A", "no", "yes", "Óscar", "óscar", "ab", 'say "so"', "it's", "12", " x "]
DAYS = ["", "2024", "2024-05", "2024-05-01", "2024-05-02", "2025", "2023-12-31"]


def plain_numbers():
    whole = st.integers(-1000, 1000).map(Decimal)
    return whole | st.integers(-100_000, 100_000).map(lambda n: Decimal(n).scaleb(-2))


def answers():
    maybe = st.just("") | plain_numbers()
    return st.fixed_dictionaries(
        {
            "n1": maybe,
            "n2": maybe,
            "level": st.sampled_from(["", *"01234"]),
            "ask": st.sampled_from(["", "yes", "no", "other"]),
            "many": st.sets(st.sampled_from("xyz")).map(lambda codes: tuple(sorted(codes)) or ""),
            "t1": st.sampled_from(WORDS),
            "t2": st.sampled_from(WORDS),
            "d1": st.sampled_from(DAYS),
            "d2": st.sampled_from(DAYS),
            "flag": st.sampled_from(["", True, False]),
            "col": st.lists(maybe, max_size=4).map(Column),
        }
    )


def anything():
    """What no `values` should ever give, too."""
    value = (
        st.text(max_size=5)
        | st.decimals(allow_nan=True, allow_infinity=True)
        | st.booleans()
        | st.lists(st.text(max_size=3), max_size=3).map(tuple)
        | st.sampled_from(
            ["x" * 40_000, Decimal("1e900"), Decimal("1e-900"), Decimal("sNaN"), None]
        )
    )
    value = value | st.lists(value, max_size=3).map(Column)
    return st.fixed_dictionaries(dict.fromkeys(SCOPE, value))


def refs(*codes):
    return st.sampled_from(codes).map(Ref)


def number_leaves():
    written = st.integers(0, 20).map(lambda n: Number(Decimal(n))) | st.sampled_from(
        [Number(Decimal("0.1")), Number(Decimal("2.5"))]
    )
    return written | refs("n1", "n2", "level")


def text_leaves():
    return st.sampled_from(WORDS[1:]).map(String) | refs("t1", "t2", "ask")


def dates():
    return refs("d1", "d2") | st.sampled_from(DAYS[1:]).map(String) | st.just(Call("today"))


def conditions(depth=3, extras=True):
    """Conditions of at most this depth; `extras`: also functions that are XLSForm's alone."""
    numbers, texts = number_trees(depth - 1, extras), text_trees(depth - 1, extras)
    compare = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
    equal = st.sampled_from(["=", "!="])
    options = [
        st.builds(Binary, compare, numbers, numbers),
        st.builds(Binary, equal, texts, texts),
        st.builds(Call, st.sampled_from(["contains", "starts-with"]), st.tuples(texts, texts)),
        st.builds(Binary, equal, refs("t1", "t2", "ask"), st.just(String(""))),
    ]
    if extras:
        options += [
            st.builds(Binary, compare, refs("d1", "d2"), dates()),
            st.builds(Call, st.just("selected"), st.tuples(refs("many"), codes())),
            st.builds(Call, st.just("selected"), st.tuples(refs("ask"), st.just(String("yes")))),
            st.builds(Binary, equal, refs("many"), codes() | st.just(String(""))),
            st.builds(Binary, equal, refs("n1", "n2"), st.just(String(""))),
            st.builds(Call, st.just("ends-with"), st.tuples(texts, texts)),
            refs("flag"),
        ]
    if depth > 1:
        below = conditions(depth - 1, extras)
        several = st.lists(below, min_size=2, max_size=3).map(tuple)
        options += [
            st.builds(Logic, st.sampled_from(["and", "or"]), several),
            st.builds(Call, st.just("not"), st.tuples(below)),
        ]
    return st.one_of(options)


def codes():
    return st.sampled_from("xyz").map(String)


def number_trees(depth, extras):
    if depth < 1:
        return number_leaves()
    below = number_trees(depth - 1, extras)
    options = [
        number_leaves(),
        st.builds(Binary, st.sampled_from(["+", "-", "*", "div"]), below, below),
        st.builds(Negative, below),
        st.builds(Call, st.just("string-length"), st.tuples(text_leaves())),
    ]
    if extras:
        options += [
            st.builds(Binary, st.just("mod"), below, below),
            st.builds(
                Call, st.just("if"), st.tuples(conditions(1), below, below | st.just(String("")))
            ),
            st.builds(Call, st.just("coalesce"), st.tuples(below, below)),
            st.builds(Call, st.sampled_from(["abs", "int", "round"]), st.tuples(below)),
            st.builds(Call, st.just("sum"), st.tuples(refs("col"), below)),
            st.builds(
                Call, st.sampled_from(["min", "max"]), st.tuples(refs("col", "n1"), refs("n2"))
            ),
            st.builds(Call, st.just("count-non-empty"), st.tuples(refs("col", "n1"))),
            st.builds(Call, st.just("count-selected"), st.tuples(refs("many"))),
        ]
    return st.one_of(options)


def text_trees(depth, extras):
    if depth < 1:
        return text_leaves()
    below = text_trees(depth - 1, extras)
    options = [
        text_leaves(),
        st.builds(Call, st.just("concat"), st.tuples(below, below)),
        st.builds(
            Call,
            st.sampled_from(["substring-before", "substring-after"]),
            st.tuples(below, marks()),
        ),
        st.builds(Call, st.just("normalize-space"), st.tuples(below)),
    ]
    if extras:
        options += [
            st.builds(Call, st.just("if"), st.tuples(conditions(1), below, below)),
            st.builds(Call, st.just("coalesce"), st.tuples(below, below)),
            st.builds(Call, st.just("substr"), st.tuples(below, small(), small())),
        ]
    return st.one_of(options)


def marks():
    return st.sampled_from(["a", "s", " "]).map(String)


def small():
    return st.integers(0, 4).map(lambda n: Number(Decimal(n)))
