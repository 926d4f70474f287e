"""Who accepts which questions until when: what may be recorded, and what holds in which quarter."""

import json
from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest

from operations.errors import SignOffError
from operations.home.settings import Settings
from operations.releases.release_records import sign
from operations.releases.release_store import mark_published, write_version
from operations.releases.waivers import MOST_QUARTERS, WaiverAsked, accept, accepted_in, holding
from operations.stores.returns import append, open_questions, questions_in_words
from pipelines.returns import Accepted, Judged
from pipelines.synthetic.draft import Draft
from tests.assets.made_releases import asked as signed_as
from tests.explaining import BY
from tests.pipelines.returns.small_world import AREA, NAME, QUARTER, draft, judge

RULE = "aggregate.total_agrees_with_the_records"
REASON = "The system of the area counts joint claims twice; it is mended by the autumn."


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """A home in which the return of an area was judged, with two wrong totals."""
    home = Settings(home=tmp_path / "home", code_version="drawn")
    home.home.mkdir()
    monkeypatch.setenv("CTW_HOME", str(home.home))
    append(home, _judged(tmp_path))
    return home


def _judged(tmp_path) -> Judged:
    totals = pl.read_csv(draft().files["aggregate.csv"], infer_schema=False)
    is_it = pl.col("measure_code") == "STARTS_TO_DATE"
    value = pl.when(is_it).then(pl.lit("9999")).otherwise("value").alias("value")
    files = {**draft().files, "aggregate.csv": totals.with_columns(value).write_csv().encode()}
    return judge(Draft(NAME, files, draft().manifest).sealed().write(tmp_path))


def asked(until=QUARTER, rule=RULE, area=AREA):
    return WaiverAsked(rule, area, until.id if hasattr(until, "id") else until)


def test_what_is_accepted_holds_up_to_its_quarter_for_as_many_as_there_were(settings):
    made = accept(settings, QUARTER, asked(QUARTER.next), REASON, BY)
    assert made.found == open_questions(settings, QUARTER)[0]
    expected = [Accepted(RULE, AREA, QUARTER.next, made.found, frozenset(made.said))]
    assert len(made.said) == 2
    assert accepted_in(settings, QUARTER.previous) == []
    assert accepted_in(settings, QUARTER) == accepted_in(settings, QUARTER.next) == expected
    assert accepted_in(settings, QUARTER.next.next) == []
    assert (made.name, made.role, made.reason) == (BY.name, BY.role, REASON)


def test_the_newest_record_counts_and_one_of_the_quarter_before_ends_it(settings):
    accept(settings, QUARTER, asked(QUARTER.next), REASON, BY)
    accept(settings, QUARTER, asked(QUARTER.previous), "It was mended.", BY)
    assert holding(settings, QUARTER) == []
    accept(settings, QUARTER, asked(QUARTER), "It was not.", replace(BY, name="Bo"))
    assert [one.name for one in holding(settings, QUARTER)] == ["Bo"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"rule": "Jane Example"}, "There is no such rule"),
        ({"rule": "participants.free_text_note.has_no_personal_data"}, "cannot be waived"),
        ({"rule": "participants.sex.is_valid"}, "cannot be waived"),
        ({"rule": "aggregate.claims_stay"}, "has no question of the rule aggregate.claims_stay"),
        ({"area": "Jane Example"}, "No delivery area of"),
        ({"area": "CTW-EN02"}, "The return of CTW-EN02"),
        ({"until": "next year"}, "is no financial quarter"),
        ({"until": QUARTER.previous.previous}, "or 2025-26Q1 to end it"),
        ({"until": "2098-99Q4"}, "What is given as until"),
        ({"until": QUARTER.previous}, "there is nothing to end"),
        ({"until": QUARTER.next.next.next.next}, f"at most {MOST_QUARTERS} quarters"),
    ],
)
def test_what_cannot_be_accepted_is_refused_and_not_recorded(settings, change, said):
    with pytest.raises(SignOffError, match=said) as refusal:
        accept(settings, QUARTER, asked(**{"until": QUARTER, **change}), REASON, BY)
    assert "Jane" not in str(refusal.value)
    assert holding(settings, QUARTER) == []


