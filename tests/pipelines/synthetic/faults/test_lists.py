"""Every rule of the catalogue has a planted fault, or a reason why no pack can break it."""

from __future__ import annotations

from pipelines.synthetic.faults import NEVER, PACK_FAULTS, ROW_FAULTS
from pipelines.synthetic.faults.lists import LEFT_OUT
from schemas.returns import catalogue

LISTED = set(catalogue()["rule_id"])


def test_every_rule_of_the_catalogue_is_planted_or_says_why_it_cannot_be():
    of_packs = {rule for fault in PACK_FAULTS for rule in fault.rules}
    planted = {*(fault.rule_id for fault in ROW_FAULTS), *of_packs, LEFT_OUT}
    assert planted | set(NEVER) == LISTED


def test_only_three_rules_can_be_broken_by_no_pack():
    never = {"pack.pack_can_be_judged", "pack.pack_is_as_received", "pack.pack_is_new"}
    assert set(NEVER) == never
    assert set(NEVER) <= LISTED


def test_faults_and_their_consequences_name_rules_of_the_catalogue():
    of_rows = {rule for fault in ROW_FAULTS for rule in (fault.rule_id, *fault.then)}
    of_packs = {rule for fault in PACK_FAULTS for rule in (*fault.rules, *fault.then)}
    assert of_rows | of_packs <= LISTED


def test_every_kind_of_container_that_is_read_is_sent_without_a_fault():
    read = {fault.fault for fault in PACK_FAULTS if not fault.rules}
    assert read == {
        "corrected pack", "zip file", "zip file with its suffix in capitals",
        "zip file with a folder in it", "zip file of Windows", "zip file of a Mac",
        "folder in a folder", "sent twice", "XLSX workbook", "ODS workbook",
    }  # fmt: skip
