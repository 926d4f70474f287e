"""Compare a return with those before: nobody and no figure is lost, and what was true stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from pipelines.returns.judging import ever_given, figures_before, findings
from schemas.quarter import Quarter
from schemas.returns import Pack, Return
from schemas.returns.context import HISTORY, history_columns

LINES_SHOWN = 10
# The counts to date that cannot fall, by the words of the finding.
_STARTED = pl.col("start_date").is_not_null()
_COUNTED_PEOPLE = {"referrals": pl.len(), "starts": _STARTED.sum()}
_COUNTED_EVENTS = {
    "job starts": "JOB_START",
    "lower threshold outcomes": "OUTCOME_LOWER",
    "higher threshold outcomes": "OUTCOME_HIGHER",
}


@dataclass(frozen=True)
class ReturnRows:
    """Accepted rows of some returns, with the columns that are landed.

    `figures` are those of aggregate.csv: all that is given of returns that others came after.
    """

    participants: pl.DataFrame
    events: pl.DataFrame
    figures: pl.DataFrame

    def with_more(self, more: ReturnRows) -> ReturnRows:
        """Return these rows and those of more returns."""
        pairs = zip(self.frames, more.frames, strict=True)
        return ReturnRows(*(pl.concat(pair) for pair in pairs))

    @property
    def frames(self) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
        """The rows of the three files, in the order of a pack's files."""
        return self.participants, self.events, self.figures


@dataclass(frozen=True)
class ComparedReturns:
    """What comparisons found, and the names of the returns each pack was compared with."""

    findings: pl.DataFrame
    returns: Mapping[int, str]


def compare(
    landed: ReturnRows, before: ReturnRows, packs: pl.DataFrame, pack: Pack
) -> ComparedReturns:
    """Compare packs with the return before of their quarter, and with that of an earlier quarter.

    `landed` are the rows of the packs and `before` those of returns that came before them. `packs`
    has one row per pack that was not refused: number, submission, area, when it opened, quarter,
    sequence and rows received. A pack whose area sent no return before is compared with none, and
    `returns` does not name it. Types of setting and categories of claims are compared with all
    returns before.
    """
    pairs = _pairs(packs, before)
    people, events = pack.participants, pack.events
    known = _beside(landed.participants, before.participants, pairs, "episode_id", "start_date")
    sent = _beside(landed.events, before.events, pairs, "event_id", "event_date")
    found = findings.combine(
        [
            *_broken(known, people),
            *_broken(sent, events),
            *_lost(landed.participants, before.participants, pairs),
            *_figures_gone(landed, before, pairs, packs),
            *_fallen(landed, before, pairs),
        ]
    )
    names = pairs.sort("pack", "before_name").group_by("pack").agg(pl.col("before_name"))
    return ComparedReturns(
        found.unique(maintain_order=True),
        {number: ";".join(listed) for number, listed in names.rows()},
    )


def _pairs(packs: pl.DataFrame, before: ReturnRows) -> pl.DataFrame:
    """One row per pack and return to compare it with: at most one of its quarter and one older."""
    names = ["submission_id", "delivery_area_code", "period_id", "submission_sequence"]
    area, period, sequence = (pl.col(f"before_{name}") for name in names[1:])
    given = pl.concat([rows.select(names) for rows in (before.participants, before.figures)])
    returns = given.unique().select(pl.col(names).name.prefix("before_"))
    ends = {
        one: Quarter.parse(one).end
        for one in {*returns["before_period_id"], *packs["period_id"].drop_nulls()}
    }
    is_same = (period == pl.col("period_id")).alias("is_same")
    is_older = (period < pl.col("period_id")) | (
        is_same & (sequence < pl.col("submission_sequence"))
    )
    return (
        packs.join(
            returns, left_on="delivery_area_code", right_on="before_delivery_area_code", how="inner"
        )
        .filter(is_older)
        .sort("before_period_id", "before_submission_sequence", "before_submission_id")
        .unique(["pack", is_same], keep="last", maintain_order=True)
        .select(
            "pack",
            "submission_id",
            "before_submission_id",
            pl.format(
                "{}_{}_v{}", "delivery_area_code", "before_period_id", "before_submission_sequence"
            ).alias("before_name"),
            before_ends=period.replace_strict(ends, default=None, return_dtype=pl.Date),
            pack_ends=pl.col("period_id").replace_strict(ends, default=None, return_dtype=pl.Date),
            financial_year=pl.col("period_id").str.head(7),
        )
    )


