"""Our own program may fail on a pack: that pack is refused with a warning, the others go on."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from pipelines.returns import process_packs
from pipelines.returns.errors import PackFault
from pipelines.returns.packs.boundary import attempt
from schemas.fields import Flag
from schemas.returns import PACK, Pack, Return, Rule, Severity
from tests.pipelines.returns.small_world import KEY, NAME, QUARTER, judge, landed, world

FAILED = {"pack.pack_can_be_judged"}


def packs() -> list[Path]:
    return sorted(world().iterdir())


def failing(declared: Return, field: str, on: str) -> Return:
    """Return a return with a rule that our program fails on, where a field holds this value."""

    def fail(values: pl.Series) -> pl.Series:
        if (values.cast(pl.String) == on).any():
            raise ZeroDivisionError(f"failed on {on}")
        return pl.repeat(True, len(values), dtype=pl.Boolean, eager=True)

    holds = pl.col(field).map_batches(fail, return_dtype=pl.Boolean)
    rule = Rule("fails", 3, Severity.QUERY, field, "It fails.", "Mend it.", holds)
    return replace(declared, rules=(*declared.rules, rule))


def failing_packs() -> list[tuple[Pack, str]]:
    people = pl.read_csv(world() / NAME / "participants.csv", infer_schema=False)
    person = people["participant_ref"][0]
    mailbox = "connect-to-work.en01@council.example"
    return [
        (replace(PACK, participants=failing(PACK.participants, "participant_ref", person)), person),
        (replace(PACK, manifest=failing(PACK.manifest, "contact_email", mailbox)), mailbox),
    ]


@pytest.mark.parametrize(("pack", "value"), failing_packs(), ids=["a row", "a manifest"])
def test_the_one_pack_is_refused_with_a_warning_and_the_others_are_judged(
    pack: Pack, value: str, caplog: pytest.LogCaptureFixture
):
    with caplog.at_level(logging.WARNING, "pipelines"):
        judged = process_packs(landed(packs()), QUARTER, KEY, pack=pack)
    refused = judged.submissions.filter(status="rejected")
    number = refused["submission_id"].item()
    assert refused["pack_name"].to_list() == [NAME]
    assert set(judged.findings.filter(submission_id=number)["rule_id"]) == FAILED
    (message,) = [record.getMessage() for record in caplog.records]
    assert message.startswith(f"Receipt {number}: the pack could not be judged")
    assert value not in message
    right = judge(*packs())
    for name in ("participants", "events", "aggregate", "organisations"):
        others = getattr(right, name).filter(pl.col("submission_id") != number)
        assert getattr(judged, name).equals(others), name


def test_a_program_that_fails_on_every_pack_refuses_them_all_and_says_so(
    caplog: pytest.LogCaptureFixture,
):
    pack = replace(PACK, participants=failing(PACK.participants, "sex", "F"))
    judged = process_packs(landed(packs()), QUARTER, KEY, pack=pack)
    assert set(judged.submissions["status"]) == {"rejected"}
    assert len(caplog.records) == len(packs())


class Unreadable(Flag):
    """A kind of value that our program fails to read."""

    def parse(self, text: pl.Expr) -> pl.Expr:
        raise ZeroDivisionError


def test_a_pack_that_our_reading_fails_on_is_refused():
    *others, last = PACK.events.fields
    fields = (*others, replace(last, kind=Unreadable()))
    pack = replace(PACK, events=replace(PACK.events, fields=fields))
    judged = process_packs(landed(packs()[:2]), QUARTER, KEY, pack=pack)
    assert set(judged.findings.filter(severity="reject_file")["rule_id"]) == FAILED


def test_a_fault_of_a_pack_is_no_failure_of_ours(caplog: pytest.LogCaptureFixture):
    def refuse() -> None:
        raise PackFault("manifest_is_there")

    fault = attempt("1", refuse)
    assert isinstance(fault, PackFault)
    assert (fault.fault.rule, caplog.records) == ("manifest_is_there", [])
