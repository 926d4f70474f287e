"""The floor of acceptance: a pack that keeps too few participants does not become the return."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import polars as pl

from pipelines.returns.errors import PackFault
from pipelines.returns.readers import ReturnSheet
from schemas.returns import Pack
from schemas.texts import counted


def too_little_left(
    read: Mapping[int, Mapping[str, ReturnSheet]],
    participants: pl.DataFrame,
    nil: Collection[int],
    standing: Mapping[int, int],
    pack: Pack,
) -> dict[int, PackFault]:
    """Return the packs to refuse because they keep too few participants, by number.

    `participants` are the judged rows of the packs, and `nil` the packs that say they have
    nothing to report: a zero is true only when the area says so.
    `standing` says how many participants the return held that the area had before: a return
    covers the programme to date, so most of them must be there still.
    """
    accepted = dict(participants.filter("is_accepted").group_by("pack").len().rows())
    faults = {}
    for number, files in read.items():
        sheet = files["participants"]
        sent, kept, before = sheet.received, accepted.get(number, 0), standing.get(number, 0)
        if sent and kept < pack.least_share_accepted * sent:
            found = f"{kept:,} of its {counted(sent, 'row', 'rows')} could be kept."
            faults[number] = PackFault("enough_rows_are_accepted", sheet.file, found)
        elif sent == 0 and number not in nil:
            faults[number] = PackFault("participants_are_there", sheet.file)
        elif kept < pack.least_share_accepted * before:
            found = f"It keeps {kept:,}; the return before has {before:,}."
            faults[number] = PackFault("most_participants_stay", sheet.file, found)
    return faults


def participants_by_area(participants: pl.DataFrame) -> dict[str, int]:
    """Return how many participants the latest return of each area holds, by area."""
    sequence = pl.col("submission_sequence").cast(pl.String).str.zfill(2)
    order = pl.concat_str(pl.col("period_id"), sequence)
    latest = participants.filter(order == order.max().over("delivery_area_code"))
    return dict(latest.group_by("delivery_area_code").len().rows())