def _beside(
    landed: pl.DataFrame, before: pl.DataFrame, pairs: pl.DataFrame, key: str, day: str
) -> pl.DataFrame:
    """Return the rows of each pair with the context columns of what the return before said.

    `unsent_until` is the end of the quarter of that return, where neither it nor another of the
    returns before had the day of the row: one may lack it because the row was left out there.
    """
    fields = [name for name in (*HISTORY, "end_date") if name in before.columns]
    said = before.select(
        pl.col("submission_id").alias("before_submission_id"),
        key,
        pl.col(day).alias("day_before"),
        *(pl.col(name).alias(f"before_{name}") for name in fields),
        *([pl.col("birth_id").alias("before_birth_id")] if "birth_id" in before.columns else []),
    ).unique(["before_submission_id", key])
    rows = landed.join(pairs, on="submission_id", how="inner").join(
        said, on=["before_submission_id", key], how="left", maintain_order="left"
    )
    known = before.filter(pl.col(day).is_not_null()).select("delivery_area_code", key).unique()
    rows = rows.join(
        known.with_columns(was_sent=True),
        on=["delivery_area_code", key],
        how="left",
        maintain_order="left",
    ).with_columns(unsent_until=pl.when(pl.col("was_sent").is_null()).then("before_ends"))
    if "birth_id" not in rows.columns:
        return rows
    changed = (pl.col("birth_id") != pl.col("before_birth_id")).fill_null(value=False)
    return rows.with_columns(birth_was_changed=changed)


def _broken(rows: pl.DataFrame, declared: Return) -> list[pl.DataFrame]:
    """One finding per row and rule of history that it breaks."""
    columns = history_columns(declared.name)
    return [
        rows.filter(~rule.holds.fill_null(value=True)).select(
            "pack", "row_number", *findings.named(declared, rule.id)
        )
        for rule in declared.rules
        if rule.holds is not None and columns & set(rule.holds.meta.root_names())
    ]


def _lost(landed: pl.DataFrame, before: pl.DataFrame, pairs: pl.DataFrame) -> list[pl.DataFrame]:
    """One finding per pack and return whose episodes it lacks: how many, and on which lines."""
    wanted = pairs.join(
        before.select(
            "episode_id", "row_number", pl.col("submission_id").alias("before_submission_id")
        ),
        on="before_submission_id",
        how="inner",
    )
    gone = wanted.join(landed, on=["submission_id", "episode_id"], how="anti")
    found = [
        (number, _gone_in_words(sorted(rows), name))
        for number, name, rows in gone.group_by("pack", "before_name")
        .agg("row_number")
        .sort("pack", "before_name")
        .rows()
    ]
    return [_of_file(found, "participants_stay", "participants.csv")] if found else []


def _gone_in_words(rows: list[int], name: str) -> str:
    more = f" and {len(rows) - LINES_SHOWN} more" if len(rows) > LINES_SHOWN else ""
    lines = ", ".join(map(str, rows[:LINES_SHOWN])) + more
    return f"There are {len(rows):,} of them, on these rows of participants.csv in {name}: {lines}."


def _figures_gone(
    landed: ReturnRows, before: ReturnRows, pairs: pl.DataFrame, packs: pl.DataFrame
) -> list[pl.DataFrame]:
    """One finding per pack that lacks figures which a return before gives."""
    missing = ever_given.missing(landed.figures, before.figures, packs)
    found = figures_before.gone(landed.figures, before.figures, pairs, missing)
    return [_of_file(found, "figures_stay", "aggregate.csv")] if found else []


def _fallen(landed: ReturnRows, before: ReturnRows, pairs: pl.DataFrame) -> list[pl.DataFrame]:
    """One finding per pack and return before that has more of something than the pack has."""
    now, then = _counts(landed), _counts(before)
    found = []
    for number, own, other, name in pairs.select(
        "pack", "submission_id", "before_submission_id", "before_name"
    ).rows():
        mine = now.get(own, {})
        fallen = [
            f"{words}: {count:,} in {name}, {mine.get(words, 0):,} here"
            for words, count in then.get(other, {}).items()
            if mine.get(words, 0) < count
        ]
        if fallen:
            found.append((number, "; ".join(fallen) + "."))
    return [_of_file(found, "counts_to_date_do_not_fall", "pack")] if found else []


def _counts(rows: ReturnRows) -> dict[str, dict[str, int]]:
    """Return the counts to date of each submission, by the words for what is counted."""
    people = rows.participants.group_by("submission_id").agg(
        expression.alias(words) for words, expression in _COUNTED_PEOPLE.items()
    )
    events = rows.events.group_by("submission_id").agg(
        (pl.col("event_type") == kind).sum().alias(words) for words, kind in _COUNTED_EVENTS.items()
    )
    both = people.join(events, on="submission_id", how="left").fill_null(0)
    return {row.pop("submission_id"): row for row in both.to_dicts()}


def _of_file(found: list[tuple[int, str]], rule: str, file: str) -> pl.DataFrame:
    frame = pl.DataFrame(found, schema={"pack": pl.Int64, "found": pl.String}, orient="row")
    return frame.with_columns(file=pl.lit(file), rule_id=pl.lit(f"pack.{rule}"))
