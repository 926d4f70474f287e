"""The floor of acceptance: a pack that keeps too few participants does not become the return."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import polars as pl

from pipelines.returns.errors import PackFault
from pipelines.returns.readers import ReturnSheet
from schemas.returns import Pack
from schemas.texts import counted

PEOPLE = ("delivery_area_code", "episode_id", "person_id")


def too_little_left(
    read: Mapping[int, Mapping[str, ReturnSheet]],
    participants: pl.DataFrame,
    nil: Collection[int],
    pack: Pack,
) -> dict[int, PackFault]:
    """Return the packs to refuse because they keep too few of their own rows, by number.

    `participants` are the judged rows of the packs, and `nil` the packs that say they have
    nothing to report: a zero is true only when the area says so.
    """
    accepted = dict(participants.filter("is_accepted").group_by("pack").len().rows())
    faults = {}
    for number, files in read.items():
        sheet = files["participants"]
        sent, kept = sheet.received, accepted.get(number, 0)
        if sent and kept < pack.least_share_accepted * sent:
            found = f"{kept:,} of its {counted(sent, 'row', 'rows')} could be kept."
            faults[number] = PackFault("enough_rows_are_accepted", sheet.file, found)
        elif sent == 0 and number not in nil:
            faults[number] = PackFault("participants_are_there", sheet.file)
    return faults


def most_gone(
    people: pl.DataFrame, packs: pl.DataFrame, standing: pl.DataFrame, pack: Pack
) -> dict[int, PackFault]:
    """Return the packs to refuse because most participants of the return before are gone.

    `people` are the accepted rows of the packs under their pseudonyms, and `standing` is as
    `standing_people` makes it. `packs` has one row per pack: number, submission and area. Others
    in the same number do not stand for those who are gone. A participant is there under the same
    reference, or is the same person by number, month of birth and sex: an area may number its
    cases anew.
    """
    own = people.select("submission_id", "episode_id", "person_id")
    held = packs.select("pack", "submission_id", "delivery_area_code").join(
        standing, on="delivery_area_code", how="inner"
    )
    for key in ("episode_id", "person_id"):
        known = own.select("submission_id", key).unique().with_columns(pl.lit(1).alias(f"by_{key}"))
        held = held.join(known, on=["submission_id", key], how="left")
    is_there = pl.any_horizontal(pl.col("by_episode_id", "by_person_id").is_not_null())
    counted = held.group_by("pack").agg(is_there.sum().alias("kept"), pl.len().alias("before"))
    few = counted.filter(pl.col("kept") < pack.least_share_accepted * pl.col("before"))
    return {
        number: PackFault(
            "most_participants_stay",
            pack.participants.file,
            f"It keeps {kept:,}; the return before has {before:,}.",
        )
        for number, kept, before in few.sort("pack").rows()
    }


def standing_people(participants: pl.DataFrame) -> pl.DataFrame:
    """One row per participant and episode of the latest return of each area, with `PEOPLE`."""
    sequence = pl.col("submission_sequence").cast(pl.String).str.zfill(2)
    order = pl.concat_str(pl.col("period_id"), sequence)
    return participants.filter(order == order.max().over("delivery_area_code")).select(PEOPLE)
