"""Dimensions that cells are broken down by: code lists with a root, so zeros come from codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import polars as pl

import reference
from schemas.declared import declared, declaring_file
from schemas.errors import DeclarationError
from schemas.quarter import PROGRAMME_START, Quarter, quarters
from schemas.texts import check_name, check_title, check_tuple

TOTAL = "total"
LEVELS = {
    "geography": ("country_group", "nation", "region", "delivery_area"),
    "quarters": (TOTAL, "financial_year", "quarter"),
    "codes": (TOTAL, "group", "code"),
}
COLUMNS = {"geography": "dim_delivery_area.delivery_area", "quarters": "dim_period.quarter"}
"""What a column that holds the leaves of a dimension refers to."""


@dataclass(frozen=True)
class Codes:
    """The codes of a dimension in published order: one row per code: code, label, parent, level.

    Exactly one code, the root, has no parent; every other has one that stands before it or after,
    and leads to the root. `file` is where they stand, for the message that refuses others.
    """

    frame: pl.DataFrame
    file: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        twice = self.frame["code"].filter(self.frame["code"].is_duplicated())
        if len(twice):
            raise DeclarationError(f"The code {twice[0]} is listed twice.", self._place)
        roots = self.frame.filter(pl.col("parent").is_null())["code"].to_list()
        if len(roots) != 1:
            raise DeclarationError(
                f"The codes without a parent are {', '.join(roots) or 'none'}. A dimension has one "
                "root, of which all others are parts.",
                self._place,
            )
        parents = self.parents
        lost = parents.keys() - self._under_root(parents)
        if lost:
            first = next(code for code in parents if code in lost)
            raise DeclarationError(
                f"The code {first} has the parent {parents[first]}, which leads to no "
                "root: a parent is missing, or two codes are each other's parents.",
                self._place,
            )

    @property
    def _place(self) -> str:
        return self.file or declaring_file()

    def _under_root(self, parents: Mapping[str, str]) -> set[str]:
        """Return the root and all codes that lead to it; each code is looked at once."""
        children: dict[str, list[str]] = {}
        for code, parent in parents.items():
            children.setdefault(parent, []).append(code)
        waiting, found = [self.root], set[str]()
        while waiting:
            code = waiting.pop()
            found.add(code)
            waiting += children.get(code, ())
        return found

    @cached_property
    def root(self) -> str:
        """The code of the total."""
        return str(self.frame.filter(pl.col("parent").is_null())["code"].item())

    @cached_property
    def parents(self) -> Mapping[str, str]:
        """The parent of every code but the root."""
        return dict(self.frame.drop_nulls("parent").select("code", "parent").rows())

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """The label of every code."""
        return dict(self.frame.select("code", "label").rows())

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        """The codes that group no others: those that a row of a relation can hold."""
        groups = set(self.frame["parent"].drop_nulls())
        return tuple(code for code in self.frame["code"] if code not in groups)

    def ancestors(self, code: str) -> tuple[str, ...]:
        """Return the code and all that contain it, root last."""
        line = [code]
        parents = self.parents
        while line[-1] in parents:
            line.append(parents[line[-1]])
        return tuple(line)

    def at(self, levels: tuple[str, ...]) -> tuple[str, ...]:
        """Return the codes on these levels in published order; all of them when none is named."""
        if not levels:
            return tuple(self.frame["code"])
        return tuple(self.frame.filter(pl.col("level").is_in(levels))["code"])


@declared
@dataclass(frozen=True)
class Dimension:
    """What figures are broken down by. `name` is the column of the relation that holds the leaves.

    `source` says where the codes come from: a code list of `reference/codes`, the geography, or
    the quarters up to the reference quarter within their financial years. Whether it describes
    people follows from the code list, see `schemas.crossing`.
    """

    name: str
    title: str
    total: str
    source: Literal["codes", "geography", "quarters"] = "codes"
    code_list: str = ""

    def __post_init__(self) -> None:
        check_name("The name of a dimension", self.name)
        what = f"The dimension {self.name}"
        check_title(f"{what}: its title", self.title)
        check_title(f"{what}: its total", self.total)
        if self.source not in LEVELS:
            raise DeclarationError(
                f"{what} has the source {self.source!r}; the sources are {', '.join(LEVELS)}."
            )
        if self._is_coded:
            self._check_code_list()
        elif self.code_list:
            raise DeclarationError(
                f"{what} has the code list {self.code_list!r}, but its codes come from the "
                f"{self.source}. Leave the code list out."
            )

    def _check_code_list(self) -> None:
        known = reference.code_lists()
        if self.list_name not in known:
            raise DeclarationError(
                f"The dimension {self.name} has the code list {self.list_name}, but there is no "
                f"file reference/codes/{self.list_name}.csv. The code lists are "
                f"{', '.join(known)}."
            )

    @property
    def _is_coded(self) -> bool:
        return self.source == "codes"

    @property
    def refers_to(self) -> str:
        """What a column that holds its leaves refers to, as the warehouse declares columns."""
        return COLUMNS.get(self.source, f"codes.{self.list_name}")

    @property
    def list_name(self) -> str:
        """The name of the code list."""
        return self.code_list or self.name

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels that its codes can have."""
        return LEVELS[self.source]

    @property
    def levels_held(self) -> tuple[str, ...]:
        """The levels that codes of it have, in any year."""
        if not self._is_coded:
            return self.levels
        return self.levels if self._groups else (TOTAL, "code")

    @property
    def outside_groups(self) -> tuple[str, ...]:
        """The codes that stand beside groups, and are neither in one of them nor one."""
        if not self._is_coded or not self._groups:
            return ()
        above = reference.code_list(self.list_name).select("code", "parent").rows()
        beside = {parent for code, parent in above if code in self._groups}
        return tuple(c for c, parent in above if parent in beside and c not in self._groups)

    @property
    def _groups(self) -> frozenset[str]:
        """The codes of the list that group others, in any year."""
        return frozenset(reference.code_list(self.list_name)["parent"].drop_nulls())

    @property
    def root(self) -> str:
        """The code of the total."""
        return reference.ENGLAND_AND_WALES if self.source == "geography" else TOTAL

    def codes(self, upto: Quarter) -> Codes:
        """Return the codes as they stand for a release of quarter `upto`."""
        if self.source == "geography":
            return Codes(reference.geography(upto.end), "reference/geography/delivery_areas.csv")
        listed = _quarters(upto) if self.source == "quarters" else self._listed(upto)
        rows = [(TOTAL, self.total, None, "total"), *listed]
        frame = pl.DataFrame(rows, schema=["code", "label", "parent", "level"], orient="row")
        return Codes(frame, f"reference/codes/{self.list_name}.csv" if self._is_coded else "")

    def _listed(self, upto: Quarter) -> list[tuple[str, str, str, str]]:
        codes = reference.code_list(self.list_name, upto.end)
        groups = set(codes["parent"].drop_nulls())
        return [
            (code, label, parent or TOTAL, "group" if code in groups else "code")
            for code, label, parent in codes.rows()
        ]


