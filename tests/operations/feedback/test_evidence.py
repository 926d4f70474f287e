"""The evidence of how far returns are assured is what is on record of the packs that came."""

from dataclasses import replace

import polars as pl
import pytest

from operations.feedback.evidence import (
    assured,
    assured_in,
    evidence_of,
    from_their_area,
    on_record,
)
from operations.home.settings import Settings
from operations.stores.returns import append
from pipelines.quality.assurance import Level, Practice
from tests.operations.feedback.feedback_home import CLOCK, NOT_OPEN, OTHER
from tests.pipelines.returns.small_world import AREA, QUARTER, draft, judge


def of_area(record, code):
    """What became of the returns of an area, by quarter."""
    return next(row for row in record.returns.areas if row[0].area_code == code)


def last(record, area):
    return evidence_of(record, of_area(record, area))[-1]


def test_every_version_of_an_area_counts_as_a_pack_and_the_newest_gives_the_rows(record):
    own = last(record, AREA)
    assert (own.packs, own.answered, own.refused) == (2, 0, 0)
    assert own.is_accepted
    assert own.is_newest_template
    assert (own.rows_rejected, own.left_out) == (0, 0.0)


def test_a_pack_under_the_name_of_another_area_is_held_against_neither(record):
    assert last(record, OTHER).packs == 1
    assert last(record, OTHER).refused == 0
    assert last(record, AREA).packs == 2


def versions(*packs):
    """Submissions of one area and quarter as they stand on record, by sequence and status."""
    rows = [
        {
            "submission_id": f"{sequence}-{status}",
            "pack_name": f"{AREA}_{QUARTER.id}_v{sequence}",
            "delivery_area_code": AREA,
            "period_id": QUARTER.id,
            "submission_sequence": sequence,
            "status": status,
            "prepared_at": CLOCK,
        }
        for sequence, status in packs
    ]
    return pl.DataFrame(rows)


@pytest.mark.parametrize(
    ("packs", "own"),
    [
        ([(1, "rejected"), (2, "accepted")], ["1-rejected", "2-accepted"]),
        ([(1, "accepted"), (2, "rejected")], ["1-accepted"]),
        ([(1, "rejected")], []),
        ([(1, "accepted"), (1, "rejected"), (2, "accepted")], ["1-accepted", "2-accepted"]),
        ([(1, "rejected"), (2, "pending")], []),
    ],
)
def test_a_refused_pack_is_of_the_area_only_where_its_accepted_return_follows_it(packs, own):
    assert sorted(from_their_area(versions(*packs))["submission_id"]) == own


def test_refused_packs_in_the_name_of_an_area_do_not_change_its_level(tmp_path):
    packs = tmp_path / "packs"
    own = draft().write(packs)
    forged = draft().again(template_version="0.9.0").sealed().write(packs)
    found = []
    for name, sent in (("alone", (own,)), ("beside", (own, forged))):
        settings = Settings(home=tmp_path / name, code_version="v", clock=CLOCK)
        settings.home.mkdir()
        append(settings, judge(*sent))
        found.append(assured_in(settings, QUARTER)[AREA])
    assert found[0] == found[1]


def test_what_came_after_it_was_due_is_late_by_days_of_the_calendar(record):
    assert last(record, AREA).days_late == 84  # due on 28 October 2025, received on 20 January 2026


def test_a_first_return_is_compared_with_none_and_a_second_version_with_the_first(record):
    assert not last(record, OTHER).compared
    assert last(record, OTHER).not_run >= 1
    assert last(record, AREA).compared


def test_an_area_that_is_not_open_has_no_evidence(record):
    assert evidence_of(record, of_area(record, NOT_OPEN)) == []


def test_an_area_that_sent_nothing_has_evidence_of_nothing(record):
    silent = last(record, "CTW-EN02")
    assert (silent.is_accepted, silent.packs, silent.days_late) == (False, 0, None)
    assert assured(record)["CTW-EN02"].level is Level.A0


def test_only_areas_that_are_open_in_the_quarter_are_assured(judged_home, record):
    found = assured_in(judged_home, QUARTER)
    assert found.keys() == assured(record).keys()
    assert {AREA, OTHER} <= found.keys()
    assert NOT_OPEN not in found


def communication(record):
    practices = assured(record)[AREA].practices
    return next(one.level for one in practices if one.practice is Practice.COMMUNICATION)


def test_a_report_on_each_pack_raises_the_level_of_communication_and_on_one_does_not(record):
    numbers = record.packs.filter(delivery_area_code=AREA)["submission_id"].to_list()
    assert communication(replace(record, answered=frozenset(numbers[:1]))) is Level.A0
    answered = replace(record, answered=frozenset(numbers))
    assert last(answered, AREA).answered == 2
    assert communication(answered) >= Level.A1


def test_no_later_quarter_is_on_record_of_an_earlier_one(judged_home):
    before = on_record(judged_home, QUARTER.previous)
    assert before.packs.is_empty()
    assert before.returns.quarters[-1] == QUARTER.previous


def test_a_home_without_a_build_has_nothing_on_record(tmp_path):
    empty = on_record(Settings(home=tmp_path, code_version="v"), QUARTER)
    assert empty.packs.is_empty()
    assert empty.findings.is_empty()
    assert {one.level for one in assured(empty).values()} == {Level.A0}
