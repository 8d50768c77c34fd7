"""Whether a bank file is fit to be used: shape, codes, expressions, texts, translations."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

import msgspec

from survey.banks.files import (
    BASE_LANGUAGE,
    COMMON,
    BankFile,
    BankFolder,
    BankUnreadable,
    english_texts,
)
from survey.banks.quality import LANGUAGES, item_problems, shared_problems, text_problems
from survey.banks.terminology import Term, term_problems
from survey.core.checking import problems_of
from survey.core.composition import Heading, Part, assemble, without_checks_on
from survey.core.instrument import Instrument
from survey.core.items import RESERVED, Common, Item
from survey.core.problems import Problem, Severity

LEVELS: Final = 5  # of the maturity scale, 0 to 4


class Texts(msgspec.Struct, frozen=True):
    """How many texts of a language are not translated, and how many only perhaps."""

    missing: int
    fuzzy: int


class BankReport(msgspec.Struct, frozen=True, kw_only=True):
    """What checking one bank found; `questions` counts items."""

    code: str
    questions: int = 0
    sections: int = 0
    languages: dict[str, Texts] = {}
    problems: tuple[Problem, ...] = ()

    @property
    def has_errors(self) -> bool:
        """It must not be loaded like this."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)


def report_of(
    folder: BankFolder,
    common: Common,
    terms: Sequence[Term] = (),
    elsewhere: Collection[str] = (),
) -> BankReport:
    """Check a bank as a questionnaire of all its items in every language it has whole.

    `terms`: the glossary that its translations are held to. `elsewhere`: codes of items of other
    banks, which its checks may compare with.
    """
    try:
        bank = folder.read()
    except BankUnreadable as error:
        problem = Problem(code="bank_unreadable", params={"reason": str(error)})
        return BankReport(code=folder.folder.name, problems=(problem,))
    languages, texts = texts_of(folder), folder.texts()
    whole = [tag for tag, texts in languages.items() if not texts.missing and not texts.fuzzy]
    return BankReport(
        code=bank.code,
        questions=len(bank.items),
        sections=len(bank.sections),
        languages=languages,
        problems=(
            *_item_problems(bank),
            *item_problems(bank, common),
            *text_problems(texts, common.names),
            *term_problems(texts, folder.comments(), terms),
            *_incomplete(bank.code, languages),
            *_compiled_problems(bank, common, whole, elsewhere),
        ),
    )


def reports_of(
    folders: Iterable[BankFolder], common: Common, terms: Sequence[Term]
) -> list[BankReport]:
    """Check several banks, and that what they share is the same question in all of them."""
    every = list(folders)
    codes = frozenset(code for folder in every for code in item_codes(folder))
    reports = [report_of(folder, common, terms, codes) for folder in every]
    readable = [
        folder.read() for folder, report in zip(every, reports, strict=True) if report.questions
    ]
    differing: dict[str, list[Problem]] = {}
    for code, problem in shared_problems(readable):
        differing.setdefault(code, []).append(problem)
    return [
        msgspec.structs.replace(
            report, problems=(*report.problems, *differing.get(report.code, ()))
        )
        for report in reports
    ]


def texts_of(folder: BankFolder) -> dict[str, Texts]:
    """Language -> how much of it is still to be translated; English is what all start from."""
    keys = english_texts(folder.raw())
    found = {}
    for language, catalogue in folder.catalogues().items():
        entries = [catalogue.get(english, context=key) for key, english in keys.items()]
        fuzzy = sum(1 for entry in entries if entry and entry.string and entry.fuzzy)
        whole = sum(1 for entry in entries if entry and entry.string and not entry.fuzzy)
        found[language] = Texts(missing=len(keys) - whole - fuzzy, fuzzy=fuzzy)
    return found


def _incomplete(bank: str, languages: Mapping[str, Texts]) -> Iterator[Problem]:
    for language in LANGUAGES:
        texts = languages.get(language)
        if language == BASE_LANGUAGE or texts == Texts(missing=0, fuzzy=0):
            continue
        counts = {"missing": texts.missing, "fuzzy": texts.fuzzy} if texts else {}
        params: Mapping[str, str | int] = {"language": language, **counts}
        code = "language_incomplete" if texts else "language_absent"
        yield Problem(code=code, where=bank, params=params)


def _item_problems(bank: BankFile) -> list[Problem]:
    prefix = f"{bank.code}-"
    found = []
    for item in bank.items:
        if not item.code.startswith(prefix):
            found.append(Problem(code="code_of_other_bank", where=item.code))
        found += _reserved(item)
        if _lacks_levels(item):
            found.append(Problem(code="levels_not_five", where=item.code))
    return found


def _lacks_levels(item: Item) -> bool:
    return item.type == "maturity" and len(item.levels) != LEVELS


def _reserved(item: Item) -> list[Problem]:
    """Suffixes that the global rules give to fields of their own (`design.md` 4)."""
    if item.type == "table":
        return []
    return [
        Problem(code="suffix_reserved", where=item.code, params={"suffix": field.code})
        for field in item.fields
        if field.code in RESERVED
    ]


def item_codes(folder: BankFolder) -> frozenset[str]:
    """The codes of the items of a bank; none when it cannot be read."""
    try:
        return frozenset(item.code for item in folder.read().items)
    except BankUnreadable:
        return frozenset()


def _compiled_problems(
    bank: BankFile, common: Common, languages: list[str], elsewhere: Collection[str]
) -> list[Problem]:
    if any(_lacks_levels(item) for item in bank.items):
        return []
    whole = instrument_of(bank, common, (BASE_LANGUAGE, *languages))
    own = {item.code for item in bank.items}
    found = problems_of(without_checks_on(whole, set(elsewhere) - own)[0])
    return [problem for problem in found if not problem.where.startswith(COMMON)]


def instrument_of(bank: BankFile, common: Common, languages: tuple[str, ...]) -> Instrument:
    """A bank by itself as a questionnaire of all its items."""
    parts = [
        Part(
            code=section.code,
            title=section.title,
            introduction=section.introduction,
            who=section.who,
            documents=section.documents,
            minutes=section.minutes,
            module=bool(section.place),
            items=tuple((item, bank.lists) for item in section.items),
        )
        for section in bank.sections
    ]
    heading = Heading(code=bank.code, version=1, languages=languages, title=bank.title)
    return assemble(heading, parts, common)
