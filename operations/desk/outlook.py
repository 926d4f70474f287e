"""What the desk is told from outside a home: the time, the calendar, and the runs of the system."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from schemas.quarter import Quarter

Outcome = Literal["passed", "warned", "stopped"]
Form = Literal[
    "build", "sign-off", "publish", "explain", "treat", "waive", "correct", "known-wrong"
]
FormPage = Callable[[Form, Quarter, Mapping[str, Any]], str]
"""Gives the address of a form of Dagster for a quarter, with the given fields filled in."""
State = Literal["waiting", "running", "succeeded", "failed", "stopped"]


@dataclass(frozen=True)
class CheckOutcome:
    """How one check of a run came out: its name, its asset, what it asks for, what it found."""

    check: str
    asset: str
    asks: str
    outcome: Outcome
    found: str


@dataclass(frozen=True)
class BuildRun:
    """One run of the quarterly build. `fault` says why it failed; "" when it did not.

    `began_at` and `ended_at` are None until it has begun or ended.
    """

    run_id: str
    quarter: Quarter
    state: State
    began_at: datetime | None = None
    ended_at: datetime | None = None
    fault: str = ""
    verdicts: tuple[CheckOutcome, ...] = ()

    @property
    def name(self) -> str:
        """The first part of its number, as people write it."""
        return self.run_id[:8]

    def count(self, outcome: Outcome) -> int:
        """How many checks came out so."""
        return sum(verdict.outcome == outcome for verdict in self.verdicts)


class Runs(Protocol):
    """The runs of the quarterly build that are on record."""

    def latest(self, quarter: Quarter | None = None) -> BuildRun | None:
        """Return the run that was launched last, of a quarter or of any; None for none."""

    def run(self, run_id: str) -> BuildRun | None:
        """Return the run with this number; None when it is on record no more."""

    def quarters(self) -> frozenset[Quarter]:
        """Return the quarters that a run was launched for."""


@dataclass(frozen=True)
class Deadline:
    """A moment at which the calendar asks for something of a quarter."""

    quarter: Quarter
    what: Literal["reminder", "chase", "due", "lock", "release"]
    at: datetime


@dataclass(frozen=True)
class Outlook:
    """What the desk knows beside a home.

    `at` is the time that counts; `deadlines` are those to come, the next first; `scheduled` are
    the signed versions that go out by themselves. `form_page` leads to the forms in which people
    decide; None where nobody does.
    """

    at: datetime
    runs: Runs
    deadlines: tuple[Deadline, ...] = ()
    scheduled: frozenset[tuple[Quarter, int]] = frozenset()
    form_page: FormPage | None = None
