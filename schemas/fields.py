"""Kinds of field: what a value may look like, how text becomes a value. No field is named here."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import ClassVar

import polars as pl

import reference

NINO_PATTERN = r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][0-9]{6}[A-D]"
# Rust's regular expressions have no look-ahead, so these are tested apart.
NEVER_ISSUED = ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ")


@cache
def codes(name: str) -> tuple[str, ...]:
    """Return the codes a return may hold from a code list or a register of places."""
    if name == "delivery_area":
        return tuple(reference.delivery_areas()["delivery_area_code"])
    if name == "local_authority":
        return tuple(reference.local_authorities()["la_code"])
    return reference.leaves(name)


@dataclass(frozen=True)
class Kind:
    """What the values of a field look like; `parse` turns text into a value, null when it cannot.

    `permits` says which values are right; a null is not its business.
    """

    dtype: ClassVar[pl.DataType] = pl.String()
    sql_type: ClassVar[str] = "VARCHAR"

    @property
    def expected(self) -> str:
        """What a sender is told to write."""
        return "text"

    @property
    def example(self) -> str:
        """One right value, for forms and dictionaries."""
        return "text"

    def parse(self, text: pl.Expr) -> pl.Expr:
        """Turn stripped text into the value, null when it has another form."""
        return text

    def permits(self, value: pl.Expr) -> pl.Expr:
        """Say whether a value of the right form is allowed; here every value is."""
        return value.is_null() | value.is_not_null()


@dataclass(frozen=True)
class Text(Kind):
    """Text of `min` to `max` characters, the whole of it matching `pattern` when one is given."""

    min: int = 1
    max: int = 100
    pattern: str | None = None
    sample: str | None = None

    @property
    def expected(self) -> str:
        """What a sender is told to write."""
        form = f", of the form {self.pattern}" if self.pattern else ""
        return f"{self.min} to {self.max} characters{form}"

    @property
    def example(self) -> str:
        """One right value, for forms and dictionaries."""
        return self.sample or "A" * max(self.min, 1)

    def permits(self, value: pl.Expr) -> pl.Expr:
        """Say whether a value of the right form is allowed."""
        right = value.str.len_chars().is_between(self.min, self.max)
        return right & value.str.contains(f"^(?:{self.pattern})$") if self.pattern else right


@dataclass(frozen=True)
class Code(Kind):
    """One code of the list `name` (a file of `reference/codes/`, or a register of places)."""

    name: str = ""

    @property
    def expected(self) -> str:
        """What a sender is told to write."""
        listed = codes(self.name)
        return "one of " + ", ".join(listed) if len(listed) <= 20 else f"a code of {self.name}"

    @property
    def example(self) -> str:
        """One right value, for forms and dictionaries."""
        return codes(self.name)[0]

    def permits(self, value: pl.Expr) -> pl.Expr:
        """Say whether a value of the right form is allowed."""
        return value.is_in(codes(self.name))


@dataclass(frozen=True)
class CodeSet(Code):
    """Several codes of the list `name`, apart by semicolons."""

    @property
    def expected(self) -> str:
        """What a sender is told to write."""
        return f"codes of {self.name}, apart by semicolons: {', '.join(codes(self.name))}"

    @property
    def example(self) -> str:
        """One right value, for forms and dictionaries."""
        return ";".join(codes(self.name)[:2])

    def parse(self, text: pl.Expr) -> pl.Expr:
        """Turn stripped text into the value, null when it has another form."""
        return text.str.replace_all(r"\s*;\s*", ";").str.strip_chars(";")

    def permits(self, value: pl.Expr) -> pl.Expr:
        """Say whether a value of the right form is allowed."""
        one = "(?:" + "|".join(codes(self.name)) + ")"
        return value.str.contains(f"^{one}(?:;{one})*$")


@dataclass(frozen=True)
class Date(Kind):
    """A day, written 2026-09-30."""

    dtype: ClassVar[pl.DataType] = pl.Date()
    sql_type: ClassVar[str] = "DATE"

    @property
    def expected(self) -> str:
        """What a sender is told to write."""
        return "a date that exists, written as 2026-09-30"

    @property
    def example(self) -> str:
        """One right value, for forms and dictionaries."""
        return "2026-09-30"

    def parse(self, text: pl.Expr) -> pl.Expr:
        """Turn stripped text into the value, null when it has another form."""
        written = pl.when(text.str.contains(r"^\d{4}-\d{2}-\d{2}$")).then(text)
        return written.otherwise(None).str.to_date("%Y-%m-%d", strict=False)

    def permits(self, value: pl.Expr) -> pl.Expr:
        """Say whether a value of the right form is allowed."""
        return value.dt.year().is_between(1900, 2099)


@dataclass(frozen=True)
class YearMonth(Date):
    """A month, written 1984-05; held as its first day."""

    @property
    def expected(self) -> str:
        """What a sender is told to write."""
        return "a year and month, written as 1984-05"

    @property
    def example(self) -> str:
        """One right value, for forms and dictionaries."""
        return "1984-05"

    def parse(self, text: pl.Expr) -> pl.Expr:
        """Turn stripped text into the value, null when it has another form."""
        written = pl.when(text.str.contains(r"^\d{4}-\d{2}$")).then(text + "-01")
        return written.otherwise(None).str.to_date("%Y-%m-%d", strict=False)


@dataclass(frozen=True)
class DateTime(Kind):
    """A moment with its offset from universal time, written as ISO 8601; held in UTC."""

    dtype: ClassVar[pl.DataType] = pl.Datetime("us", "UTC")
    sql_type: ClassVar[str] = "TIMESTAMP WITH TIME ZONE"

    @property
    def expected(self) -> str:
        """What a sender is told to write."""
        return "a date and time with its offset, written as 2026-10-20T14:05:00+01:00"

    @property
    def example(self) -> str:
        """One right value, for forms and dictionaries."""
        return "2026-10-20T14:05:00+01:00"

    def parse(self, text: pl.Expr) -> pl.Expr:
        """Turn stripped text into the value, null when it has another form."""
        offset = text.str.replace(r"Z$", "+00:00").str.replace(r"\.\d+", "")
        return offset.str.to_datetime("%Y-%m-%dT%H:%M:%S%z", time_unit="us", strict=False)


@dataclass(frozen=True)
class Integer(Kind):
    """A whole number from `min` to `max`, or one of the codes in `also`."""

    min: int = 0
    max: int = 1_000_000
    also: tuple[int, ...] = ()
    dtype: ClassVar[pl.DataType] = pl.Int64()
    sql_type: ClassVar[str] = "BIGINT"

    @property
    def expected(self) -> str:
        """What a sender is told to write."""
        also = f", or {' or '.join(map(str, self.also))}" if self.also else ""
        return f"a whole number from {self.min} to {self.max}{also}"

    @property
    def example(self) -> str:
        """One right value, for forms and dictionaries."""
        return str(self.min)

    def parse(self, text: pl.Expr) -> pl.Expr:
        """Turn stripped text into the value, null when it has another form."""
        written = pl.when(text.str.contains(r"^-?\d{1,15}$")).then(text)
        return written.otherwise(None).cast(pl.Int64, strict=False)

    def permits(self, value: pl.Expr) -> pl.Expr:
        """Say whether a value of the right form is allowed."""
        right = value.is_between(self.min, self.max)
        return right | value.is_in(self.also) if self.also else right


@dataclass(frozen=True)
class Decimal(Kind):
    """A number from `min` to `max` with at most `places` decimal places; held as a float."""

    min: float = 0
    max: float = 1e12
    places: int = 2
    dtype: ClassVar[pl.DataType] = pl.Float64()
    sql_type: ClassVar[str] = "DOUBLE"

    @property
    def expected(self) -> str:
        """What a sender is told to write."""
        return f"a number from {self.min:g} to {self.max:g}, at most {self.places} decimal places"

    @property
    def example(self) -> str:
        """One right value, for forms and dictionaries."""
        return f"{self.min:g}"

    def parse(self, text: pl.Expr) -> pl.Expr:
        """Turn stripped text into the value, null when it has another form."""
        form = rf"^-?\d{{1,13}}(?:\.\d{{1,{self.places}}})?$" if self.places else r"^-?\d{1,13}$"
        written = pl.when(text.str.contains(form)).then(text).otherwise(None)
        return written.cast(pl.Float64, strict=False)

    def permits(self, value: pl.Expr) -> pl.Expr:
        """Say whether a value of the right form is allowed."""
        return value.is_between(self.min, self.max)


@dataclass(frozen=True)
class NationalInsuranceNumber(Kind):
    """A National Insurance number of a prefix that is issued; spaces and lower case are taken."""

    @property
    def expected(self) -> str:
        """What a sender is told to write."""
        return "a National Insurance number: two letters, six digits, a letter from A to D"

    @property
    def example(self) -> str:
        """One right value, for forms and dictionaries."""
        return "AB001234C"

    def parse(self, text: pl.Expr) -> pl.Expr:
        """Turn stripped text into the value, null when it has another form."""
        return text.str.replace_all(r"\s", "").str.to_uppercase()

    def permits(self, value: pl.Expr) -> pl.Expr:
        """Say whether a value of the right form is allowed."""
        issued = value.str.head(2).is_in(NEVER_ISSUED).not_()
        return value.str.contains(f"^{NINO_PATTERN}$") & issued


@dataclass(frozen=True)
class PostcodeDistrict(Kind):
    """The first half of a postcode, such as SW1A; a full postcode is refused."""

    @property
    def expected(self) -> str:
        """What a sender is told to write."""
        return "the first half of the postcode only, such as SW1A"

    @property
    def example(self) -> str:
        """One right value, for forms and dictionaries."""
        return "SW1A"

    def parse(self, text: pl.Expr) -> pl.Expr:
        """Turn stripped text into the value, null when it has another form."""
        return text.str.to_uppercase()

    def permits(self, value: pl.Expr) -> pl.Expr:
        """Say whether a value of the right form is allowed."""
        return value.str.contains(r"^[A-Z]{1,2}[0-9][A-Z0-9]?$")


@dataclass(frozen=True)
class FreeText(Kind):
    """Free text of at most `max` characters. It is scanned for personal data and never kept."""

    max: int = 200

    @property
    def expected(self) -> str:
        """What a sender is told to write."""
        return f"at most {self.max} characters, with nothing that could identify a person"

    @property
    def example(self) -> str:
        """One right value, for forms and dictionaries."""
        return ""

    def permits(self, value: pl.Expr) -> pl.Expr:
        """Say whether a value of the right form is allowed."""
        return value.str.len_chars() <= self.max


@dataclass(frozen=True)
class Email(Kind):
    """The address of a role mailbox."""

    @property
    def expected(self) -> str:
        """What a sender is told to write."""
        return "the e-mail address of a role mailbox"

    @property
    def example(self) -> str:
        """One right value, for forms and dictionaries."""
        return "returns@council.example"

    def permits(self, value: pl.Expr) -> pl.Expr:
        """Say whether a value of the right form is allowed."""
        return value.str.contains(r"^[^@\s]+@[^@\s]+\.[^@\s]+$") & (value.str.len_chars() <= 254)


@dataclass(frozen=True)
class Flag(Kind):
    """True or false, as JSON writes them."""

    dtype: ClassVar[pl.DataType] = pl.Boolean()
    sql_type: ClassVar[str] = "BOOLEAN"

    @property
    def expected(self) -> str:
        """What a sender is told to write."""
        return "true or false"

    @property
    def example(self) -> str:
        """One right value, for forms and dictionaries."""
        return "false"

    def parse(self, text: pl.Expr) -> pl.Expr:
        """Turn stripped text into the value, null when it has another form."""
        return text.replace_strict({"true": True, "false": False}, default=None).cast(pl.Boolean)


@dataclass(frozen=True)
class Condition:
    """When a field has to be filled: `words` for the sender, `when` for the validator."""

    words: str
    when: pl.Expr = field(compare=False)


@dataclass(frozen=True)
class Field:
    """One field of the return. Adding one is this one line, and every product follows.

    `required` may be a condition. An `identifier` is read, checked and left behind in the returns
    room. `introduced` is the template version that brought the field.
    """

    name: str
    kind: Kind
    description: str
    required: bool | Condition = True
    introduced: str = "1.0.0"
    identifier: bool = False

    @property
    def stays(self) -> bool:
        """Whether the field stays behind: identifiers do, and whatever could hold one."""
        kinds = (FreeText, NationalInsuranceNumber, PostcodeDistrict, Email)
        return self.identifier or isinstance(self.kind, kinds)

    @property
    def needed(self) -> str:
        """When the field has to be filled, in words."""
        if isinstance(self.required, Condition):
            return self.required.words
        return "always" if self.required else "optional"
