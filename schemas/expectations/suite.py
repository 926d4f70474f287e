"""What an expectation is: a plain sentence, and what Great Expectations calls it. No data here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from schemas.errors import DeclarationError

Severity = Literal["warn", "block"]
Mark = Literal["V", "I"]


@dataclass(frozen=True)
class Expectation:
    """What is plausible of the rows of a frame of aggregates.

    `says` is printed on the quality page. `severity` warns, or blocks the quarter. The limits are
    this project's own unless `mark` is V (verified with DWP).
    """

    id: str
    says: str
    expects: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    severity: Severity = "warn"
    mark: Mark = "I"

    def __post_init__(self) -> None:
        object.__setattr__(self, "arguments", MappingProxyType(dict(self.arguments)))


@dataclass(frozen=True)
class Suite:
    """Expectations of one frame: `frame` names the file in `pipelines/quality` that makes it."""

    name: str
    title: str
    frame: str
    expectations: tuple[Expectation, ...]

    def __post_init__(self) -> None:
        ids = [expectation.id for expectation in self.expectations]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise DeclarationError(f"The suite {self.name} declares {twice} twice.")

    @property
    def columns(self) -> frozenset[str]:
        """The columns that the frame needs."""
        return frozenset(
            str(value)
            for expectation in self.expectations
            for name, value in expectation.arguments.items()
            if name.startswith("column")
        )


def between(  # noqa: PLR0913 - what a limit consists of
    column: str,
    low: float | None,
    high: float | None,
    says: str,
    *,
    mostly: float = 1.0,
    severity: Severity = "warn",
    mark: Mark = "I",
) -> Expectation:
    """Expect the values of a column within limits, both included; rows without one are left out.

    `mostly` is the share of rows that must keep the limits.
    """
    arguments = {"column": column, "min_value": low, "max_value": high, "mostly": mostly}
    return Expectation(
        column, says, "expect_column_values_to_be_between", arguments, severity, mark
    )


def not_less(
    larger: str, smaller: str, says: str, *, severity: Severity = "warn", mark: Mark = "I"
) -> Expectation:
    """Expect one column of a row to be no less than another."""
    arguments = {"column_A": larger, "column_B": smaller, "or_equal": True}
    kind = "expect_column_pair_values_a_to_be_greater_than_b"
    return Expectation(f"{larger}_{smaller}", says, kind, arguments, severity, mark)
