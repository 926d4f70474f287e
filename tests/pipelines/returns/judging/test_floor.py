"""A pack of which too little is left does not become the return of its area."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from pipelines.returns import Judged, as_html, report
from pipelines.synthetic.draft import Draft
from schemas.returns.pack import LEAST_SHARE_ACCEPTED
from tests.pipelines.returns.small_world import NAME, broken, current, draft, judge, world

TOO_FEW = "pack.enough_rows_are_accepted"
NOBODY = "pack.participants_are_there"
MOST_GONE = "pack.most_participants_stay"


def with_faults(rows: int, one: Draft | None = None) -> Draft:
    """Return a pack in which the first rows of participants.csv have a code that does not exist."""
    one = one or draft()
    people = pl.read_csv(one.files["participants.csv"], infer_schema=False)
    wrong = pl.int_range(pl.len()) < rows
    people = people.with_columns(
        pl.when(wrong).then(pl.lit("NONE_SUCH")).otherwise("sex").alias("sex")
    )
    return replace(
        one, files={**one.files, "participants.csv": people.write_csv().encode()}
    ).sealed()


def people() -> int:
    return draft().files["participants.csv"].count(b"\n") - 1


def headers_only(one: Draft) -> Draft:
    files = {name: data.split(b"\n")[0] + b"\n" for name, data in one.files.items()}
    return replace(one, files=files).sealed()


def outcome(judged: Judged) -> list[tuple[str, bool]]:
    return judged.submissions.select("status", "is_current").rows()


def test_a_pack_without_rows_is_told_so_also_after_one_with_rows(tmp_path: Path):
    again = headers_only(draft().again()).write(tmp_path)
    judged = judge(world() / NAME, again)
    assert NOBODY in broken(judged)
    assert MOST_GONE not in broken(judged)
    assert outcome(judged) == [("accepted", True), ("rejected", False)]


@pytest.mark.parametrize(
    ("faulty", "status"),
    [
        (int(people() * (1 - LEAST_SHARE_ACCEPTED)), "partially accepted"),
        (int(people() * (1 - LEAST_SHARE_ACCEPTED)) + 1, "rejected"),
        (people(), "rejected"),
    ],
)
def test_at_least_half_of_the_participants_have_to_be_kept(
    faulty: int, status: str, tmp_path: Path
):
    judged = judge(with_faults(faulty).write(tmp_path))
    assert judged.submissions["status"].to_list() == [status]
    assert (TOO_FEW in broken(judged)) == (status == "rejected")


def test_one_cause_that_hits_every_row_is_answered_with_the_rows_and_the_verdict(tmp_path: Path):
    one = draft()
    header, _, rows = one.files["participants.csv"].partition(b"\n")
    files = {**one.files, "participants.csv": header + b"\n" + rows.replace(b"\n", b",\n")}
    judged = judge(replace(one, files=files).sealed().write(tmp_path))
    found = judged.findings.filter(file="participants.csv")
    assert {TOO_FEW, "pack.row_can_be_read"} <= set(found["rule_id"])
    made = report(judged, judged.submissions["submission_id"].item())
    assert made.not_run == ("All checks of rows that cannot be read.",)
    assert "Fewer than 50% of the rows of participants.csv could be kept" in as_html(made)


def test_the_report_on_a_first_pack_says_that_nothing_was_there_to_compare_it_with():
    judged = judge(world() / NAME)
    made = report(judged, judged.submissions["submission_id"].item())
    said = "Comparisons with the return before: none that holds rows was accepted."
    limits = "Control limits of the starts: they need more quarters before, with more starts."
    assert made.not_run == (said, limits)


def test_an_earlier_accepted_pack_of_the_quarter_stands(tmp_path: Path):
    judged = judge(world() / NAME, with_faults(people(), draft().again()).write(tmp_path))
    assert outcome(judged) == [("accepted", True), ("rejected", False)]
    alone = judge(world() / NAME)
    kept = current(judged, judged.participants)
    assert kept.drop("submission_id").equals(alone.participants.drop("submission_id"))


def test_no_row_of_a_pack_below_the_floor_is_kept_and_all_count_as_rejected(tmp_path: Path):
    judged = judge(with_faults(people()).write(tmp_path))
    for frame in (judged.participants, judged.events, judged.aggregate, judged.organisations):
        assert frame.is_empty()
    submission = judged.submissions.row(0, named=True)
    assert submission["rows_received"] == submission["rows_rejected"] > people()
    assert judged.quarantine.is_empty()


def test_empty_files_are_refused_unless_the_area_says_that_it_has_nothing(tmp_path: Path):
    silent = judge(headers_only(draft()).write(tmp_path / "silent"))
    assert outcome(silent) == [("rejected", False)]
    assert NOBODY in broken(silent)
    declared = replace(draft(), manifest={**draft().manifest, "nil_return": True})
    assert outcome(judge(headers_only(declared).write(tmp_path / "declared"))) == [
        ("accepted", True)
    ]


def test_a_nil_return_does_not_replace_a_return_that_holds_people(tmp_path: Path):
    declared = replace(draft().again(), manifest={**draft().again().manifest, "nil_return": True})
    judged = judge(world() / NAME, headers_only(declared).write(tmp_path))
    assert outcome(judged) == [("accepted", True), ("rejected", False)]
    assert MOST_GONE in broken(judged)
    found = judged.findings.filter(rule_id=MOST_GONE).row(0, named=True)
    assert found["message"].endswith(f" It keeps 0; the return before has {people()}.")
    made = report(judged, found["submission_id"])
    assert not [check for check in made.not_run if "consistency" in check]  # its rows were judged


def with_first(rows: int, one: Draft) -> Draft:
    """Return a pack that holds the first rows of participants.csv alone."""
    lines = one.files["participants.csv"].split(b"\n")
    kept = b"\n".join(lines[: rows + 1]) + b"\n"
    return replace(one, files={**one.files, "participants.csv": kept}).sealed()


@pytest.mark.parametrize("short", [0, 1])
def test_a_later_pack_keeps_at_least_half_of_the_people_that_the_area_had(
    short: int, tmp_path: Path
):
    half = -(-people() // 2) - short
    judged = judge(world() / NAME, with_first(half, draft().again()).write(tmp_path))
    assert (MOST_GONE in broken(judged)) == bool(short)
    assert judged.submissions["is_current"].to_list() == ([True, False] if short else [False, True])


def with_other_references(*blank: str) -> Draft:
    """Return the pack again with a new reference for each participant, and some columns blank."""
    one = draft().again()
    files = dict(one.files)
    for name in ("participants.csv", "events.csv"):
        rows = pl.read_csv(files[name], infer_schema=False)
        emptied = [pl.lit(None, pl.String).alias(column) for column in blank if column in rows]
        rows = rows.with_columns(
            pl.concat_str(pl.lit("Z"), "participant_ref").alias("participant_ref"), *emptied
        )
        files[name] = rows.write_csv().encode()
    return replace(one, files=files).sealed()


def test_other_people_in_the_same_number_do_not_stand_for_those_who_are_gone(tmp_path: Path):
    judged = judge(world() / NAME, with_other_references("nino").write(tmp_path))
    assert outcome(judged) == [("accepted", True), ("rejected", False)]
    [message] = judged.findings.filter(rule_id=MOST_GONE)["message"]
    assert message.endswith(f" It keeps 0; the return before has {people()}.")
    assert set(judged.participants["submission_sequence"]) == {1}


def test_an_area_may_number_its_cases_anew_where_their_numbers_say_who_they_are(tmp_path: Path):
    judged = judge(world() / NAME, with_other_references().write(tmp_path))
    assert MOST_GONE not in broken(judged)
    assert "pack.participants_stay" in broken(judged)
    assert judged.submissions["is_current"].to_list() == [False, True]


def test_blank_rows_of_a_spreadsheet_do_not_count_as_rows(tmp_path: Path):
    one = draft()
    blank = b"," * one.files["participants.csv"].split(b"\n")[0].count(b",") + b"\n"
    padded = {
        **one.files,
        "participants.csv": one.files["participants.csv"] + blank * 3 * people(),
    }
    judged = judge(replace(one, files=padded).sealed().write(tmp_path / "padded"))
    assert outcome(judged) == [("accepted", True)]
    header = one.files["participants.csv"].split(b"\n")[0] + b"\n"
    only = replace(one, files={**one.files, "participants.csv": header + blank * 9}).sealed()
    assert NOBODY in broken(judge(only.write(tmp_path / "only")))


def test_the_made_up_world_says_when_an_area_has_nobody(tmp_path: Path):
    from pipelines.synthetic import simulate
    from tests.pipelines.returns.small_world import QUARTER

    paths = simulate(QUARTER, 3, seed=3, out=tmp_path, first=QUARTER)
    nil = [path for path in paths if Draft.read(path).manifest["nil_return"]]
    assert nil
    assert set(judge(*paths).submissions["status"]) == {"accepted"}
