"""Faults of the files of a pack: their form, their columns, what is missing or too much."""

# ruff: noqa: E501 - one line per fault
from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import polars as pl

from pipelines.synthetic.draft import Draft
from pipelines.synthetic.faults.declared import Make, NotPlantable, PlantedPackFault, read, written

PEOPLE, EVENTS, FIGURES = "participants.csv", "events.csv", "aggregate.csv"
Edit = Callable[[bytes], bytes | None]


def file(name: str, edit: Edit, *, seal: bool = True) -> Make:
    """Return what writes a pack with one file changed, or left out where `edit` gives None.

    It raises `NotPlantable` where the file stays as it is.
    """

    def make(draft: Draft, out: Path) -> Path:
        data = edit(draft.files[name])
        if data == draft.files[name]:
            raise NotPlantable
        others = {n: d for n, d in draft.files.items() if n != name}
        again = replace(draft, files=others if data is None else {**others, name: data})
        return (again.sealed() if seal else again).write(out)

    return make


def columns(**cells: pl.Expr) -> Edit:
    """Return what gives columns of a file other values."""
    return lambda data: written(read(data).with_columns(**cells))


def manifest_text(edit: Callable[[str], str | None]) -> Make:
    """Return what writes a pack with another text as its manifest.json, or with none."""

    def make(draft: Draft, out: Path) -> Path:
        folder = draft.write(out)
        path = folder / "manifest.json"
        text = edit(path.read_text(encoding="utf-8"))
        path.unlink()
        if text is not None:
            path.write_text(text, encoding="utf-8")
        return folder

    return make


def with_a_file(name: str, data: bytes) -> Make:
    """Return what writes a pack with one file more."""

    def make(draft: Draft, out: Path) -> Path:
        folder = draft.write(out)
        (folder / name).write_bytes(data)
        return folder

    return make


def _last_row_again(data: bytes) -> bytes:
    return data + data.split(b"\n")[-2] + b"\n"


def _headers_only(draft: Draft, out: Path) -> Path:
    files = {name: data.split(b"\n")[0] + b"\n" for name, data in draft.files.items()}
    return replace(draft, files=files).sealed().write(out)


def _comma_at_the_end(data: bytes) -> bytes:
    header, _, rows = data.partition(b"\n")
    return header + b"\n" + rows.replace(b"\n", b",\n")


def _in_capitals(draft: Draft, out: Path) -> Path:
    folder = draft.write(out)
    for name in (PEOPLE, "manifest.json"):
        (folder / name).rename(folder / name.upper())
    return folder


def _with_accent(data: bytes) -> bytes:
    rows = read(data).with_row_index("_at")
    note = pl.when(pl.col("_at") == 0).then(pl.lit("Café at ten")).otherwise("free_text_note")
    return written(rows.with_columns(free_text_note=note)).decode().encode("cp1252")


def _broken_lines(data: bytes) -> bytes:
    last = data.rstrip(b"\n").split(b"\n")[-1]
    return data + b"EN00-1,,1\n" + last + b",,\n" + last.rsplit(b",", 1)[0] + b',"Left open\n'


def _with_semicolons(data: bytes) -> bytes:
    return read(data).write_csv(separator=";").encode()


def _noted(days: str) -> Make:
    """Return what writes the days of referral in another form, the same in all rows."""
    day = pl.col("referral_date").str.to_date()
    excel = (day - pl.date(1899, 12, 30)).dt.total_days().cast(pl.String)
    return file(PEOPLE, columns(referral_date={"excel": excel}.get(days, day.dt.strftime(days))))


