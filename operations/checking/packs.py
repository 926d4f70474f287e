"""Judge one pack as a build judges it, with what the area has: its earlier packs, no other area's.

Nothing is kept: the key of the pseudonyms is thrown away, and there is no store.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

from operations.errors import CheckingError
from operations.landing.arrival import arrived
from pipelines.returns import (
    Judged,
    LandedPack,
    PackName,
    Receipt,
    Report,
    process_packs,
    quarter_in_manifest,
    receive,
    report,
)
from pipelines.returns.judging.history import ReturnRows
from pipelines.returns.judging.identity import ELSEWHERE
from schemas.errors import PeriodError
from schemas.quarter import PROGRAMME_START, Quarter
from schemas.returns import PACK, judged_columns, polars_schema
from schemas.returns.context import history_columns

ACCEPTED, REFUSED, ASKED = 0, 1, 2
NO_QUARTER = (
    "Neither the name nor the manifest of the pack gives its quarter, so no dates are known."
)
_END_OF_TIME = datetime(2099, 12, 31, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_AT_OUR_END = (
    "What shows on arrival only: whether the pack comes whole and in time, whether its quarter is "
    "the one that is collected, and whether it can be opened within the limits of our machine.",
    "Whether a pack that was not given here was accepted before: the same files again, or a "
    "submission_sequence that does not rise.",
)
# Rules on the pack that need the returns before.
_PACK_RULES_OF_HISTORY = (
    "pack.pack_is_new",
    "pack.sequence_rises",
    "pack.sequence_is_near",
    "pack.most_participants_stay",
    "pack.participants_stay",
    "pack.figures_stay",
    "pack.counts_to_date_do_not_fall",
)


@dataclass(frozen=True)
class CheckedPack:
    """A pack that was judged beside the earlier ones of its area, and the number of its receipt."""

    judged: Judged
    submission_id: str
    not_run: tuple[str, ...]
    names_a_quarter: bool = True

    @property
    def report(self) -> Report:
        """The report that would go back to the area, and what could not be checked here."""
        made = report(self.judged, self.submission_id, self.not_run, would=True)
        return made if self.names_a_quarter else replace(made, deadline=NO_QUARTER)

    @property
    def status(self) -> int:
        """0 when the pack would be accepted, 1 when refused, 2 with questions or rows left out."""
        found = {"accepted": ACCEPTED, "rejected": REFUSED}
        return found.get(str(self.report.submission["status"]), ASKED)


def check_pack(path: Path, earlier: Sequence[Path] = ()) -> CheckedPack:
    """Judge a pack by the rules of the build, after the `earlier` packs of its area.

    Raises `CheckingError` when a path leads to nothing, or an earlier pack is of a later quarter.
    """
    key = os.urandom(32)
    own = _received(path, "The pack")
    before = [_received(one, f"Earlier pack {at}") for at, one in enumerate(earlier, start=1)]
    _check_earlier(own, before)
    before.sort(key=_place)
    quarter = _quarter(own)
    if any(_quarter(one) > quarter for one in before):
        raise CheckingError(
            f"An earlier pack is of a quarter after {quarter.id}, the quarter of the pack that is "
            "checked. Give --earlier with packs of the same quarter or of quarters before it."
        )
    packs = _in_order([*before, own])
    judged = _empty()
    for one in sorted({_quarter(pack) for pack in packs}):
        judged = _with(judged, [pack for pack in packs if _quarter(pack) == one], one, key)
    not_run = (*_waits(own, quarter), *_not_run(judged, packs))
    return CheckedPack(judged, packs[-1].number, not_run, own.quarter is not None)


def _waits(own: LandedPack, quarter: Quarter) -> Iterator[str]:
    """Say that a pack for a quarter that is not over would wait."""
    if own.received_at.date() <= quarter.end:
        yield (
            f"By the times of its files the pack was made before {quarter.label} was over. One "
            "that comes before then waits, and is judged with its quarter."
        )


def _check_earlier(own: LandedPack, before: Sequence[LandedPack]) -> None:
    """Raise `CheckingError` for an earlier pack that is the pack itself, twice, or of another."""
    given = {own.sha256: "the pack that is checked"}
    name = PackName.parse(own.name)
    for at, one in enumerate(before, start=1):
        if one.sha256 in given:
            raise CheckingError(
                f"Earlier pack {at} is {given[one.sha256]}. Give each pack that was sent before "
                "once, and without the one that is checked."
            )
        given[one.sha256] = f"earlier pack {at} again"
        area = PackName.parse(one.name)
        if name and area and area.delivery_area_code != name.delivery_area_code:
            raise CheckingError(
                f"Earlier pack {at} is of another delivery area by its name: "
                f"{area.delivery_area_code}, and the pack that is checked is of "
                f"{name.delivery_area_code}. Give earlier packs of the same area."
            )


def _received(path: Path, words: str) -> LandedPack:
    """Receive a pack where it lies; its time is that of its latest file, as in landing."""
    if not os.path.lexists(path):
        raise CheckingError(
            f"{words} is not there: the path that was given leads to no file or folder. Give the "
            "folder of the pack, its zip file or its workbook."
        )
    receipt = receive(path)
    landed = receipt.landed(path, arrived(path, {}, _END_OF_TIME))
    return replace(landed, quarter=_named(receipt))


def _named(receipt: Receipt) -> Quarter | None:
    """Return the quarter in the name of a pack or else in its manifest."""
    period = receipt.name.period_id if receipt.name else quarter_in_manifest(receipt.contents)
    try:
        return Quarter.parse(period or "")
    except PeriodError:
        return None


def _quarter(pack: LandedPack) -> Quarter:
    """Return the quarter to judge a pack for; one that names none is refused in any."""
    return pack.quarter or PROGRAMME_START


def _place(pack: LandedPack) -> tuple[Quarter, int, str]:
    """Return where a pack stands among the earlier ones: by quarter and sequence."""
    name = PackName.parse(pack.name)
    return _quarter(pack), name.submission_sequence if name else 0, pack.name


def _in_order(packs: Sequence[LandedPack]) -> list[LandedPack]:
    """Return packs each later than the one before: copies do not keep the times of their files."""
    ordered: list[LandedPack] = []
    for pack in packs:
        at = max(pack.received_at, ordered[-1].received_at + _TICK) if ordered else pack.received_at
        ordered.append(replace(pack, received_at=at))
    return ordered


def _empty() -> Judged:
    return Judged(**{n: polars_schema(c).to_frame() for n, c in judged_columns().items()})


def _with(judged: Judged, packs: list[LandedPack], quarter: Quarter, key: bytes) -> Judged:
    """Judge the packs of a quarter after those of the quarters before, and return all together."""
    more = process_packs(
        packs, quarter, key, known=judged.submissions, earlier=_returns_before(judged)
    )
    return Judged(**{n: pl.concat([f, getattr(more, n)]) for n, f in vars(judged).items()})


def _returns_before(judged: Judged) -> ReturnRows:
    """Return the rows that the build compares with: of each area's latest accepted pack.

    Figures are those of all accepted packs.
    """
    latest = judged.submissions.filter("is_current").filter(
        pl.col("period_id") == pl.col("period_id").max().over("delivery_area_code")
    )
    people, events = (
        rows.join(latest, on="submission_id", how="semi", maintain_order="left")
        for rows in (judged.participants, judged.events)
    )
    return ReturnRows(people, events, judged.aggregate)


def _not_run(judged: Judged, packs: Sequence[LandedPack]) -> Iterator[str]:
    """Say what could not be checked here."""
    if len(packs) == 1:
        rules = ", ".join((*_PACK_RULES_OF_HISTORY, *rules_of_history()))
        yield f"What shows beside your earlier returns, of which none was given: {rules}."
    refused = judged.submissions.filter(pl.col("status") == "rejected")["submission_id"]
    for pack in packs[:-1]:
        if pack.number in refused:
            yield f"Comparisons with {pack.name}: it is refused itself, so it does not count."
    yield f"What shows beside the returns of other areas: {', '.join(rules_across_areas())}."
    yield from _AT_OUR_END


def rules_across_areas() -> tuple[str, ...]:
    """Return the rules that need the returns of other areas."""
    return tuple(f"{PACK.participants.name}.{rule}" for rule in ELSEWHERE.values())


def rules_of_history() -> tuple[str, ...]:
    """Return the rules on rows that need the returns before."""
    return tuple(
        f"{declared.name}.{rule.id}"
        for declared in PACK.files
        for rule in declared.rules
        if rule.holds is not None
        and history_columns(declared.name) & set(rule.holds.meta.root_names())
    )
