"""Identifiers never leave the returns room, whatever areas send."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import lxml.etree
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.returns import Judged, as_csv, as_html, as_xlsx, report
from pipelines.returns.judging.judge import judge_rows
from pipelines.returns.process import process_packs
from pipelines.returns.pseudonyms import pseudonymise
from pipelines.synthetic.draws import ninos
from schemas.person_codes import looks_like_nino
from schemas.personal import looks_personal
from schemas.returns import PACK, judged_columns
from tests.pipelines.returns.small_world import (
    KEY,
    NAME,
    QUARTER,
    draft,
    judge,
    landed,
    with_text,
    world,
)
from tests.spec.return_examples import PARTICIPANT
from tests.spec.test_return_rules import beside, text

FRAMES = tuple(judged_columns())
STAYS = {f.name for declared in PACK.returns for f in declared.fields if f.stays}


def everything(judged: Judged) -> str:
    """Return all text of all frames and reports."""
    frames = [getattr(judged, name).write_csv() for name in FRAMES]
    for submission in judged.submissions["submission_id"]:
        made = report(judged, submission)
        frames += [as_csv(made), as_html(made), text_of(as_xlsx(made))]
    return "\n".join(frames)


def text_of(workbook: bytes) -> str:
    """Return all text of all parts of a workbook: cells, names of sheets, properties."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as book:
        parts = [lxml.etree.fromstring(book.read(name)) for name in book.namelist()]
    return "\n".join(text for part in parts for text in part.itertext())


def test_no_identifier_is_a_column_of_any_frame():
    assert {"participant_ref", "nino", "event_ref", "specialist_ref", "free_text_note"} <= STAYS
    for columns in judged_columns().values():
        assert not STAYS & {column.name for column in columns}


def test_no_identifier_of_any_row_is_in_any_frame_or_report():
    judged = judge(*sorted(world().iterdir()))
    held = everything(judged)
    for path in world().iterdir():
        for file, names in (
            ("participants.csv", ("participant_ref", "nino", "specialist_ref")),
            ("events.csv", ("event_ref",)),
        ):
            sent = pl.read_csv(path / file, infer_schema=False)
            for name in names:
                values = [v for v in sent[name].drop_nulls().unique() if len(v) > 5]
                assert not [value for value in values if value in held], name
    assert "council.example" not in held


WORD = st.text(st.sampled_from("ABCNZ019 -@.'\"<=é"), min_size=7, max_size=14).map(
    lambda text: f"Z{text}Q"
)


@settings(max_examples=20, deadline=None)
@given(secret=WORD, column=st.sampled_from(sorted(STAYS & set(PACK.participants.names))))
def test_whatever_stands_in_an_identifier_does_not_come_out(
    tmp_path_factory: pytest.TempPathFactory, secret: str, column: str
):
    one = draft()
    rows = pl.read_csv(one.files["participants.csv"], infer_schema=False)
    here = pl.int_range(pl.len()) == 1
    changed = rows.with_columns(
        pl.when(here).then(pl.lit(secret)).otherwise(pl.col(column)).alias(column)
    )
    one.files["participants.csv"] = changed.write_csv().encode()
    judged = judge(one.sealed().write(tmp_path_factory.mktemp("secret")))
    assert secret not in everything(judged)


@pytest.mark.parametrize(
    "note",
    [
        "NI AB 00 12 34 C", "ni ab001234", "ring 07700 900123", "+44 7700 900123", "a.b@c.example",
        "lives at SW1A 1AA", "sw1a1aa", "DOB 3/4/1980", "born on 3.4.80",
    ],
)  # fmt: skip
def test_personal_data_in_free_text_is_seen(note: str):
    assert pl.select(looks_personal(pl.lit(note))).item()


@pytest.mark.parametrize("note", ["Prefers mornings", "Room 12, 2nd floor", "Ends 2026-09-30", ""])
def test_ordinary_words_are_not_taken_for_personal_data(note: str):
    assert not pl.select(looks_personal(pl.lit(note))).item()


def test_a_national_insurance_number_in_place_of_a_code_costs_the_row(tmp_path: Path):
    one = with_text(draft(), "participants.csv", ",LA-01,", ",AB001234C,")
    judged = judge(one.write(tmp_path))
    assert "participants.delivery_org_code.is_no_nino" in set(judged.findings["rule_id"])
    assert "AB001234C" not in everything(judged)


def test_the_raw_name_of_a_file_in_a_pack_is_in_no_report(tmp_path: Path):
    folder = draft().write(tmp_path)
    (folder / "Ann Smith AB001234C.csv").write_text("a,b\n1,2\n")
    (folder / "participants (Ann Smith).csv").write_text("a,b\n1,2\n")
    judged = judge(folder)
    assert "pack.only_known_files" in set(judged.findings["rule_id"])
    assert "Ann Smith" not in everything(judged)
    assert "AB001234C" not in everything(judged)


