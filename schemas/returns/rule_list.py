"""The rule catalogue: every rule a pack is judged by, those of the fields' kinds included."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import polars as pl

from schemas.fields import Condition, Field, FreeText, Text
from schemas.person_codes import (
    looks_like_name,
    looks_like_nhs_number,
    looks_like_nino,
    looks_like_telephone,
)
from schemas.personal import looks_personal
from schemas.returns.declaration import Pack, Return, Rule, Severity
from schemas.returns.pack import PACK

CATALOGUE_VERSION = "1.9.0"
_COLUMNS: dict[str, type[pl.DataType]] = {
    "rule_id": pl.String,
    "file": pl.String,
    "field": pl.String,
    "category": pl.Int64,
    "severity": pl.String,
    "is_blocking": pl.Boolean,
    "is_waivable": pl.Boolean,
    "message": pl.String,
    "fix": pl.String,
    "source": pl.String,
}


def is_valid(declared: Field) -> Rule:
    """Return the rule that a field's values are of its kind; null values keep it."""
    # A wrong value of an optional identifier is left out; the row is kept.
    harmless = isinstance(declared.kind, FreeText) or (
        declared.stays and declared.required is False
    )
    return Rule(
        f"{declared.name}.is_valid",
        2,
        Severity.QUERY if harmless else Severity.REJECT_ROW,
        declared.name,
        f"Something else stands in {declared.name} than {declared.kind.expected}.",
        f"Correct {declared.name}; the data dictionary says what it may hold.",
        declared.kind.permits(pl.col(declared.name)),
    )


def is_given(declared: Field) -> Rule:
    """Return the rule that a field is filled when required."""
    when = declared.required
    needed = when.when if isinstance(when, Condition) else pl.lit(value=True)
    words = f", and has to be filled {when.words}" if isinstance(when, Condition) else ""
    return Rule(
        f"{declared.name}.is_given",
        3 if isinstance(when, Condition) else 2,
        Severity.REJECT_ROW,
        declared.name,
        f"{declared.name} is blank{words}.",
        f"Write {declared.kind.expected}.",
        pl.col(declared.name).is_not_null() | ~needed,
    )


def has_no_personal_data(declared: Field) -> Rule:
    """Return the rule that free text, or a role, holds nothing that looks like personal data."""
    return Rule(
        f"{declared.name}.has_no_personal_data",
        2,
        Severity.QUERY,
        declared.name,
        f"{declared.name} holds something that looks like personal data. It was deleted here.",
        "Take personal data out of the text, tell your data protection officer, and send it again.",
        ~looks_personal(pl.col(declared.name)),
        is_waivable=False,
    )


Found = tuple[str, str, Callable[[pl.Expr], pl.Expr]]
"""The end of a rule's id, what of a person it looks for, and the test."""
NUMBERS: tuple[Found, ...] = (
    ("is_no_nino", "a National Insurance number", looks_like_nino),
    ("is_no_telephone", "a telephone number", looks_like_telephone),
)
# In prose a query asks about these: see `has_no_personal_data`.
IN_CODES: tuple[Found, ...] = (
    *NUMBERS,
    ("is_no_nhs_number", "an NHS number", looks_like_nhs_number),
    ("is_no_name", "the name of a person", looks_like_name),
)


def is_nobodys(declared: Field, sought: tuple[Found, ...]) -> tuple[Rule, ...]:
    """Return the rules that nothing of a person stands where a code or reference should."""
    return tuple(
        Rule(
            f"{declared.name}.{judged}",
            2,
            Severity.REJECT_ROW,
            declared.name,
            f"{declared.name} looks like {what}.",
            "Use the area's own reference or code, and send the pack again.",
            ~looks_like(pl.col(declared.name)),
        )
        for judged, what, looks_like in sought
    )


def field_rules(declared: Field) -> tuple[Rule, ...]:
    """List the rules that follow from the declaration of one field."""
    given = () if declared.required is False else (is_given(declared),)
    is_prose = isinstance(declared.kind, FreeText) or (
        isinstance(declared.kind, Text) and declared.kind.is_prose
    )
    scanned = (has_no_personal_data(declared),) if is_prose else ()
    is_code = isinstance(declared.kind, Text) and declared.kind.scanned
    masked = is_nobodys(declared, NUMBERS if is_prose else IN_CODES) if is_code else ()
    return (is_valid(declared), *given, *scanned, *masked)


@lru_cache(maxsize=64)
def rules(declared: Return) -> tuple[Rule, ...]:
    """List every rule of the rows of one return: its fields' rules, then its own."""
    of_fields = [rule for field in declared.fields for rule in field_rules(field)]
    return (*of_fields, *declared.rules)


def rule_id(file: str, rule: Rule) -> str:
    """Return the id of a rule in the catalogue: the return, then what must hold."""
    return f"{file}.{rule.id}"


@lru_cache(maxsize=8)
def catalogue(pack: Pack = PACK) -> pl.DataFrame:
    """One row per rule: its id, where it looks, what it costs, its words and its source."""
    listed = [("pack", rule) for rule in pack.rules]
    listed += [(declared.name, rule) for declared in pack.returns for rule in rules(declared)]
    rows = [
        (rule_id(name, r), name, r.field, r.category, r.severity.value, r.is_blocking)
        + (r.can_be_waived, r.message, r.fix, r.source)
        for name, r in listed
    ]
    return pl.DataFrame(rows, schema=_COLUMNS, orient="row")
