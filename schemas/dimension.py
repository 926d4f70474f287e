"""Dimensions that cells are broken down by: code lists with a root, so zeros come from codes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import polars as pl

import reference
from schemas.errors import DeclarationError
from schemas.quarter import PROGRAMME_START, Quarter, quarters

TOTAL = "total"
LEVELS = {
    "geography": ("country_group", "nation", "region", "delivery_area"),
    "quarters": (TOTAL, "financial_year", "quarter"),
    "codes": (TOTAL, "group", "code"),
}


@dataclass(frozen=True)
class Codes:
    """The codes of a dimension in published order: one row per code: code, label, parent, level.

    Exactly one code, the root, has no parent; every other has one that stands before it or after.
    """

    frame: pl.DataFrame

    def __post_init__(self) -> None:
        if self.frame["parent"].null_count() != 1 or self.frame["code"].is_duplicated().any():
            raise DeclarationError("A dimension has one root and no code twice.")

    @property
    def root(self) -> str:
        """The code of the total."""
        return str(self.frame.filter(pl.col("parent").is_null())["code"].item())

    @property
    def parents(self) -> dict[str, str]:
        """The parent of every code but the root."""
        return dict(self.frame.drop_nulls("parent").select("code", "parent").rows())

    @property
    def labels(self) -> dict[str, str]:
        """The label of every code."""
        return dict(self.frame.select("code", "label").rows())

    @property
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

    @property
    def list_name(self) -> str:
        """The name of the code list."""
        return self.code_list or self.name

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels that its codes can have."""
        return LEVELS[self.source]

    @property
    def root(self) -> str:
        """The code of the total."""
        return reference.ENGLAND_AND_WALES if self.source == "geography" else TOTAL

    def codes(self, upto: Quarter) -> Codes:
        """Return the codes as they stand for a release of quarter `upto`."""
        if self.source == "geography":
            return Codes(reference.geography(upto.end))
        listed = _quarters(upto) if self.source == "quarters" else self._listed(upto)
        rows = [(TOTAL, self.total, None, "total"), *listed]
        return Codes(pl.DataFrame(rows, schema=["code", "label", "parent", "level"], orient="row"))

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


@dataclass(frozen=True)
class Breakdown:
    """One dimension of a published table, down to a level (all levels when `levels` is empty)."""

    dimension: Dimension
    levels: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        unknown = [level for level in self.levels if level not in self.dimension.levels]
        if unknown:
            raise DeclarationError(
                f"The dimension {self.name} has no level {', '.join(map(repr, unknown))}; it has "
                f"{', '.join(self.dimension.levels)}."
            )

    @property
    def name(self) -> str:
        """The name of the dimension."""
        return self.dimension.name


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
