"""Values written in another way are read where a column leaves one meaning, and a note says so."""

# ruff: noqa: E501 - one example a line
from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from pipelines.returns.judging.writings import rewritten
from pipelines.synthetic.draft import Draft
from schemas.returns import PACK
from tests.pipelines.returns.small_world import NAME, draft, judge, world

RULE = "pack.values_have_the_form_of_the_template"


def rows(declared, name, cells, packs=None):
    """Return text rows in which one column holds these cells."""
    blank = dict.fromkeys(declared.names, [None] * len(cells))
    frame = pl.DataFrame({**blank, name: cells}, schema=dict.fromkeys(declared.names, pl.String()))
    return frame.with_columns(pack=pl.Series(packs or [0] * len(cells), dtype=pl.Int64))


@pytest.mark.parametrize(
    ("file", "column", "sent", "read", "words"),
    [
        ("participants", "sex", ["f", "M"], ["F", "M"], "1 written in other letters"),
        ("participants", "disadv_groups", ["carer;Homeless"], ["CARER;HOMELESS"], "1 written"),
        ("participants", "disadv_groups", ["CARER, homeless"], ["CARER;HOMELESS"], "apart by commas"),
        ("participants", "model", [" Ips ", None], ["IPS", None], "1 written in other letters"),
        ("aggregate", "breakdown_1_type", ["MODEL"], ["model"], "1 written in other letters"),
        ("participants", "participant_ref", ["en01-00001"], ["EN01-00001"], "small letters"),
        ("participants", "episode_no", ["1.0", "2"], ["1", "2"], "1 written as whole numbers"),
        ("aggregate", "value", ["1,234", "12,345,678.50"], ["1234", "12345678.50"], "2 written"),
        ("aggregate", "value", ["£12.50", "£ 1,000"], ["12.50", "1000"], "pound sign"),
        ("participants", "start_date", ["2026-09-30 00:00:00"], ["2026-09-30"], "time of 00:00:00"),
        ("participants", "start_date", ["2026-09-30T00:00"], ["2026-09-30"], "time of 00:00:00"),
        ("participants", "start_date", ["03/05/2026", "14/03/2026"], ["2026-05-03", "2026-03-14"], "2 written as dd/mm/yyyy"),
        ("participants", "start_date", ["46091", "2026-03-14", "46092"], ["2026-03-10", "2026-03-14", "2026-03-11"], "2 written as numbers"),
        ("participants", "birth_year_month", ["05/1984", "1984-05-01"], ["1984-05", "1984-05"], "as mm/yyyy"),
    ],
)  # fmt: skip
def test_what_has_one_meaning_is_read_and_noted(file, column, sent, read, words):
    declared = getattr(PACK, file)
    text, notes = rewritten(rows(declared, column, sent), declared)
    stripped = [cell and cell.strip() for cell in text[column].to_list()]
    assert stripped == read
    assert set(notes["rule_id"]) == {RULE}
    assert any(words in found for found in notes["found"])
    assert all(found.startswith(f"{column}: ") for found in notes["found"])


@pytest.mark.parametrize(
    ("file", "column", "sent"),
    [
        ("participants", "start_date", ["03/05/2026", "04/06/2026"]),  # the day could be either
        ("participants", "start_date", ["14/03/2026", "03/14/2026"]),  # both ways in one column
        ("participants", "start_date", ["14/03/2026", "31/02/2026"]),  # a day that does not exist
        ("participants", "start_date", ["46091", "soon"]),  # not the whole column
        ("participants", "start_date", ["2026-09-30 14:00:00"]),
        ("participants", "episode_no", ["1.5"]),
        ("participants", "episode_no", ["1,5"]),
        ("aggregate", "value", ["12,34"]),
        ("participants", "sex", ["female"]),
        ("participants", "birth_year_month", ["1984-05-17"]),
        ("participants", "birth_year_month", ["05/84"]),
    ],
)
def test_what_could_mean_two_things_stays_as_it_was_sent(file, column, sent):
    declared = getattr(PACK, file)
    text, notes = rewritten(rows(declared, column, sent), declared)
    assert text[column].to_list() == sent
    assert RULE not in notes["rule_id"].to_list()


def test_each_pack_is_decided_by_its_own_column():
    sent = ["14/03/2026", "03/05/2026", "03/05/2026"]
    text, notes = rewritten(
        rows(PACK.participants, "start_date", sent, [0, 0, 1]), PACK.participants
    )
    assert text["start_date"].to_list() == ["2026-03-14", "2026-05-03", "03/05/2026"]
    assert notes.filter(rule_id=RULE)["pack"].to_list() == [0]


def slashed(text: str) -> str:
    return "/".join(reversed(text.split("-"))) if text else text


def test_a_pack_with_dates_of_the_day_first_is_judged_as_the_right_one_is(tmp_path: Path):
    lines = draft().files["participants.csv"].decode().rstrip("\n").split("\n")
    at = lines[0].split(",").index("referral_date")
    cells = [line.split(",") for line in lines]
    changed = [",".join([*c[:at], slashed(c[at]), *c[at + 1 :]]) for c in cells[1:]]
    data = "\n".join([lines[0], *changed, ""]).encode()
    files = {**draft().files, "participants.csv": data}
    sent = judge(Draft(NAME, files, draft().manifest).sealed().write(tmp_path))
    right = judge(world() / NAME)
    assert sent.submissions["status"].to_list() == ["accepted"]
    assert sent.participants.drop("submission_id").equals(right.participants.drop("submission_id"))
    [found] = sent.findings.filter(rule_id=RULE).to_dicts()
    assert found["message"].endswith(f"referral_date: {len(changed)} written as dd/mm/yyyy.")
    assert found["severity"] == "note"
