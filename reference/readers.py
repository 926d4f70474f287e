"""Readers of the reference files: text columns as they stand, by the day they are valid on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import polars as pl

HERE = Path(__file__).parent
ENGLAND_AND_WALES = "K04000001"
DESCRIBES = ("person", "place", "thing")
NATIONS = {"England": "E92000001", "Wales": "W92000004"}


class ReferenceError(Exception):
    """A reference file or code list that does not exist or has no source line."""


@dataclass(frozen=True)
class CodeList:
    """What a code list describes: a `person`, a `place`, a `thing`, or `unknown`.

    `is_special`: the code of a person reveals health, ethnic origin or offences.
    """

    name: str
    describes: str
    is_special: bool


@cache
def table(path: str) -> pl.DataFrame:
    """Read `path` below `reference/`: one row per fact, every column text, null where blank."""
    file = HERE / path
    if not file.is_file():
        raise ReferenceError(
            f"There is no reference file {path}. The files are: "
            + ", ".join(sorted(str(p.relative_to(HERE)) for p in HERE.rglob("*.csv")))
        )
    source(path)
    return pl.read_csv(file, skip_lines=1, infer_schema=False)


@cache
def source(path: str) -> str:
    """Return the source line of a reference file; raises when it has none."""
    with (HERE / path).open(encoding="utf-8") as lines:
        first = lines.readline()
    if not first.startswith("# Source: "):
        raise ReferenceError(f"reference/{path}: the first line must read '# Source: ...'.")
    return first.removeprefix("# Source: ").strip()


def valid(facts: pl.DataFrame, on: date | None) -> pl.DataFrame:
    """Keep the rows of `facts` that are valid on a day (both ends included); all when None.

    One row per fact of `facts` that is kept.
    """
    if on is None:
        return facts
    day = pl.lit(on.isoformat())
    return facts.filter(
        (pl.col("valid_from").is_null() | (pl.col("valid_from") <= day))
        & (pl.col("valid_to").is_null() | (pl.col("valid_to") >= day))
    )


def code_list(name: str, on: date | None = None) -> pl.DataFrame:
    """Return a code list in published order: code, label, parent (null at the top).

    One row per code, or per code and validity when `on` is None.
    """
    return valid(table(f"codes/{name}.csv"), on).select("code", "label", "parent")


def code_lists() -> tuple[str, ...]:
    """Return the names of the code lists, in alphabetical order."""
    return tuple(sorted(file.stem for file in (HERE / "codes").glob("*.csv")))


def about_code_list(name: str) -> CodeList:
    """Say what a code list describes. An undescribed list gets the strictest description.

    It counts as a characteristic of a person, as a place below region and as special.
    Raises `ReferenceError` when `code_lists.csv` says something else of a list than it can.
    """
    return _described().get(name, CodeList(name, "unknown", is_special=True))


def _described() -> dict[str, CodeList]:
    """Read what every code list describes: a misspelt word would leave people unprotected."""
    found: dict[str, CodeList] = {}
    for name, describes, special in (
        table("code_lists.csv").select("code_list", "describes", "is_special").rows()
    ):
        if describes not in DESCRIBES or special not in ("yes", "no") or name in found:
            raise ReferenceError(
                f"reference/code_lists.csv: {name} describes {describes!r} and is special: "
                f"{special!r}. Give each list one line, with one of {', '.join(DESCRIBES)}, and "
                "yes or no."
            )
        found[name] = CodeList(name, describes, is_special=special == "yes")
    return found


@cache
def fine_places() -> frozenset[str]:
    """Return the codes of all places below region, of any year: delivery areas, authorities."""
    files = {
        "geography/delivery_areas.csv": ("delivery_area_code",),
        "geography/local_authorities.csv": (
            "la_code",
            "upper_tier_code",
            "combined_authority_code",
        ),
        "geography/la_code_changes.csv": ("old_code", "new_code"),
    }
    listed = (table(file)[name] for file, names in files.items() for name in names)
    return frozenset(code for column in listed for code in column.drop_nulls())


@cache
def place_names() -> frozenset[str]:
    """Return the names of all places of any year, in English and Welsh: nations to authorities."""
    files = {
        "geography/regions.csv": ("region_name",),
        "geography/delivery_areas.csv": ("delivery_area_name",),
        "geography/local_authorities.csv": (
            *("la_name", "la_name_cy"),
            *("upper_tier_name", "combined_authority_name"),
        ),
        "geography/la_code_changes.csv": ("old_name", "new_name"),
    }
    listed = (table(file)[name] for file, names in files.items() for name in names)
    return frozenset(name for column in listed for name in column.drop_nulls()).union(NATIONS)


def leaves(name: str, on: date | None = None) -> tuple[str, ...]:
    """Return the codes that a return may hold: those that group no others."""
    codes = code_list(name, on)
    groups = set(codes["parent"].drop_nulls())
    return tuple(code for code in codes["code"] if code not in groups)


def delivery_areas(on: date | None = None) -> pl.DataFrame:
    """One row per delivery area: code, name, nation, best-fit region, body, announcements."""
    return valid(table("geography/delivery_areas.csv"), on)


def local_authorities(on: date | None = None) -> pl.DataFrame:
    """One row per lower-tier or unitary authority, with its region and delivery area."""
    return valid(table("geography/local_authorities.csv"), on)


def retired_authorities() -> pl.DataFrame:
    """One row per retired authority code and successor, with the date of the change."""
    return table("geography/la_code_changes.csv")


def rollout(on: date | None = None) -> pl.DataFrame:
    """One row per delivery area: when funding was announced, when it opened, who is planned."""
    return valid(table("programme/rollout.csv"), on)


def profiles() -> pl.DataFrame:
    """One row per delivery area, quarter and span of validity: the starts that it planned then."""
    return table("programme/profiles.csv")


def threshold(name: str, on: date | None = None) -> Decimal:
    """Return the least amount from which something counts, on a day; raises `ReferenceError`."""
    return _one_value("programme/thresholds.csv", "threshold", name, on)


def bound(name: str, on: date | None = None) -> Decimal:
    """Return the bound beyond which a figure is asked about, on a day; raises `ReferenceError`."""
    return _one_value("programme/plausibility.csv", "bound", name, on)


def _one_value(path: str, column: str, name: str, on: date | None) -> Decimal:
    listed = table(path)
    found = valid(listed, on).filter(pl.col(column) == name)["value"]
    if len(found) != 1:
        raise ReferenceError(
            f"reference/{path} has {len(found)} values of {name!r} on {on}; it "
            f"needs one. It has {', '.join(listed[column])}."
        )
    return Decimal(found.item())


def releases() -> pl.DataFrame:
    """One row per quarter: when returns are due and locked, and when the release comes out."""
    return table("calendar/releases.csv")


def given_names(kind: str) -> tuple[str, ...]:
    """Return common given names in alphabetical order, of one kind.

    A `name` is nothing else; `capital` is a word too, but not with a capital; `word` is one in any
    letters, at the start of a sentence for one; `place` is also a place or a month.
    """
    listed = table("names/given_names.csv")
    return tuple(listed.filter(pl.col("kind") == kind)["name"])


def surnames() -> tuple[str, ...]:
    """Return common surnames that are no ordinary words, in alphabetical order."""
    return tuple(table("names/surnames.csv")["name"])


def named_after_people() -> tuple[str, ...]:
    """Return firms, charities, schemes and things that bear the name of a person."""
    return tuple(table("names/named_after_people.csv")["name"])


def bank_holidays() -> frozenset[date]:
    """Return the bank holidays of England and Wales."""
    return frozenset(map(date.fromisoformat, table("calendar/bank_holidays.csv")["date"]))


def geography(on: date | None = None) -> pl.DataFrame:
    """One row per place, England and Wales first: code, label, parent, level.

    Levels are `country_group`, `nation`, `region` and `delivery_area`. Wales is a nation and no
    region, so a Welsh delivery area has the nation for parent. A delivery area that lies in two
    regions has the one where most of its residents live (`region_basis` says so).
    """
    top = [(ENGLAND_AND_WALES, "England and Wales", None, "country_group")]
    nations = [(code, name, ENGLAND_AND_WALES, "nation") for name, code in NATIONS.items()]
    regions = [
        (code, name, NATIONS["England"], "region")
        for code, name in valid(table("geography/regions.csv"), on)
        .select("region_code", "region_name")
        .rows()
        if code != NATIONS["Wales"]
    ]
    areas = [
        (code, name, region, "delivery_area")
        for code, name, region in delivery_areas(on)
        .select("delivery_area_code", "delivery_area_name", "region_code")
        .rows()
    ]
    return pl.DataFrame(
        top + nations + regions + areas, schema=["code", "label", "parent", "level"], orient="row"
    )
