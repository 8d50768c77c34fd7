"""What a button of the composer does to the sections of a questionnaire."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple, TypeAlias

from werkzeug.datastructures import MultiDict

from survey.banks.models import Bank, BankSection
from survey.questionnaires import arrangement
from survey.questionnaires.arrangement import Section, Sections
from survey.questionnaires.service import UnknownItems, section_of

Form: TypeAlias = MultiDict[str, str]


class Done(NamedTuple):
    """The sections after a deed, and the id of the place on the page where it happened."""

    sections: list[Section]
    place: str


class Catalogue:
    """The banks, with the dimension of each item."""

    def __init__(self, banks: list[Bank]) -> None:
        self.banks = banks
        self.home: Mapping[str, BankSection] = {
            row.code: section
            for bank in banks
            for section in bank.sections
            for row in section.items
        }
        self.dimensions: Mapping[str, BankSection] = {
            section.code: section for bank in banks for section in bank.sections
        }

    @property
    def order(self) -> list[str]:
        """The codes of all items in the order of the banks."""
        return list(self.home)


def done(form: Form, sections: Sections, catalogue: Catalogue) -> Done | None:
    """What the pressed button makes of `sections`; None when no button was pressed.

    Raises:
        UnknownItems: the button names what is not there.
    """
    for name, deed in _DEEDS.items():
        if name in form:
            return deed(form, sections, catalogue)
    return None


def _add(form: Form, sections: Sections, catalogue: Catalogue) -> Done:
    code = _known(form["add"], catalogue.home)
    home = section_of(catalogue.home[code])
    return Done(arrangement.added(sections, home, [code], catalogue.order), f"q-{code}")


def _add_all(form: Form, sections: Sections, catalogue: Catalogue) -> Done:
    dimension = catalogue.dimensions[_known(form["add_all"], catalogue.dimensions)]
    codes = [row.code for row in dimension.items]
    made = arrangement.added(sections, section_of(dimension), codes, catalogue.order)
    return Done(made, f"s-{dimension.code}")


def _remove(form: Form, sections: Sections, _catalogue: Catalogue) -> Done:
    code = _known(form["remove"], _items(sections))
    place = next(each["code"] for each in sections if code in each["items"])
    return Done(arrangement.without(sections, [code]), f"s-{place}")


def _remove_ticked(form: Form, sections: Sections, _catalogue: Catalogue) -> Done:
    return Done(arrangement.without(sections, form.getlist("ticked")), "questionnaire")


def _move_ticked(form: Form, sections: Sections, _catalogue: Catalogue) -> Done:
    target = _known(form.get("target", ""), [each["code"] for each in sections])
    return Done(arrangement.moved(sections, form.getlist("ticked"), target), f"s-{target}")


def _shift(name: str, step: int) -> Callable[[Form, Sections, Catalogue], Done]:
    def deed(form: Form, sections: Sections, _catalogue: Catalogue) -> Done:
        code = _known(form[name], _items(sections))
        return Done(arrangement.shifted(sections, code, step), f"q-{code}")

    return deed


def _shift_section(name: str, step: int) -> Callable[[Form, Sections, Catalogue], Done]:
    def deed(form: Form, sections: Sections, _catalogue: Catalogue) -> Done:
        code = _known(form[name], [each["code"] for each in sections])
        return Done(arrangement.section_shifted(sections, code, step), f"s-{code}")

    return deed


_DEEDS: Final[Mapping[str, Callable[[Form, Sections, Catalogue], Done]]] = {
    "add": _add,
    "add_all": _add_all,
    "remove": _remove,
    "up": _shift("up", -1),
    "down": _shift("down", 1),
    "section_up": _shift_section("section_up", -1),
    "section_down": _shift_section("section_down", 1),
    "move_ticked": _move_ticked,
    "remove_ticked": _remove_ticked,
}


def _items(sections: Sections) -> list[str]:
    return [code for each in sections for code in each["items"]]


def _known(code: str, codes: "list[str] | Mapping[str, BankSection]") -> str:
    if code not in codes:
        raise UnknownItems(codes=code)
    return code
