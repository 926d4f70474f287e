"""A statistician accepts questions to an area: the next judging keeps them as notes, for a time."""

from datetime import UTC, datetime

import polars as pl
import pytest
from typer.testing import CliRunner

from assets.cli import app
from assets.returns import judge_quarter
from operations.home.keys import keys_of
from operations.home.settings import Settings
from operations.landing.receive import receive_all
from operations.stores.databases import writing
from operations.stores.returns import known_submissions, open_questions, statuses_of
from pipelines.returns import report
from pipelines.synthetic.draft import Draft
from tests.pipelines.returns.small_world import AREA, NAME, QUARTER, draft

RULE = "aggregate.total_agrees_with_the_records"
REASON = "The system of the area counts joint claims twice."
WHO = ("--name", "A Statistician", "--role", "Statistician")
AT = datetime(2025, 11, 3, 9, tzinfo=UTC)


def test_the_status_says_what_it_can_while_a_build_holds_the_store(home, monkeypatch):
    monkeypatch.setenv("CTW_WAIT_STORE", "0.2")
    with writing(Settings.read().confidential):
        said = CliRunner().invoke(app, ["status"])
    assert said.exit_code == 0
    assert "Landing    1 receipt; more is not known now. Waited 0." in said.output
    assert "1 submission on record" in CliRunner().invoke(app, ["status"]).output


def wrong_totals(one, number):
    """The pack with wrong totals on so many days."""
    totals = pl.read_csv(one.files["aggregate.csv"], infer_schema=False).with_row_index("at")
    is_it = pl.col("measure_code") == "STARTS_TO_DATE"
    places = totals.filter(is_it)["at"].head(number).implode()
    value = pl.when(pl.col("at").is_in(places)).then(pl.lit("9999")).otherwise("value")
    changed = totals.with_columns(value.alias("value")).drop("at").write_csv().encode()
    return Draft(one.name, {**one.files, "aggregate.csv": changed}, one.manifest).sealed()


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home that judged a return with a wrong total on one day."""
    monkeypatch.setenv("CTW_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CTW_CODE_VERSION", "waived")
    made = Settings.read()
    keys_of(made)  # as a run does before it receives a pack
    wrong_totals(draft(), 1).write(tmp_path / "drop")
    receive_all(tmp_path / "drop", made.received, QUARTER, AT)
    judge_quarter(QUARTER)
    return made


def waive(*words):
    return CliRunner().invoke(app, ["waive", QUARTER.id, *words])


def accepted(until=QUARTER.id, area=AREA, rule=RULE, reason=REASON):
    asked = ("--rule", rule, "--area", area, "--until", until, "--reason", reason)
    return waive(*asked, *WHO)


def state_of(home, name=NAME):
    packs = known_submissions(home)
    return packs.row(by_predicate=pl.col("pack_name") == name, named=True)["status"]


def test_an_accepted_question_is_a_note_from_the_next_judging_on(home):
    asked = waive()
    assert f"{RULE}, 1, open" in asked.output
    assert state_of(home) == "accepted with queries"
    done = accepted()
    assert done.exit_code == 0, done.output
    assert (
        f"accepted until {QUARTER.label} by A Statistician, Statistician: {REASON}" in done.output
    )
    judge_quarter(QUARTER)
    assert state_of(home) == "accepted"
    assert open_questions(home, QUARTER) == (0, 0)
    records = CliRunner().invoke(app, ["records"]).output
    assert f"waiver of 1 finding of {RULE} to {AREA}, given for {QUARTER.label}" in records


def test_more_than_were_accepted_are_asked_about_again(home, tmp_path):
    accepted()
    wrong_totals(draft().again(), 2).write(tmp_path / "drop")
    receive_all(tmp_path / "drop", home.received, QUARTER, AT)
    judge_quarter(QUARTER)
    assert open_questions(home, QUARTER) == (2, 1)
    assert f"open again: 1 were accepted until {QUARTER.label}, as they were then" in waive().output


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"rule": "participants.sex.is_valid"}, "cannot be waived"),
        ({"area": "CTW-EN99"}, "No delivery area"),
        ({"until": "soon"}, "no financial quarter"),
        ({"reason": "Ring 07700 900123"}, "looks like a telephone number"),
    ],
)
def test_a_refusal_is_one_message_and_leaves_no_trace(home, change, said):
    done = accepted(**change)
    assert done.exit_code == 1
    assert said in done.output
    assert "Traceback" not in done.output
    held = [file for file in home.home.rglob("*") if file.is_file()]
    assert not [file for file in held if b"07700 900123" in file.read_bytes()]
    assert not (home.home / "registers" / "waivers").exists()


def test_the_report_says_which_status_the_pack_had_before(home):
    [(number, [(first, at)])] = statuses_of(home).items()
    accepted()
    packs = judge_quarter(QUARTER)
    history = statuses_of(home)[number]
    assert [status for status, _ in history] == [first, "accepted"]
    said = dict(report(packs, number, history=history).facts)
    assert said["Statuses before"] == f"accepted with queries from {at:%Y-%m-%d %H:%M:%S} UTC"
    assert "Statuses before" not in dict(report(packs, number, history=history[:1]).facts)
