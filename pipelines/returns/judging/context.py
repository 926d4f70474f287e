"""Work out the context columns that row rules use: what other rows, files and registers say.

Every function takes typed rows of several packs with the column `pack`, and keeps their order.
"""

from __future__ import annotations

from functools import cache

import polars as pl

import reference
from pipelines.returns.judging.identity import ELSEWHERE, OWN_FILE
from reference.readers import table
from schemas.returns import Return
from schemas.returns.context import HISTORY
from schemas.returns.events import EVENTS
from schemas.returns.participants import PARTICIPANTS

EPISODE = ["pack", "participant_ref", "episode_no"]


@cache
def successors() -> dict[str, str]:
    """Return the current code of each retired authority that has one successor."""
    changes = reference.retired_authorities()
    alone = changes.filter(pl.len().over("old_code") == 1)
    new: dict[str, str] = dict(alone.select("old_code", "new_code").rows())
    current = set(reference.local_authorities()["la_code"])
    followed = {old: new.get(code, code) for old, code in new.items()}
    return {old: code for old, code in followed.items() if code in current and old not in current}


@cache
def retirement_days() -> dict[str, str]:
    """Return the day, as text, on which each replaced authority code was retired."""
    listed = reference.retired_authorities().filter(pl.col("old_code").is_in(list(successors())))
    return dict(listed.select("old_code", "effective_date").rows())


def _stands_under_two(reference_field: str, declared: Return, apart: tuple[str, ...]) -> pl.Expr:
    """Say of each row whether another reference of its pack has the same in all fields.

    Fields that are `apart` are not compared.
    """
    same = [field.name for field in declared.fields if field.name not in (reference_field, *apart)]
    content = pl.struct(same).hash()
    is_filled = pl.col(reference_field).is_not_null()
    return is_filled & (pl.col(reference_field).n_unique().over("pack", content) > 1)


def _person_is_copied() -> pl.Expr:
    """Say of each row of participants whether it may be another's copy."""
    apart = ("episode_no", "nino", "free_text_note")
    same = [name for name in PARTICIPANTS.names if name not in {"participant_ref", *apart}]
    within = ["pack", pl.struct(same).hash()]
    number = pl.col("nino")
    # Rows that all have a number are judged by their numbers: see identity.
    all_have = number.null_count().over(within) == 0
    by_number = all_have | (number.drop_nulls().n_unique().over(within) > 1)
    return _stands_under_two("participant_ref", PARTICIPANTS, apart) & ~by_number


def add_occurrence(rows: pl.DataFrame, key: tuple[str, ...]) -> pl.DataFrame:
    """Add the number of each row among those of its key within a pack, in the order of the file.

    One row per row given. A row without the first field of its key repeats nothing.
    """
    nth = pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("pack", *key)
    repeats_nothing = pl.col(key[0]).is_null()
    return rows.with_columns(
        pl.when(repeats_nothing).then(pl.lit(1, pl.Int64)).otherwise(nth).alias("occurrence")
    )


def of_participants(
    rows: pl.DataFrame, packs: pl.DataFrame, organisations: pl.DataFrame
) -> pl.DataFrame:
    """Add what the rules of participants need; replace retired authority codes.

    One row per row given, a participant in a pack.
    """
    dtypes = rows.schema
    home = reference.local_authorities().select(
        residence_la_code="la_code", residence_area="delivery_area_code"
    )
    return (
        add_occurrence(rows, ("participant_ref", "episode_no"))
        .with_columns(*_residence(pl.col("residence_la_code")), is_copy=_person_is_copied())
        .join(home, on="residence_la_code", how="left", maintain_order="left")
        .join(packs, on="pack", how="left", maintain_order="left")
        .join(_earlier_episodes(rows), on=EPISODE, how="left", maintain_order="left")
        .join(
            organisations.unique().with_columns(organisation_is_listed=pl.lit(value=True)),
            on=["pack", "delivery_org_code"],
            how="left",
            maintain_order="left",
        )
        .with_columns(
            residence_is_in_area=pl.col("residence_area") == pl.col("delivery_area_code"),
            has_earlier_episode=pl.col("has_earlier_episode").fill_null(value=False),
            organisation_is_listed=pl.col("delivery_org_code").is_null()
            | pl.col("organisation_is_listed").fill_null(value=False),
            # Known once it is known which rows are accepted; see identity and history.
            **{doubt: pl.lit(value=False) for doubt in (*OWN_FILE, *ELSEWHERE)},
            birth_was_changed=pl.lit(value=False),
            unsent_until=pl.lit(None, pl.Date),
            **{f"before_{name}": pl.lit(None, dtypes[name]) for name in (*HISTORY, "end_date")},
        )
        .drop("residence_area")
    )