def test_the_text_of_a_workbook_is_looked_through():
    judged = judge(world() / NAME)
    book = as_xlsx(report(judged, judged.submissions["submission_id"][0]))
    assert NAME in text_of(book)


@pytest.mark.parametrize("name", PACK.manifest.names)
def test_a_national_insurance_number_anywhere_in_a_manifest_is_not_shown(name: str, tmp_path: Path):
    one = replace(draft(), manifest={**draft().manifest, name: "AB001234C"})
    assert "AB001234C" not in everything(judge(one.write(tmp_path)))
    folder = tmp_path / f"AB001234C_{QUARTER.id}_v1"
    folder.mkdir()
    assert "AB001234C" not in everything(judge(folder))


def test_the_name_of_a_pack_is_shown_without_a_national_insurance_number(tmp_path: Path):
    (tmp_path / "AB001234C").mkdir()
    assert "AB001234C" not in everything(judge(tmp_path / "AB001234C"))


def accepted(**changes: str | None) -> pl.DataFrame:
    row = {**PARTICIPANT, **changes}
    declared = PACK.participants
    rows = judge_rows(text(declared, [row]), declared, beside("participants", {"row": row}))
    return rows.accepted.with_columns(
        submission_id=pl.lit("s"), delivery_area_code=pl.lit("CTW-EN01"),
        period_id=pl.lit("2026-27Q2"), submission_sequence=pl.lit(1, pl.Int64),
    )  # fmt: skip


def pseudonyms(key: bytes = KEY, area: str = "CTW-EN01", **changes: str | None) -> tuple[str, ...]:
    rows = accepted(**changes).with_columns(delivery_area_code=pl.lit(area))
    landed_rows = pseudonymise(rows, PACK.participants, key)
    return landed_rows.select("person_id", "episode_id", "specialist_id").row(0)


def test_a_pseudonym_is_the_keyed_hash_that_it_says():
    identity = b"AB001234C|1984-05-01|F"
    person = hashlib.blake2b(identity, key=KEY, digest_size=16, person=b"person_id").hexdigest()
    assert pseudonyms()[0] == person


def test_the_same_person_has_the_same_pseudonym_in_every_area_and_spelling():
    assert pseudonyms(area="CTW-EN02")[0] == pseudonyms(nino="ab 00 12 34 c")[0] == pseudonyms()[0]


def test_references_are_hashed_with_their_area():
    one, other = pseudonyms(), pseudonyms(area="CTW-EN02")
    assert one[1] != other[1]
    assert one[2] != other[2]


def test_another_key_gives_other_pseudonyms():
    assert not set(pseudonyms()) & set(pseudonyms(key=b"x" * 32))


def test_a_missing_or_wrong_national_insurance_number_gives_no_pseudonym():
    assert pseudonyms(nino=None)[0] is None
    assert pseudonyms(nino="AB00123")[0] is None


@pytest.mark.parametrize(
    ("born", "age"), [("1984-05", 42), ("1984-06", 41), ("2008-05", 18), ("1960-01", 66)]
)
def test_age_at_start_is_in_whole_years(born: str, age: int):
    rows = pseudonymise(accepted(birth_year_month=born), PACK.participants, KEY)
    assert rows["age_years"].to_list() == [age]


def test_no_run_shows_a_value_in_what_it_says(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    one = with_text(draft(), "participants.csv", ",W_BRI,", ",SECRET-77,")
    process_packs(landed([one.write(tmp_path)]), QUARTER, KEY)
    printed = capsys.readouterr()
    assert "SECRET-77" not in printed.out + printed.err


def test_made_up_national_insurance_numbers_say_so_and_do_not_repeat():
    drawn = ninos(pl.int_range(50_000, eager=True).to_numpy())
    assert drawn.str.contains("^[A-Z]{2}00[0-9]{4}[A-D]$").all()
    assert drawn.n_unique() == 50_000
    assert NAME


@pytest.mark.parametrize(
    ("reference", "holds"),
    [
        *((written, True) for written in ("AB123456C", "ab-12-34-56-c", "X-AB123456C")),
        *((written, True) for written in ("1AB123456C", "AB123456C-1", "AB.12.34.56.C")),
        *((written, True) for written in ("AB987654", "cr 99 88 77", "COMPANY-AB123456")),
        *((written, False) for written in ("EN16-000123", "CTW-EN16", "KM001234", "ORG-12")),
        *((written, False) for written in ("GB123456", "COMPANY-SC123456", "AB987654-1")),
    ],
)
def test_a_reference_that_holds_a_national_insurance_number_is_found(reference, holds):
    found = pl.select(looks_like_nino(pl.lit(pl.Series([reference])))).item()
    assert found == holds


@pytest.mark.parametrize("written", ["A B 1 2 3 4 5 6 C", "AB.12.34.56.C", "_AB123456C"])
def test_free_text_with_a_number_in_an_odd_form_is_found(written):
    text = pl.lit(pl.Series([f"see {written} please", "nothing"]))
    assert pl.select(looks_personal(text)).to_series().to_list() == [True, False]