def _quarters(upto: Quarter) -> list[tuple[str, str, str, str]]:
    listed = quarters(PROGRAMME_START, upto)
    years = dict.fromkeys(q.financial_year for q in listed)
    return [(year, year, TOTAL, "financial_year") for year in years] + [
        (q.id, q.label, q.financial_year, "quarter") for q in listed
    ]


@declared
@dataclass(frozen=True)
class Breakdown:
    """One dimension of a published table, down to a level (all levels when `levels` is empty)."""

    dimension: Dimension
    levels: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        if not isinstance(self.dimension, Dimension):
            raise DeclarationError(f"A breakdown is by {self.dimension!r}, which is no dimension.")
        check_tuple(f"The breakdown by {self.name}: levels", self.levels, str)
        unknown = [level for level in self.levels if level not in self.dimension.levels]
        if unknown:
            raise DeclarationError(
                f"The dimension {self.name} has no level {', '.join(map(repr, unknown))}; it has "
                f"{', '.join(self.dimension.levels)}."
            )
        if len(set(self.levels)) != len(self.levels):
            raise DeclarationError(f"The breakdown by {self.name} has a level twice.")
        self._check_codes()

    def _check_codes(self) -> None:
        held = self.dimension.levels_held
        empty = [level for level in self.levels if level not in held]
        if empty:
            raise DeclarationError(
                f"The breakdown by {self.name} shows the level {empty[0]!r}, but no code of its "
                f"list is on it. Its codes are on {', '.join(held)}."
            )
        beside = self.dimension.outside_groups
        if beside and ("group" in self.shown_levels) != ("code" in self.shown_levels):
            raise DeclarationError(
                f"The breakdown by {self.name} shows only some parts of a total: codes such as "
                f"{beside[0]} stand beside groups. Show the levels group and code together."
            )

    @property
    def name(self) -> str:
        """The name of the dimension."""
        return self.dimension.name

    @property
    def shown_levels(self) -> tuple[str, ...]:
        """The levels that are shown, whether they are named or not."""
        return self.levels or self.dimension.levels

    @property
    def shows_leaves(self) -> bool:
        """Whether the codes are shown that group no others: the last level."""
        return self.dimension.levels[-1] in self.shown_levels

    def codes(self, upto: Quarter) -> tuple[str, ...]:
        """Return the codes that are shown, in published order."""
        return self.dimension.codes(upto).at(self.levels)


GEOGRAPHY = Dimension("delivery_area", "Area", "England and Wales", source="geography")
QUARTER = Dimension("quarter", "Quarter", "Programme to date", source="quarters")


def coded(name: str, title: str, total: str, code_list: str = "") -> Breakdown:
    """Break down by what is held in a code list."""
    return Breakdown(Dimension(name, title, total, code_list=code_list))


NATION = Breakdown(GEOGRAPHY, ("country_group", "nation"))
REGION = Breakdown(GEOGRAPHY, ("country_group", "nation", "region"))
DELIVERY_AREA = Breakdown(GEOGRAPHY)
BY_QUARTER = Breakdown(QUARTER, ("total", "quarter"))
BY_FINANCIAL_YEAR = Breakdown(QUARTER, ("total", "financial_year"))
REFERRAL_ROUTE = coded("referral_route", "Referral route", "All referral routes")
MODEL = coded("model", "Support model", "All models")
JOURNEY_TYPE = coded("journey_type", "Journey type", "All journey types")
SEX = coded("sex", "Sex", "All")
AGE_BAND = coded("age_band", "Age at start", "All ages")
CONDITION = coded("condition_primary", "Primary condition", "All conditions", "condition")
DISABILITY = coded("disability_ea2010", "Disability status", "All", "disability")
SETTING_TYPE = coded("setting_type", "Type of health setting", "All health settings")
