"""What an expectation is: a plain sentence, and what Great Expectations calls it. No data here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from schemas.declared import declared
from schemas.errors import DeclarationError

Severity = Literal["warn", "block"]
Mark = Literal["V", "I"]


@declared
@dataclass(frozen=True)
class Expectation:
    """What is plausible of the rows of a frame of aggregates.

    `description` is printed on the quality page. `severity` warns, or blocks the quarter. The
    limits are this project's own unless `mark` is V (verified with DWP). With `leaves_out_few`, the
    frame has no figure where too few people or settings stand behind it; how many rows those are
    would reveal small counts, and is not published. `step` is that of the value that is shown, in
    per cent: coarse enough that nobody counts people or areas back from it. An outcome that tells
    of figures which may be withheld exactly, settings and money, or of a change that few people can
    stand behind, is not public: with the other figures it bounds them.
    """

    id: str
    description: str
    expects: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    severity: Severity = "warn"
    mark: Mark = "I"
    leaves_out_few: bool = False
    is_public: bool = True
    step: float = 1.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "arguments", MappingProxyType(dict(self.arguments)))

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that a row must have figures in to be judged."""
        given = self.arguments.items()
        return tuple(str(value) for name, value in given if name.startswith("column"))


@declared
@dataclass(frozen=True)
class Suite:
    """Expectations of one frame: `frame` names the file in `pipelines/quality` that makes it.

    Of a suite that `is_programme` the frame has one row, in per cent: the value of a check is its
    own. Otherwise it has one row per area, and the value is the share of areas within the limits.
    """

    name: str
    title: str
    frame: str
    expectations: tuple[Expectation, ...]
    is_programme: bool = False

    def __post_init__(self) -> None:
        ids = [expectation.id for expectation in self.expectations]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise DeclarationError(f"The suite {self.name} declares {twice} twice.")

    @property
    def columns(self) -> frozenset[str]:
        """The columns that the frame needs."""
        return frozenset(name for expectation in self.expectations for name in expectation.columns)


def between(  # noqa: PLR0913 - what a limit consists of
    column: str,
    low: float | None,
    high: float | None,
    description: str,
    *,
    mostly: float = 1.0,
    severity: Severity = "warn",
    mark: Mark = "I",
    leaves_out_few: bool = False,
    is_public: bool = True,
    step: float = 1.0,
) -> Expectation:
    """Expect the values of a column within limits, both included; rows without one are left out.

    `mostly` is the share of rows that must keep the limits.
    """
    arguments = {"column": column, "min_value": low, "max_value": high, "mostly": mostly}
    kind = "expect_column_values_to_be_between"
    return Expectation(
        column, description, kind, arguments, severity, mark, leaves_out_few, is_public, step
    )


def not_less(
    larger: str, smaller: str, description: str, *, severity: Severity = "warn", mark: Mark = "I"
) -> Expectation:
    """Expect one column of a row to be no less than another; rows without both are left out."""
    arguments = {
        "column_A": larger,
        "column_B": smaller,
        "or_equal": True,
        "ignore_row_if": "either_value_is_missing",
    }
    kind = "expect_column_pair_values_a_to_be_greater_than_b"
    return Expectation(f"{larger}_{smaller}", description, kind, arguments, severity, mark)
