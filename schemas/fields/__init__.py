"""Kinds of field: what a value may look like, how text becomes a value. No field is named here."""

from schemas.fields.coded import Code, CodeSet, codes
from schemas.fields.entry import Entry
from schemas.fields.field import Condition, Field
from schemas.fields.kind import Kind
from schemas.fields.numbers import Decimal, Flag, Integer
from schemas.fields.personal import NationalInsuranceNumber, PostcodeDistrict
from schemas.fields.texts import Email, FreeText, Text
from schemas.fields.times import Date, DateTime, YearMonth
from schemas.fields.writing import Writing

__all__ = [
    "Code",
    "CodeSet",
    "Condition",
    "Date",
    "DateTime",
    "Decimal",
    "Email",
    "Entry",
    "Field",
    "Flag",
    "FreeText",
    "Integer",
    "Kind",
    "NationalInsuranceNumber",
    "PostcodeDistrict",
    "Text",
    "Writing",
    "YearMonth",
    "codes",
]
