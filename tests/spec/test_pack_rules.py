"""Every rule of a pack as a whole, by a pack that breaks it; the right pack breaks none."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from pipelines.returns import Judged
from pipelines.synthetic.draft import Draft, zipped, zipped_folder
from pipelines.synthetic.faults.of_containers import unsafe_zip
from schemas.returns import PACK, Severity
from tests.pipelines.returns.packs.hostile import HOSTILE
from tests.pipelines.returns.small_world import (
    AREA,
    NAME,
    QUARTER,
    broken,
    copied,
    draft,
    judge,
    world,
)
from tests.pipelines.returns.workbooks import NOTED, REFUSED

Make = Callable[[Path], list[Path]]


def manifest(**changes: object) -> Make:
    """Write the pack with other values in its manifest, and the name it has."""
    return lambda out: [replace(draft(), manifest={**draft().manifest, **changes}).write(out)]


def renamed(**changes: object) -> Make:
    """Write the pack with other values in its manifest, and the name that goes with them."""

    def make(out: Path) -> list[Path]:
        reported = {**draft().manifest, **changes}
        name = f"{AREA}_{reported['period_id']}_v{reported['submission_sequence']}"
        return [replace(draft(), name=name, manifest=reported).write(out)]

    return make


def file(name: str, edit: Callable[[bytes], bytes | None], *, seal: bool = True) -> Make:
    """Write the pack with one file changed, or left out."""

    def make(out: Path) -> list[Path]:
        data = edit(draft().files[name])
        files = {n: d for n, d in draft().files.items() if n != name}
        one = Draft(NAME, {**files, **({} if data is None else {name: data})}, draft().manifest)
        return [(one.sealed() if seal else one).write(out)]

    return make


def raw(name: str, data: bytes) -> Make:
    """Write a file in place of a pack."""

    def make(out: Path) -> list[Path]:
        (out / name).write_bytes(data)
        return [out / name]

    return make


def manifest_text(text: str | None) -> Make:
    """Write the pack with another manifest.json, or none."""

    def make(out: Path) -> list[Path]:
        folder = copied(out)
        if text is None:
            (folder / "manifest.json").unlink()
        else:
            (folder / "manifest.json").write_text(text, encoding="utf-8")
        return [folder]

    return make


def empty(out: Path) -> list[Path]:
    (out / NAME).mkdir()
    return [out / NAME]


def stray(out: Path) -> list[Path]:
    folder = copied(out)
    (folder / "macros.xlsm").write_bytes(b"PK")
    return [folder]


def named_after_somebody(out: Path) -> list[Path]:
    folder = copied(out)
    (folder / "Gwen_Pritchard.txt").write_bytes(b"x")
    return [folder]


def sent_twice(out: Path) -> list[Path]:
    (out / f"{NAME}.zip").write_bytes(zipped_folder(world() / NAME))
    return [world() / NAME, out / f"{NAME}.zip"]


def changed_without_a_new_number(out: Path) -> list[Path]:
    return [
        world() / NAME,
        replace(draft(), manifest={**draft().manifest, "notes": "x"}).write(out),
    ]


def misnamed(out: Path) -> list[Path]:
    return [replace(draft(), name="AB001234C").write(out)]


def with_a_line(data: bytes) -> bytes:
    return data + data.split(b"\n")[-2] + b"\n"


def headers_only(out: Path) -> list[Path]:
    files = {name: data.split(b"\n")[0] + b"\n" for name, data in draft().files.items()}
    return [replace(draft(), files=files).sealed().write(out)]


def with_a_comma_at_the_end_of_every_row(data: bytes) -> bytes:
    header, _, rows = data.partition(b"\n")
    return header + b"\n" + rows.replace(b"\n", b",\n")


def in_capitals(out: Path) -> list[Path]:
    folder = copied(out)
    for name in ("participants.csv", "manifest.json"):
        (folder / name).rename(folder / name.upper())
    return [folder]


def with_columns(**columns: pl.Expr) -> Callable[[bytes], bytes]:
    """Give columns of a file other values."""
    return lambda d: pl.read_csv(d, infer_schema=False).with_columns(**columns).write_csv().encode()


SWAPPED = with_columns(sex=pl.col("consent_evaluation"), consent_evaluation=pl.col("sex"))
BREAKS: dict[str, Make] = {
    "pack_is_of_a_known_kind": raw(f"{NAME}.xlsb", b"PK"),
    "pack_can_be_read": raw(f"{NAME}.zip", b"PK\x03\x04 cut off"),
    "pack_has_no_password": lambda out: [HOSTILE["encrypted zip"][0](out, NAME)],
    "pack_is_within_limits": raw(f"{NAME}.zip", unsafe_zip("participants.csv")),
    "pack_holds_plain_files": lambda out: [HOSTILE["pipe"][0](out, NAME)],
    "names_stay_in_the_pack": raw(f"{NAME}.zip", unsafe_zip("../participants.csv")),
    "names_are_distinct": lambda out: [HOSTILE["two names that are one"][0](out, NAME)],
    "pack_is_not_empty": empty,
    "manifest_is_there": manifest_text(None),
    "manifest_is_json": manifest_text("{not json"),
    "manifest_is_complete": manifest(contact_email=None),
    "template_is_known": manifest(template_id="another-return"),
    "template_is_current": manifest(template_version="0.9.0"),
    "name_has_the_form_of_a_pack": misnamed,
    "name_agrees_with_manifest": manifest(submission_sequence=2),
    "period_has_ended": renamed(period_id=QUARTER.next.id),
    "period_is_the_one_collected": renamed(period_id=QUARTER.previous.id),
    "period_exists": renamed(period_id="2025-27Q1"),
    "pack_is_new": sent_twice,
    "sequence_rises": changed_without_a_new_number,
    "sequence_is_near": renamed(submission_sequence=99),
    "files_are_there": file("events.csv", lambda data: None),
    "hash_agrees_with_manifest": file("events.csv", with_a_line, seal=False),
    "row_count_agrees_with_manifest": manifest(
        files=[{**entry, "rows": entry["rows"] + 1} for entry in draft().manifest["files"]]
    ),
    "nil_return_has_no_rows": manifest(nil_return=True),
    "participants_are_there": headers_only,
    "enough_rows_are_accepted": file("participants.csv", with_a_comma_at_the_end_of_every_row),
    "file_is_not_empty": file("events.csv", lambda data: b"\n"),
    "file_is_text": file("events.csv", lambda data: data + b"\0"),
    "columns_are_those_of_the_template": file("events.csv", lambda d: d.replace(b"attended", b"a")),
    "encoding_is_utf8": file("aggregate.csv", lambda d: d.rstrip(b"\n") + b"Caf\xe9\n"),
    "file_has_the_form_of_the_template": file("events.csv", lambda d: d.replace(b",", b";")),
    "values_have_the_form_of_the_template": file(
        "events.csv", lambda data: data.replace(b",JOB_START,", b",job_start,")
    ),
    "file_names_are_those_of_the_template": in_capitals,
    "manifest_gives_each_field_once": manifest_text('{"nil_return": true, "nil_return": false}'),
    "pack_is_prepared_before_it_comes": manifest(prepared_at="2099-01-01T09:00:00+00:00"),
    "columns_are_in_their_places": file("participants.csv", SWAPPED),
    "values_have_one_meaning": file(
        "participants.csv", with_columns(referral_date=pl.lit("03/04/2025"))
    ),
    "row_can_be_read": file("events.csv", lambda data: data + b"one,two\n"),
    "manifest_has_known_fields": manifest(favourite="blue"),
    "manifest_holds_no_personal_data": manifest(**{"favourite AB123456C": "blue"}),
    "pack_holds_no_personal_data": named_after_somebody,
    "only_known_files": stray,
}


# Rules of workbooks alone: tested in packs/test_workbooks.py, which takes the same path.
OF_WORKBOOKS = {rule for _, rule, _ in (*REFUSED.values(), *NOTED.values())} - set(BREAKS)


# Of history, our own code and later quarters: tested in test_history, test_figures_before,
# test_levels, test_floor, test_boundary and test_landing.
ELSEWHERE = {
    "pack_waits_for_its_quarter",
    *OF_WORKBOOKS,
    "counts_to_date_do_not_fall",
    "area_is_not_at_zero",
    "starts_are_within_control_limits",
    "participants_stay",
    "figures_stay",
    "most_participants_stay",
    "pack_is_as_received",
    "pack_can_be_judged",
}
REFUSING = [rule.id for rule in PACK.rules if rule.severity is Severity.REJECT_FILE]


OTHER = next(p for p in sorted(world().iterdir()) if p.name != NAME)
"""The right pack of another area."""


@pytest.fixture(scope="module")
def judged_alone(tmp_path_factory) -> Callable[[str], Judged]:
    """What judges the pack that breaks a rule, once for all tests."""
    return cache(lambda rule: judge(*BREAKS[rule](tmp_path_factory.mktemp("broken"))))


@pytest.mark.parametrize("rule", [rule.id for rule in PACK.rules if rule.id not in ELSEWHERE])
def test_a_pack_that_breaks_the_rule_is_found(rule: str, judged_alone):
    assert f"pack.{rule}" in broken(judged_alone(rule))


TEMPLATE = " or ".join(PACK.accepted_versions)
ROWS = {entry["name"]: entry["rows"] for entry in draft().manifest["files"]}
SAYS = {
    "pack_is_of_a_known_kind": r"It is a binary workbook \(.xlsb\)\.",
    "pack_can_be_read": "The zip file is damaged.",
    "pack_is_within_limits": r"Its files are 1,\d\d\d times as large as the zip file; at most 200",
    "pack_holds_plain_files": "There is a pipe; only plain files are read.",
    "manifest_is_json": "It cannot be read from line 1, column 2.",
    "template_is_known": "ctw-return was expected.",
    "template_is_current": f"0.9.0 was found, {TEMPLATE} was expected.",
    "name_agrees_with_manifest": "Sequence: 1 in the name, 2 in the manifest.",
    "period_has_ended": f"{QUARTER.next.id} was found, {QUARTER.id} is collected.",
    "period_is_the_one_collected": f"{QUARTER.previous.id} was found, {QUARTER.id} is collected.",
    "period_exists": f"2025-27Q1 was found, {QUARTER.id} is collected.",
    "pack_is_new": f"It was accepted as {NAME}, receipt [0-9a-f]{{16}}.",
    "sequence_rises": "1 was found; 1 was accepted before, so 2 comes next.",
    "sequence_is_near": "99 was found; 0 packs of the area and quarter came before, and none was "
    "accepted, so 1 comes next.",
    "hash_agrees_with_manifest": "It begins with [0-9a-f]{12}; the manifest gives another one",
    "row_count_agrees_with_manifest": (
        rf"It has {ROWS['participants.csv']} below its header; "
        rf"the manifest says {ROWS['participants.csv'] + 1}."
    ),
    "nil_return_has_no_rows": f"rows: participants.csv {ROWS['participants.csv']}, events.csv ",
    "enough_rows_are_accepted": f"0 of its {ROWS['participants.csv']} rows could be kept.",
    "file_is_text": "It holds bytes that no text has",
    "columns_are_those_of_the_template": "It lacks attended. The template does not have its "
    "columns number [0-9]+.",
    "file_has_the_form_of_the_template": "Its separator is a semicolon.",
    "values_have_the_form_of_the_template": "event_type: [0-9]+ written in other letters",
    "file_names_are_those_of_the_template": "They are manifest.json, participants.csv.",
    "manifest_gives_each_field_once": "It gives nil_return more than once.",
    "pack_is_prepared_before_it_comes": "It says 1 January 2099; the pack came on 20 January 2026.",
    "encoding_is_utf8": "It was read as Windows-1252.",
    "columns_are_in_their_places": "Columns sex and consent_evaluation look swapped.",
    "values_have_one_meaning": "referral_date: [0-9]+ written as dd/mm/yyyy.",
    "row_can_be_read": "It has 2 fields; 1[0-9] were expected.",
    "manifest_has_known_fields": "It has 1 such field.",
    "pack_holds_no_personal_data": (
        "It stands in: the name of a file that the template does not have."
    ),
    "only_known_files": "Not read: 1 of its 5 files.",
}
# The rule alone says all that there is to say.
SAYS_ALL = {
    "pack_has_no_password",
    "names_stay_in_the_pack",
    "names_are_distinct",
    "pack_is_not_empty",
    "manifest_is_there",
    "manifest_is_complete",
    "name_has_the_form_of_a_pack",
    "files_are_there",
    "participants_are_there",
    "file_is_not_empty",
    "manifest_holds_no_personal_data",
}


@pytest.mark.parametrize("rule", [rule for rule in BREAKS if rule not in SAYS_ALL])
def test_the_finding_says_what_was_found_and_what_was_expected(rule: str, judged_alone):
    found = judged_alone(rule).findings.filter(rule_id=f"pack.{rule}")
    stated = next(r for r in PACK.rules if r.id == rule).message
    for message in found["message"]:
        assert message.startswith(f"{stated} ")
    assert re.search(SAYS[rule], found["message"][0])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"delivery_area_code": "CTW-EN02"}, "Delivery area: CTW-EN01 in the name, CTW-EN02 in"),
        ({"delivery_area_code": "Ann Other"}, "CTW-EN01 in the name, something else in the man"),
        ({"period_id": "Ann Other"}, f"something else was found, {QUARTER.id} is collected."),
        ({"template_version": "Ann Other"}, f"something else was found, {TEMPLATE} was expected."),
    ],
)
def test_a_word_that_was_sent_is_shown_only_when_it_is_right_in_itself(changes, expected, tmp_path):
    messages = judge(*manifest(**changes)(tmp_path)).findings["message"].to_list()
    assert any(expected in message for message in messages)
    assert "Ann" not in str(messages)


@pytest.mark.parametrize(
    ("sent", "message"),
    [("in/events.csv", "one in a folder"), ("in/Events.CSV", "one in a folder")],
)
def test_a_file_that_lies_elsewhere_in_the_pack_is_pointed_out(sent, message, tmp_path):
    files = {sent if name == "events.csv" else name: d for name, d in draft().files.items()}
    one = zipped({**files, "manifest.json": json.dumps(draft().manifest).encode()})
    found = judge(*raw(f"{NAME}.zip", one)(tmp_path)).findings
    missing = found.filter(rule_id="pack.files_are_there").row(0, named=True)
    assert missing["file"] == "events.csv"
    assert message in missing["message"]


@pytest.mark.parametrize("pack", [world() / NAME, OTHER], ids=["NAME", "OTHER"])
def test_the_right_pack_breaks_no_rule_of_packs(pack: Path):
    assert not [rule for rule in broken(judge(pack)) if rule.startswith("pack.")]


@pytest.mark.slow
@pytest.mark.parametrize("rule", [rule for rule in REFUSING if rule not in ELSEWHERE])
def test_a_refused_pack_stops_no_other_and_leaves_no_row(rule: str, tmp_path: Path):
    judged = judge(*BREAKS[rule](tmp_path), OTHER)
    statuses = dict(judged.submissions.select("pack_name", "status").rows())
    assert statuses.pop(OTHER.name) != "rejected"
    assert "rejected" in judged.submissions["status"].to_list()
    ids = judged.submissions.filter(status="rejected")["submission_id"]
    for frame in (judged.participants, judged.events, judged.aggregate, judged.organisations):
        assert not frame["submission_id"].is_in(ids.to_list()).any()


@pytest.mark.slow
def test_a_manifest_of_another_shape_is_refused_with_words_not_with_a_crash(tmp_path: Path):
    shapes = ["[]", "3", '"text"', "null", "{}", json.dumps({"files": 3, "organisations": "x"})]
    shapes += [json.dumps({**draft().manifest, "files": [None, [], {"name": {}, "rows": []}]})]
    shapes += [json.dumps({**draft().manifest, "prepared_by_role": "\ud800" * 90})]
    for at, shape in enumerate(shapes):
        (tmp_path / str(at)).mkdir()
        judged = judge(*manifest_text(shape)(tmp_path / str(at)))
        assert judged.submissions["status"].to_list() == ["rejected"]
