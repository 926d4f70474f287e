"""Questions to areas that were accepted for a time: they stay on record and need no answer."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from hashlib import blake2b

import polars as pl

from pipelines.returns.answers.by_rule import by_rule
from pipelines.returns.process import Judged
from schemas.quarter import Quarter
from schemas.returns import Severity, catalogue
from schemas.returns.statuses import Status

MARK = " It was accepted until "
"""What follows the message of a question that was accepted."""


@dataclass(frozen=True)
class Accepted:
    """The findings of a rule on the returns of an area, accepted up to the quarter `until`.

    `most` says how many there were when they were accepted, and `said` holds the hashes of their
    messages: more than that, or anything else, is asked about again.
    """

    rule_id: str
    delivery_area_code: str
    until: Quarter
    most: int
    said: frozenset[str]

    def covers(self, found: TimesFound) -> bool:
        """Whether there is something, and nothing more than was accepted."""
        return 0 < found.number <= self.most and found.said <= self.said


@dataclass(frozen=True)
class TimesFound:
    """How often a rule was found broken in a pack, and the hashes of what was said of it."""

    number: int
    said: frozenset[str]


def with_accepted(judged: Judged, accepted: Collection[Accepted]) -> Judged:
    """Return what was judged, with the accepted questions as notes that say until when.

    Frames are as in `Judged`. A pack without another question is `accepted`. What is refused stays
    as it is, and so does a rule that cannot be waived by now.
    """
    findings, packs = judged.findings, judged.submissions
    waivable = set(catalogue().filter("is_waivable")["rule_id"])
    standing = packs.filter(pl.col("status") != Status.REJECTED)
    for one in accepted:
        own = standing.filter(pl.col("delivery_area_code") == one.delivery_area_code)
        for number in own["submission_id"] if one.rule_id in waivable else ():
            if one.covers(found_of(findings, number, one.rule_id)):
                findings = _noted(findings, number, one)
    open_ones = findings.filter(pl.col("severity") == Severity.QUERY.value)
    counts = dict(open_ones.group_by("submission_id").len().rows())
    queries = pl.col("submission_id").replace_strict(counts, default=0, return_dtype=pl.Int64)
    packs = packs.with_columns(queries=queries).with_columns(
        status=pl.when((pl.col("status") == Status.QUERIED) & (pl.col("queries") == 0))
        .then(pl.lit(Status.ACCEPTED))
        .otherwise("status")
    )
    return replace(judged, findings=findings, submissions=packs)


def found_of(findings: pl.DataFrame, submission_id: str, rule_id: str) -> TimesFound:
    """Return what was found of a rule in a pack."""
    is_it = (pl.col("submission_id") == submission_id) & (pl.col("rule_id") == rule_id)
    return found_in(findings.filter(is_it))


def found_in(findings: pl.DataFrame) -> TimesFound:
    """Return how often a rule was broken, of its findings on one pack; rows, or findings on files.

    `findings` is as in `Judged`.
    """
    said = {_digest(message.partition(MARK)[0]) for message in findings["message"].unique()}
    return TimesFound(int(by_rule(findings)["count"].sum()), frozenset(said))


def _digest(message: str) -> str:
    return blake2b(message.encode(), digest_size=8).hexdigest()


def _noted(findings: pl.DataFrame, number: str, one: Accepted) -> pl.DataFrame:
    """Turn the questions of a rule in a pack into notes."""
    is_it = (
        (pl.col("submission_id") == number)
        & (pl.col("rule_id") == one.rule_id)
        & (pl.col("severity") == Severity.QUERY.value)
    )
    said = f"{MARK}{one.until.label}, so it needs no answer."
    message, note = pl.col("message") + said, pl.lit(Severity.NOTE.value)
    return findings.with_columns(
        message=pl.when(is_it).then(message).otherwise("message"),
        severity=pl.when(is_it).then(note).otherwise("severity"),
    )