def _residence(code: pl.Expr) -> tuple[pl.Expr, ...]:
    """Return the authority code of today, whether it replaced another, and that one's last day."""
    last = code.replace_strict(retirement_days(), default=None, return_dtype=pl.String)
    return (
        code.replace(successors()),
        code.is_in(list(successors())).alias("residence_was_recoded"),
        last.str.to_date().alias("residence_retired_on"),
    )


def _earlier_episodes(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per episode that has a predecessor: when that ended."""
    return (
        rows.filter(pl.len().over("pack", "participant_ref") > 1)
        .unique(EPISODE, keep="first")
        .select(
            "pack",
            "participant_ref",
            pl.col("episode_no") + 1,
            earlier_end_date="end_date",
            has_earlier_episode=pl.lit(value=True),
        )
    )


def of_events(
    events: pl.DataFrame, participants: pl.DataFrame, packs: pl.DataFrame
) -> pl.DataFrame:
    """Add what the rules of events need; `participants` says which rows are accepted.

    One row per row given, an event in a pack.
    """
    episodes = (
        participants.with_row_index("episode")
        .filter(pl.col("occurrence") == 1)
        .select(
            *EPISODE,
            "episode",
            "birth_year_month",
            episode_is_listed=pl.lit(value=True),
            episode_is_accepted="is_accepted",
            episode_start_date="start_date",
            episode_end_date="end_date",
            episode_journey_type="journey_type",
        )
    )
    joined = (
        add_occurrence(events, ("event_ref",))
        .join(packs, on="pack", how="left", maintain_order="left")
        .join(episodes, on=EPISODE, how="left", maintain_order="left")
        .with_columns(
            episode_is_listed=pl.col("episode_is_listed").fill_null(value=False),
            minimum_wage=_minimum_wage(),
            # Two sessions of support on one day may be the same in every field.
            is_copy=(pl.col("event_type") != "SUPPORT_MEASURE")
            & _stands_under_two("event_ref", EVENTS, ()),
            unsent_until=pl.lit(None, pl.Date),
        )
    )
    return pl.concat([joined, _so_far(joined)], how="horizontal").drop(
        "episode", "birth_year_month"
    )


def _so_far(events: pl.DataFrame) -> pl.DataFrame:
    """Count job starts, job ends and lower outcomes of the episode up to the day of each event.

    Within a day, starts come before lower outcomes, and those before all other events.
    """
    kind = pl.col("event_type")
    rank = kind.replace_strict(
        {"JOB_START": 0, "OUTCOME_LOWER": 1}, default=2, return_dtype=pl.Int8
    )

    def count(code: str) -> pl.Expr:
        return (kind == code).fill_null(value=False).cast(pl.Int64).cum_sum().over("episode")

    first = pl.col("event_date").filter(kind == "JOB_START").min().over("episode")
    columns = ["job_starts_so_far", "job_ends_so_far", "lower_outcomes_so_far", "first_job_start"]
    return (
        events.select("episode", "event_type", "event_date", rank.alias("rank"))
        .with_row_index("at")
        .sort("episode", "event_date", "rank", "at")
        .with_columns(
            job_starts_so_far=count("JOB_START"),
            job_ends_so_far=count("JOB_END"),
            lower_outcomes_so_far=count("OUTCOME_LOWER"),
            first_job_start=first,
        )
        .sort("at")
        .select(pl.when(pl.col("episode").is_not_null()).then(pl.col(c)).alias(c) for c in columns)
    )


def _minimum_wage() -> pl.Expr:
    """Return the least pay an hour for the age at the event, null where no rate is known.

    Only the month of birth is known, so the lower rate applies until the month is over.
    """
    born, day = pl.col("birth_year_month"), pl.col("event_date")
    months = (day.dt.year() - born.dt.year()) * 12 + day.dt.month().cast(pl.Int32)
    age = (months - born.dt.month().cast(pl.Int32) - 1) // 12
    rate = pl.lit(None, pl.Float64)
    for row in table("programme/minimum_wage.csv").iter_rows(named=True):
        within = day >= pl.lit(row["valid_from"]).str.to_date()
        if row["valid_to"]:
            within &= day <= pl.lit(row["valid_to"]).str.to_date()
        is_apprentice = pl.col("employment_type") == "APPRENTICE"
        of_age = age >= int(row["age_from"])
        if row["age_to"]:
            of_age &= age <= int(row["age_to"])
        right = (is_apprentice if row["is_apprentice"] == "Y" else ~is_apprentice) & of_age & within
        rate = pl.when(right).then(pl.lit(float(row["pounds_an_hour"]))).otherwise(rate)
    return rate


def of_organisations(rows: pl.DataFrame) -> pl.DataFrame:
    """Add what the rules of the manifest's list of organisations need.

    One row per row given, an organisation in the list of a pack.
    """
    return add_occurrence(rows, ("delivery_org_code",))