SWAPPED = columns(sex=pl.col("consent_evaluation"), consent_evaluation=pl.col("sex"))
TEMPLATE = "pack.columns_are_those_of_the_template"
LEFT_OUT = "events.episode_was_accepted"
OF_RECORDS = (
    "aggregate.total_agrees_with_the_records",
    "aggregate.not_started_agree_with_the_records",
    "aggregate.people_supported_are_within_starts",
)
NOTED = "pack.values_have_the_form_of_the_template"
FILE_FAULTS = (
    PlantedPackFault(
        "manifest missing", ("pack.manifest_is_there",), manifest_text(lambda text: None)
    ),
    PlantedPackFault(
        "manifest that is no JSON",
        ("pack.manifest_is_json",),
        manifest_text(lambda text: "{template: ctw-return"),
    ),
    PlantedPackFault(
        "field twice in the manifest",
        ("pack.manifest_gives_each_field_once",),
        manifest_text(lambda text: '{"nil_return": false,' + text.lstrip().removeprefix("{")),
    ),
    PlantedPackFault("file missing", ("pack.files_are_there",), file(EVENTS, lambda data: None)),
    PlantedPackFault(
        "file changed after the seal",
        ("pack.hash_agrees_with_manifest",),
        file(FIGURES, _last_row_again, seal=False),
        ("pack.row_count_agrees_with_manifest",),
    ),
    PlantedPackFault("empty file", ("pack.file_is_not_empty",), file(EVENTS, lambda data: b"\n")),
    PlantedPackFault(
        "no text", ("pack.file_is_text",), file(PEOPLE, lambda data: data[:200] + b"\0\x81\n")
    ),
    PlantedPackFault("extra column", (TEMPLATE,), file(EVENTS, columns(colour=pl.lit("red")))),
    PlantedPackFault(
        "column missing",
        (TEMPLATE,),
        file(EVENTS, lambda data: written(read(data).drop("attended"))),
    ),
    PlantedPackFault(
        "columns swapped",
        ("pack.columns_are_in_their_places",),
        file(PEOPLE, SWAPPED),
        (
            "participants.sex.is_valid",
            "participants.sex.is_given",
            "participants.consent_evaluation.is_valid",
            LEFT_OUT,
        ),
    ),
    PlantedPackFault(
        "days of two meanings",
        ("pack.values_have_one_meaning",),
        file(PEOPLE, columns(referral_date=pl.lit("03/04/2025"))),
        ("pack.enough_rows_are_accepted", "participants.referral_date.is_valid", LEFT_OUT),
    ),
    PlantedPackFault("Windows encoding", ("pack.encoding_is_utf8",), file(PEOPLE, _with_accent)),
    PlantedPackFault(
        "lines that are no rows", ("pack.row_can_be_read",), file(PEOPLE, _broken_lines)
    ),
    PlantedPackFault(
        "no rows", ("pack.participants_are_there",), _headers_only, ("pack.most_participants_stay",)
    ),
    PlantedPackFault(
        "comma at the end of each row",
        ("pack.enough_rows_are_accepted",),
        file(PEOPLE, _comma_at_the_end),
        ("pack.row_can_be_read", "events.event_belongs_to_an_episode", *OF_RECORDS),
    ),
    PlantedPackFault(
        "semicolons between the columns",
        ("pack.file_has_the_form_of_the_template",),
        file(EVENTS, _with_semicolons),
    ),
    PlantedPackFault(
        "sep= before the header",
        ("pack.file_has_the_form_of_the_template",),
        file(EVENTS, lambda data: b"sep=;\n" + _with_semicolons(data)),
    ),
    PlantedPackFault(
        "blank rows at the end",
        ("pack.file_has_the_form_of_the_template",),
        file(FIGURES, lambda data: data + b",,,,,,,,,,\n" * 3),
    ),
    PlantedPackFault(
        "codes in small letters",
        (NOTED,),
        file(EVENTS, columns(event_type=pl.col("event_type").str.to_lowercase())),
    ),
    PlantedPackFault("days as Excel's numbers", (NOTED,), _noted("excel")),
    PlantedPackFault("days as dd/mm/yyyy", (NOTED,), _noted("%d/%m/%Y")),
    PlantedPackFault("days with a time", (NOTED,), _noted("%Y-%m-%d 00:00:00")),
    PlantedPackFault(
        "pounds with a sign", (NOTED,), file(EVENTS, columns(hourly_pay="£" + pl.col("hourly_pay")))
    ),
    PlantedPackFault(
        "file names in capitals", ("pack.file_names_are_those_of_the_template",), _in_capitals
    ),
    PlantedPackFault(
        "file too many", ("pack.only_known_files",), with_a_file("notes.txt", b"Made up\n")
    ),
    PlantedPackFault(
        "file named after a person",
        ("pack.pack_holds_no_personal_data",),
        with_a_file("Gwen_Example_Davies.txt", b"Made up\n"),
        ("pack.only_known_files",),
    ),
)


def text_of(draft: Draft) -> bytes:
    """Return the manifest of a pack as the bytes of its file."""
    return json.dumps(draft.manifest, indent=2).encode()
