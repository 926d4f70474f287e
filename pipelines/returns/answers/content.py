"""What a report to an area says of one pack: the content of the page, the CSV and the workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from pipelines.returns.answers.answering import deadline, how_to_answer, outcome
from pipelines.returns.answers.by_rule import by_rule
from pipelines.returns.answers.earlier import (
    CHANGES,
    area_is_certain,
    changes,
    own_returns,
    version_before,
)
from pipelines.returns.judging.levels import has_limits
from pipelines.returns.process import Judged
from schemas.quarter import Quarter
from schemas.returns import PACK, Severity
from schemas.returns.declaration import CATEGORIES

FINDINGS = {
    "file": "File",
    "row_number": "Row",
    "field": "Field",
    "severity": "What it means",
    "message": "What was found",
    "fix": "What to do",
    "rule_id": "Rule",
}
RULES = {
    "severity": "What it means",
    "count": "How many",
    "file": "File",
    "field": "Field",
    "first_rows": "First rows",
    "message": "What was found",
    "fix": "What to do",
    "follows_from": "Can follow from",
    "rule_id": "Rule",
}
MEANINGS = {
    "reject_file": "The pack was refused",
    "reject_row": "The row was left out",
    "query": "Please answer",
    "note": "For information",
}
LONDON = ZoneInfo("Europe/London")
# Returns whose wrong rows cost the pack.
COSTS_PACK = [PACK.manifest.name, PACK.manifest_files.name]
ILLUSTRATIVE = "Illustrative specification, not DWP's."
MADE_UP = "The pack holds made-up people."
AREA_IN_DOUBT = (
    "Earlier returns are not shown: they are when the name of the pack and its manifest can be "
    "read and agree."
)
# Packs that break one of these are refused for what was found in their rows.
JUDGED_AND_REFUSED = [
    "pack.participants_are_there",
    "pack.enough_rows_are_accepted",
    "pack.most_participants_stay",
    "pack.columns_are_in_their_places",
]


@dataclass(frozen=True)
class Report:
    """The report on one submission. No frame holds a value of a participant.

    `submission` is its row of `submissions`, `facts` what was received, in words. `rules` has one
    row per rule and file (`RULES`), causes first; `findings` one per finding (`FINDINGS`);
    `returns` one per quarter of the area up to this pack; `changes` one per rule and file since
    the version `before`. `returns` and `changes` are None where there is nothing to compare.
    `own_labels` come before those of every report.
    """

    submission: Mapping[str, Any]
    outcome: str
    facts: tuple[tuple[str, str], ...]
    deadline: str
    todo: tuple[str, ...]
    rules: pl.DataFrame
    findings: pl.DataFrame
    not_run: tuple[str, ...]
    returns: pl.DataFrame | None = None
    before: str = ""
    changes: pl.DataFrame | None = None
    notes: tuple[str, ...] = ()
    is_sent: bool = True
    own_labels: tuple[str, ...] = ()


def report(
    judged: Judged,
    submission_id: str,
    more_not_run: Sequence[str] = (),
    history: Sequence[tuple[str, datetime]] = (),
    *,
    own_labels: tuple[str, ...] = (),
    would: bool = False,
) -> Report:
    """Return the report on one submission; causes come first, and what costs most.

    `more_not_run` names checks that could not be made where it was judged, `history` has the
    statuses of the pack and since when, the first first, `own_labels` stand at its head, and
    `would` says that it was not sent yet.
    """
    submission = judged.submissions.row(
        by_predicate=pl.col("submission_id") == submission_id, named=True
    )
    found = judged.findings.filter(pl.col("submission_id") == submission_id)
    is_certain = area_is_certain(submission, found)
    before = version_before(submission, judged.submissions) if is_certain else None
    returns = own_returns(submission, judged.submissions) if is_certain else None
    return Report(
        submission,
        outcome(submission, would=would),
        (*_facts(submission, would=would), *_earlier_statuses(history)),
        deadline(submission["period_id"], None if would else day_of(submission["received_at"])),
        how_to_answer(submission, would=would),
        _meaning(by_rule(found)).select(*RULES),
        _in_order(found),
        (*checks_not_run(submission, found), *_limits_not_run(judged, submission), *more_not_run),
        returns if returns is not None and returns.height > 1 else None,
        before["pack_name"] if before else "",
        _changes(judged, submission, before, found) if before else None,
        () if is_certain else (AREA_IN_DOUBT,),
        is_sent=not would,
        own_labels=own_labels,
    )


def day_of(received: datetime) -> date:
    """Return the day in London on which a pack came."""
    try:
        return received.astimezone(LONDON).date()
    except OverflowError:  # the ends of the calendar, where London has no day
        return received.date()


def _in_order(found: pl.DataFrame) -> pl.DataFrame:
    """One row per finding, in the order of the rules."""
    rules = by_rule(found).select("rule_id", "file").with_row_index("at")
    ordered = found.join(rules, on=["rule_id", "file"], how="left")
    return _meaning(ordered.sort("at", "row_number", nulls_last=False)).select(*FINDINGS)


def _meaning(found: pl.DataFrame) -> pl.DataFrame:
    """Say what each finding means; what is wrong with the manifest or cover costs the pack.

    An organisation of its list that is wrong is left out, as a row is.
    """
    is_manifest = pl.col("rule_id").str.split(".").list.first().is_in(COSTS_PACK)
    costs_row = pl.col("severity") == Severity.REJECT_ROW.value
    severity = (
        pl.when(is_manifest & costs_row)
        .then(pl.lit(Severity.REJECT_FILE.value))
        .otherwise(pl.col("severity"))
    )
    return found.with_columns(severity=severity.replace(MEANINGS))


def _changes(
    judged: Judged, submission: Mapping[str, Any], before: Mapping[str, Any], now: pl.DataFrame
) -> pl.DataFrame:
    """Compare the findings with those of the version before; what is as before comes last."""
    then = judged.findings.filter(pl.col("submission_id") == before["submission_id"])
    made = changes(
        now,
        then,
        now_judged=_rows_were_judged(submission, now),
        before_judged=_rows_were_judged(before, then),
    )
    return made.sort(pl.col("change") == "as before", *CHANGES)


def _facts(submission: Mapping[str, Any], *, would: bool) -> tuple[tuple[str, str], ...]:
    """Say what was received or, before it is sent, what was read."""
    at = f"{submission['received_at']:%Y-%m-%d %H:%M:%S} UTC"
    facts = {"Made, by the times of its files": at} if would else {}
    facts |= {} if would else {"Receipt": submission["submission_id"], "Received at": at}
    facts |= {
        "Delivery area": submission["delivery_area_code"] or "not known",
        "Quarter": submission["period_id"] or "not known",
        "Hash of the pack": submission["sha256"],
    }
    if submission["nil_return"]:
        facts["Nil return"] = "yes: the area says that it has nothing to report"
    facts["Rows read" if would else "Rows received"] = f"{submission['rows_received']:,}"
    facts["Rows kept"] = f"{submission['rows_accepted']:,}"
    facts["Rows left out"] = f"{submission['rows_rejected']:,}"
    facts["Questions"] = f"{submission['queries']:,}"
    return tuple(facts.items())


def _earlier_statuses(
    history: Sequence[tuple[str, datetime]],
) -> tuple[tuple[str, str], ...]:
    """Say which statuses a pack had before the one of now, and since when."""
    said = [f"{status} from {at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" for status, at in history]
    return (("Statuses before", "; ".join(said[:-1])),) if len(said) > 1 else ()


def _rows_were_judged(submission: Mapping[str, Any], findings: pl.DataFrame) -> bool:
    """Say whether the rows of a pack were looked at, although it may have been refused."""
    is_late = pl.col("rule_id").is_in(JUDGED_AND_REFUSED) | (
        (pl.col("rule_id") == "pack.pack_is_within_limits") & (pl.col("file") != "pack")
    )
    late = findings.select(is_late.any()).item()
    return submission["status"] not in ("pending", "rejected") or late


def _limits_not_run(judged: Judged, submission: Mapping[str, Any]) -> list[str]:
    """Say that starts were not held against control limits, where too few quarters came before."""
    if submission["status"] in {"pending", "rejected"}:
        return []
    own = pl.col("submission_id") == submission["submission_id"]
    days = judged.participants.filter(own)["start_date"].drop_nulls().to_list()
    if has_limits(days, Quarter.parse(submission["period_id"])):
        return []
    return ["Control limits of the starts: they need more quarters before, with more starts."]


def checks_not_run(submission: Mapping[str, Any], findings: pl.DataFrame) -> tuple[str, ...]:
    """Say which later checks could not be made because of what was found."""
    if submission["status"] == "pending":
        return ("All checks of what is in the pack: they are made with its quarter.",)
    if not _rows_were_judged(submission, findings):
        return tuple(f"{at} {title}" for at, title in CATEGORIES.items() if at > 1)
    notes = []
    if submission["status"] != "rejected" and submission["compared_with"] is None:
        notes.append("Comparisons with the return before: none with participants was accepted.")
    if findings["rule_id"].str.ends_with(".is_valid").any():
        notes.append("Comparisons with a value that is wrong: correct it and more may be found.")
    if (findings["rule_id"] == "events.episode_was_accepted").any():
        notes.append("Events of participants whose row was left out, beyond their own fields.")
    if (findings["rule_id"] == "pack.row_can_be_read").any():
        notes.append("All checks of rows that cannot be read.")
    return tuple(notes)


def labels(made: Report) -> tuple[str, ...]:
    """Say what every form of a report is labelled with."""
    made_up = (MADE_UP,) if made.submission["synthetic"] else ()
    return (*made.own_labels, ILLUSTRATIVE, *made_up)


def totals(made: Report) -> list[tuple[str, int]]:
    """Return how many findings there are of each meaning, worst first; gathered ones by row."""
    counts = dict(made.rules.group_by("severity").agg(pl.col("count").sum()).rows())
    return [(words, counts[words]) for words in MEANINGS.values() if words in counts]
