"""The financial quarter, the only reference period of these statistics. No clock lives here."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from schemas.errors import PeriodError

_ID = re.compile(r"(\d{4})-(\d{2})\s?Q([1-4])")


@dataclass(frozen=True, order=True)
class Quarter:
    """One financial quarter: `year` is the calendar year in which the financial year starts.

    Q1 runs from April to June. The id is written `2026-27Q2`, the label `2026-27 Q2`.
    """

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (2000 <= self.year <= 2098 and 1 <= self.number <= 4):
            raise PeriodError(f"There is no financial quarter {self.number} of year {self.year}.")

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """Read `2026-27Q2` or `2026-27 Q2`; raises `PeriodError` for anything else."""
        match = _ID.fullmatch(text.strip())
        if match is None or (int(match[1]) + 1) % 100 != int(match[2]):
            raise PeriodError(
                f"{text!r} is not a financial quarter. Write it as 2026-27Q2 "
                "(Q1 is April to June, the second year is the first plus one)."
            )
        return cls(int(match[1]), int(match[3]))

    @classmethod
    def containing(cls, day: date) -> Quarter:
        """Return the quarter that `day` falls in."""
        year = day.year if day.month >= 4 else day.year - 1
        return cls(year, ((day.month - 4) % 12) // 3 + 1)

    @property
    def financial_year(self) -> str:
        """The financial year, written `2026-27`."""
        return f"{self.year}-{(self.year + 1) % 100:02d}"

    @property
    def id(self) -> str:
        """The id used in files and keys: `2026-27Q2`."""
        return f"{self.financial_year}Q{self.number}"

    @property
    def label(self) -> str:
        """What a reader sees: `2026-27 Q2`."""
        return f"{self.financial_year} Q{self.number}"

    @property
    def start(self) -> date:
        """The first day of the quarter."""
        month = 3 * self.number + 1
        return date(self.year, month, 1) if month < 13 else date(self.year + 1, 1, 1)

    @property
    def end(self) -> date:
        """The last day of the quarter, which is the reference date of stocks."""
        year, month = self.year + self.number // 4, (3 * self.number + 2) % 12 + 1
        return date(year, month, monthrange(year, month)[1])

    @property
    def next(self) -> Quarter:
        """The quarter after this one."""
        return Quarter(self.year, self.number + 1) if self.number < 4 else Quarter(self.year + 1, 1)

    @property
    def previous(self) -> Quarter:
        """The quarter before this one."""
        return Quarter(self.year, self.number - 1) if self.number > 1 else Quarter(self.year - 1, 4)

    def __str__(self) -> str:
        return self.label


PROGRAMME_START = Quarter(2025, 1)


def not_yet_made(quarter: Quarter, day: date) -> str:
    """Say why nothing can be made of a quarter on a day; "" for one of the programme that is over.

    A quarter is over on the day after its last.
    """
    if quarter < PROGRAMME_START:
        return f"{quarter.label} lies before the programme, which began in {PROGRAMME_START.label}."
    if quarter.end >= day:
        return (
            f"{quarter.label} ends on {quarter.end:%-d %B %Y}, so its returns do not exist yet. "
            "Build a quarter that is over."
        )
    return ""


def quarters(first: Quarter, last: Quarter) -> tuple[Quarter, ...]:
    """List the quarters from `first` to `last`, both included; empty when `last` is earlier."""
    listed: list[Quarter] = []
    quarter = first
    while quarter <= last:
        listed.append(quarter)
        quarter = quarter.next
    return tuple(listed)
