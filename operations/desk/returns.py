"""What became of the return of each area in each quarter, as far as packs were judged by now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

import polars as pl

import reference
from operations.home.clock import LONDON
from operations.home.settings import Settings
from operations.stores.databases import reading
from operations.stores.returns import SCHEMA
from schemas.quarter import Quarter

State = Literal["on time", "late", "waiting", "rejected", "missing", "awaited", "not open"]
REASONS_SHOWN = 3
AREA = "delivery_area_code"


@dataclass(frozen=True)
class AreaReturn:
    """The return of one area for one quarter: the accepted pack of the highest sequence, if any.

    `days_late` is that of its first pack that was not rejected, as in the warehouse: 0 for one that
    came in time, None where none came or the calendar has no due date. `rows_*` and `queries` are 0
    where none came. `reasons` say why it was rejected.
    """

    area_code: str
    area: str
    accountable_body: str
    quarter: Quarter
    state: State
    status: str = ""
    submission_id: str = ""
    packs: int = 0
    days_late: int | None = None
    rows_received: int = 0
    rows_accepted: int = 0
    rows_rejected: int = 0
    queries: int = 0
    reasons: tuple[str, ...] = ()

    @property
    def is_accepted(self) -> bool:
        """Whether it counts in the figures of its quarter."""
        return self.state in ("on time", "late")


@dataclass(frozen=True)
class Returns:
    """The returns of all areas in some quarters: one row per area, one column per quarter.

    `unknown` counts the packs of each quarter whose area is not in the list.
    """

    quarters: tuple[Quarter, ...]
    areas: tuple[tuple[AreaReturn, ...], ...]
    unknown: tuple[int, ...]

    def of(self, quarter: Quarter) -> tuple[AreaReturn, ...]:
        """Return the returns of one quarter, by the name of the area."""
        place = self.quarters.index(quarter)
        return tuple(row[place] for row in self.areas)

    def unknown_of(self, quarter: Quarter) -> int:
        """How many packs of a quarter name an area that is not on the list."""
        return self.unknown[self.quarters.index(quarter)]


def gather_returns(
    settings: Settings, packs: pl.DataFrame, shown: tuple[Quarter, ...], today: date
) -> Returns:
    """Gather what became of the returns of some quarters, earliest first.

    `packs` has one row per pack that was judged. Areas are those of the list at the end of the last
    quarter.
    """
    reasons = _reasons(settings, packs.filter(pl.col("status") == "rejected")["submission_id"])
    chosen = {(row[AREA], row["period_id"]): row for row in _chosen(packs).iter_rows(named=True)}
    came = dict(_came(packs))
    areas = reference.delivery_areas(shown[-1].end).sort("delivery_area_name").rows(named=True)
    opened = [areas_open_by_end(quarter) for quarter in shown]
    table = tuple(
        tuple(
            _of_area(
                area,
                quarter,
                chosen.get((area[AREA], quarter.id)),
                came.get((area[AREA], quarter.id)),
                reasons,
                is_open=area[AREA] in opened[place],
                today=today,
            )
            for place, quarter in enumerate(shown)
        )
        for area in areas
    )
    known = {area[AREA] for area in areas}
    return Returns(shown, table, tuple(_unknown(packs, known, quarter) for quarter in shown))


def due_day(quarter: Quarter) -> date | None:
    """Return the day the returns of a quarter are due; None when the calendar has none."""
    days = dict(reference.releases().select("quarter", "returns_due").rows())
    return date.fromisoformat(days[quarter.id]) if quarter.id in days else None


def _chosen(packs: pl.DataFrame) -> pl.DataFrame:
    """Keep of each area and quarter the pack that counts: accepted before waiting before rejected.

    Of several the newest.
    """
    status, newest = pl.col("status"), -pl.col("submission_sequence")
    order = [status == "rejected", status == "pending", newest, "submission_id"]
    return packs.sort(order).unique([AREA, "period_id"], keep="first", maintain_order=True)


def _came(packs: pl.DataFrame) -> Iterable[tuple[tuple[str, str], tuple[int, date]]]:
    """Give for each area and quarter how many packs came, and the day of the first.

    A refused pack is no return: it is the first only where nothing else came.
    """
    at, is_return = pl.col("received_at"), pl.col("status") != "rejected"
    first = pl.coalesce(at.filter(is_return).min(), at.min())
    counts = packs.group_by(AREA, "period_id").agg(pl.len(), first=first)
    for area, quarter, count, first in counts.rows():
        yield (area, quarter), (count, _day(first))


def _day(at: datetime) -> date:
    """Return the day in London; that in UTC at the ends of the calendar, where London has none."""
    try:
        return at.astimezone(LONDON).date()
    except OverflowError:
        return at.date()


def areas_open_by_end(quarter: Quarter) -> frozenset[str]:
    """Return the areas that were open to participants by the end of a quarter."""
    register = reference.rollout(quarter.end)
    opened = register.filter(pl.col("open_to_participants") <= quarter.end.isoformat())
    return frozenset(opened[AREA])


def _of_area(
    area: Mapping[str, Any],
    quarter: Quarter,
    pack: Mapping[str, Any] | None,
    came: tuple[int, date] | None,
    reasons: Mapping[str, tuple[str, ...]],
    *,
    is_open: bool,
    today: date,
) -> AreaReturn:
    named = (area[AREA], area["delivery_area_name"], area["accountable_body"], quarter)
    due = due_day(quarter)
    is_refused = pack is not None and pack["status"] == "rejected"
    # What is refused says nothing of an area that is not open: anybody can name it.
    if pack is None or came is None or (is_refused and not is_open):
        is_awaited = due is None or today <= due
        return AreaReturn(
            *named, "not open" if not is_open else "awaited" if is_awaited else "missing"
        )
    late = max((came[1] - due).days, 0) if due else None
    return AreaReturn(
        *named,
        state=_state(pack["status"], late),
        status=pack["status"],
        submission_id=pack["submission_id"],
        packs=came[0],
        days_late=late,
        **{name: pack[name] for name in COUNTS},
        reasons=reasons.get(pack["submission_id"], ()),
    )


def _state(status: str, late: int | None) -> State:
    """Say what became of a pack; one that waits for its quarter is neither in time nor late yet."""
    states: dict[str, State] = {"rejected": "rejected", "pending": "waiting"}
    return states.get(status, "late" if late else "on time")


COUNTS = ("rows_received", "rows_accepted", "rows_rejected", "queries")


def _reasons(settings: Settings, rejected: pl.Series) -> dict[str, tuple[str, ...]]:
    """Return the first reasons for which each of these packs was refused, as its report has them.

    They are the messages of the rules, which hold no identifier.
    """
    if rejected.is_empty():
        return {}
    with reading(settings.confidential) as database:
        findings = database.get(SCHEMA, "findings", ["submission_id", "severity", "message"])
    found = findings.filter(
        (pl.col("severity") == "reject_file") & pl.col("submission_id").is_in(rejected.implode())
    ).unique(maintain_order=True)
    by_pack = found.group_by("submission_id", maintain_order=True).agg("message")
    return {pack: tuple(texts[:REASONS_SHOWN]) for pack, texts in by_pack.rows()}


def _unknown(packs: pl.DataFrame, known: set[str], quarter: Quarter) -> int:
    of_quarter = packs.filter(pl.col("period_id") == quarter.id)
    return sum(area not in known for area in of_quarter[AREA])
