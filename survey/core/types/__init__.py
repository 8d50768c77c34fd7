"""One class a field type: parse what is typed, check what is stored, show it, calculate with it."""

from collections.abc import Mapping
from typing import Final

from survey.core.instrument import Field, FieldKind
from survey.core.types.base import Choices, FieldType, Locale, Typed, Value
from survey.core.types.calculations import CalculationType
from survey.core.types.dates import DateType, YearType
from survey.core.types.numbers import NumberFormat
from survey.core.types.quantities import DecimalType, IntegerType, PercentType
from survey.core.types.selections import MaturityType, SelectMultipleType, SelectOneType
from survey.core.types.texts import LongTextType, ShortTextType, UrlType

__all__ = ["TYPES", "Choices", "FieldType", "Locale", "NumberFormat", "Typed", "Value", "of"]

TYPES: Final[Mapping[FieldKind, FieldType]] = {
    "yes_no": SelectOneType(),
    "progress": SelectOneType(),
    "select_one": SelectOneType(),
    "select_multiple": SelectMultipleType(),
    "maturity": MaturityType(),
    "integer": IntegerType(),
    "decimal": DecimalType(),
    "percent": PercentType(),
    "currency": DecimalType(),
    "year": YearType(),
    "date": DateType(),
    "short_text": ShortTextType(),
    "long_text": LongTextType(),
    "url": UrlType(),
    "calculation": CalculationType(),
}


def of(field: Field) -> FieldType:
    """The type of a field or column."""
    return TYPES[field.type]