@pytest.mark.parametrize("reason", ["", "Ring 07700 900123"])
def test_a_reason_is_given_and_holds_no_personal_detail(settings, reason):
    with pytest.raises(SignOffError):
        accept(settings, QUARTER, asked(), reason, BY)
    assert not (settings.home / "registers").exists()


def later(days, name="A Statistician"):
    return replace(BY, name=name, at=BY.at + timedelta(days=days))


def test_of_two_quarters_the_record_that_was_given_last_counts(settings):
    accept(settings, QUARTER, asked(QUARTER.next), REASON, later(0))
    accept(settings, QUARTER.next, asked(QUARTER), "It was mended.", later(1))
    assert holding(settings, QUARTER.next) == []
    accept(settings, QUARTER, asked(QUARTER.next), "It was not.", later(2, "Bo"))
    assert [one.name for one in holding(settings, QUARTER.next)] == ["Bo"]


@pytest.mark.parametrize("known", [QUARTER, QUARTER.next])
def test_nothing_is_accepted_in_a_quarter_that_readers_have(settings, known, monkeypatch):
    write_version(settings, known, 1, {"manifest.json": b"{}"})
    mark_published(settings, known, 1, BY.at)
    with pytest.raises(SignOffError, match=f"Readers have {known.label}.*waive {known.next.id}"):
        accept(settings, QUARTER, asked(QUARTER.next), REASON, BY)
    if known > QUARTER:
        assert accept(settings, QUARTER, asked(QUARTER), REASON, BY).until == QUARTER.id


def test_nothing_is_accepted_over_a_record_that_a_public_quarter_rests_on(settings):
    accept(settings, QUARTER, asked(QUARTER.next), REASON, BY)
    write_version(settings, QUARTER.next, 1, {"manifest.json": b"{}"})
    mark_published(settings, QUARTER.next, 1, BY.at)
    for until in (QUARTER, QUARTER.previous):
        with pytest.raises(SignOffError, match=f"Readers have {QUARTER.next.label}"):
            accept(settings, QUARTER, asked(until), REASON, later(1))
    assert len(holding(settings, QUARTER.next)) == 1


@pytest.mark.parametrize("left", [0, 1])
def test_a_sign_off_of_a_later_quarter_keeps_where_the_records_ended(settings, left):
    accept(settings, QUARTER, asked(QUARTER.next), REASON, BY)
    accept(settings, QUARTER, asked(QUARTER.previous), "It was mended.", later(1))
    write_version(settings, QUARTER.next, 1, {"manifest.json": b"{}"})
    sign(settings, QUARTER.next, 1, signed_as("0" * 64))
    for folder in ("registers", "registers/copies"):
        file = settings.home / folder / "waivers" / f"{QUARTER.id}.jsonl"
        kept = file.read_text().splitlines(keepends=True)[:left]
        file.write_text("".join(kept)) if kept else file.unlink()
    with pytest.raises(SignOffError, match="a line of it was lost or replaced"):
        holding(settings, QUARTER.next)


def test_a_file_that_is_of_no_quarter_is_named_by_its_folder(settings):
    accept(settings, QUARTER, asked(), REASON, BY)
    (settings.home / "registers" / "waivers" / "Jane.jsonl").write_text("x")
    with pytest.raises(SignOffError, match="registers/waivers, or its copy") as refusal:
        holding(settings, QUARTER)
    assert "Jane" not in str(refusal.value)


def test_a_record_that_somebody_changed_is_found(settings):
    accept(settings, QUARTER, asked(), REASON, BY)
    [file] = (settings.home / "registers" / "waivers").glob("*.jsonl")
    line = json.loads(file.read_text())
    assert line["act"] == "waiver"
    file.write_text(file.read_text().replace('"found":2,', '"found":2000,'))
    with pytest.raises(SignOffError, match="Line 1 of registers/waivers"):
        holding(settings, QUARTER)


def test_open_questions_are_counted_over_the_returns_that_count(settings):
    assert open_questions(settings, QUARTER) == (2, 1)
    assert questions_in_words(settings, QUARTER).startswith("2, for which 1 return waits for an")
    assert questions_in_words(settings, QUARTER.next) == "none is open"
