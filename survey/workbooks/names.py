"""Names of sheets: at most 31 letters, none that Excel forbids, none twice."""

import re
from collections.abc import Sequence
from typing import Final

from survey.core.instrument import EVIDENCE, Index, Question, Section, say
from survey.workbooks.grid import CALC, LISTS, RONDA

NAME_LIMIT: Final = 31


def numbers_of_sections(index: Index, sections: Sequence[str]) -> dict[str, str]:
    """Section code -> what is printed before its title: `A` of `OPG-A`, the whole code where
    topics meet or two sections of this workbook have the same letter."""
    return _numbers([index.sections[code] for code in sections])


def number_of_section(section: Section) -> str:
    """The letter of a section, behind its topic (`BUD-A`) where its questions are numbered so."""
    if any(question.number == question.code for question in section.questions):
        return section.code
    return section.code.rpartition("-")[2]


def _numbers(sections: Sequence[Section]) -> dict[str, str]:
    numbers = [number_of_section(section) for section in sections]
    return {
        section.code: number if numbers.count(number) == 1 else section.code
        for section, number in zip(sections, numbers, strict=True)
    }


class Names:
    """Gives every sheet a name Excel takes: at most 31 letters, none forbidden, none twice."""

    def __init__(self, language: str, sections: Sequence[Section]) -> None:
        self.language = language
        self.taken = {"history", LISTS, CALC, RONDA}
        self.numbers = _numbers(sections)

    def of_section(self, section: Section) -> str:
        number = self.numbers[section.code]
        return self._free(f"{number} {say(section.title, self.language)}")

    def of_question(self, question: Question) -> str:
        number = "" if question.code == EVIDENCE else question.number
        return self._free(f"{number} {say(question.title, self.language)}")

    def _free(self, wish: str) -> str:
        name = sheet_name(wish)
        count = 2
        while name.casefold() in self.taken:
            name = sheet_name(wish, f" {count}")
            count += 1
        self.taken.add(name.casefold())
        return name


def sheet_name(wish: str, suffix: str = "") -> str:
    """The nearest name Excel takes, cut between words where it can be."""
    plain = " ".join(re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", wish).split()).strip("' ")
    room = NAME_LIMIT - len(suffix) - _wide(plain)
    if len(plain) > room:
        cut = plain[: room + 1]
        words = re.split(r"[,;(—–]", cut)[0] if re.search(r"^\S+ \S+.*[,;(—–]", cut) else cut
        plain = words if len(words) <= room else (words.rpartition(" ")[0] or plain[:room])
        plain = plain.strip("' ,;")
    return (plain or "Sheet") + suffix


def _wide(text: str) -> int:
    """Letters beyond the basic plane count twice in Excel."""
    return sum(ord(letter) > 0xFFFF for letter in text)


def short_name(name: str) -> str:
    """The name of a sheet on a button as wide as a column."""
    room, least = 15, 8
    if len(name) <= room:
        return name
    cut = name[: room - 1]
    words = cut.rpartition(" ")[0]
    return (words if len(words) >= least else cut.rstrip()) + "…"
