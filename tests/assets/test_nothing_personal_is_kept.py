"""One personal detail in every place of a pack: the area is told where, and none leaves landing."""

from __future__ import annotations

import csv
import io
import os
import zipfile
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from assets.returns import judge_quarter
from operations.home.keys import keys_of
from operations.home.settings import Settings
from operations.landing.receive import receive_all
from operations.stores.databases import reading
from pipelines.returns import process_packs
from tests.pipelines.returns.forms import QUARTER as OF_FORMS
from tests.pipelines.returns.forms import as_ods, as_xlsx
from tests.pipelines.returns.small_world import KEY, QUARTER, draft, judge, landed, world
from tests.pipelines.returns.workbooks import PARTICIPANTS, edited, lower

AT = datetime(2026, 10, 20, 9, tzinfo=UTC)
NHS, NINO, PHONE = "9434765919", "AB123456C", "07700900123"
WHO = "Gwen Pritchard"
CODE = "GWEN-PRITCHARD"


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("CTW_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CTW_CODE_VERSION", "scanned")
    made = Settings.read()
    keys_of(made)
    return made


def told(home, quarter, secrets, capsys):
    """Judge what was dropped; return each rule, row and message, when no secret is anywhere."""
    for path in (*home.incoming.rglob("*"), *home.incoming.iterdir()):
        os.utime(path, (AT.timestamp(), AT.timestamp()))
    receive_all(home.incoming, home.received, quarter, AT, empties=True)
    judge_quarter(quarter)
    with reading(home.confidential) as database:
        names = ("submissions", "findings", "quarantine", "participants", "events", "aggregate")
        frames = {name: database.get("returns", name) for name in (*names, "organisations")}
    shown = "\n".join(frame.write_csv() for frame in frames.values())
    shown += "".join(capsys.readouterr()) + "\n".join(everything_outside_landing(home))
    assert frames["submissions"].height == 1
    assert [secret for secret in secrets if secret.casefold() in shown.casefold()] == []
    return frames["findings"].select("rule_id", "row_number", "message").rows()


def everything_outside_landing(home):
    """Yield names and content of all files of the home, receipts and reports included.

    Left out is what areas sent: packs kept beside receipts and what was dropped.
    """
    for path in home.home.rglob("*"):
        inside = path.is_relative_to(home.received) and path.name != "receipt.json"
        if inside or path.is_relative_to(home.incoming) or not path.is_file():
            continue
        yield path.name
        yield path.read_bytes().decode("latin-1")
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as parts:
                yield from (parts.read(name).decode("latin-1") for name in parts.namelist())


def planted(data, cells):
    """Put cells into rows of a CSV file, the first row below the header being 2."""
    rows = list(csv.reader(io.StringIO(data.decode())))
    for (number, column), value in cells.items():
        rows[number - 1][rows[0].index(column)] = value
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


IN_ROWS = {
    "participants.csv": {
        (2, "participant_ref"): (NHS, "is_no_nhs_number"),
        (3, "specialist_ref"): (CODE, "is_no_name"),
        (4, "delivery_org_code"): (NHS, "is_no_nhs_number"),
        (5, "delivery_org_code"): (CODE, "is_no_name"),
        (6, "participant_ref"): (PHONE, "is_no_telephone"),
        (7, "participant_ref"): (NINO, "is_no_nino"),
        (8, "free_text_note"): (f"Spoke to {WHO}", "has_no_personal_data"),
    },
    "events.csv": {
        (2, "event_ref"): (CODE, "is_no_name"),
        (3, "event_ref"): (NHS, "is_no_nhs_number"),
    },
    "aggregate.csv": {
        (2, "breakdown_1_value"): (CODE, "is_no_name"),
        (3, "comment"): (f"ask {WHO}", "has_no_personal_data"),
    },
}  # fmt: skip
LISTED = {
    "organisation_kind": "VOLUNTARY", "delivery_org_code": "ORG-77",
    "national_identifier": "CHARITY-0000077",
}  # fmt: skip


def test_in_a_folder_every_row_and_field_is_told(home, capsys):
    one = draft()
    files = {
        name: planted(one.files[name], {place: value for place, (value, _) in cells.items()})
        for name, cells in IN_ROWS.items()
    }
    sent = replace(one, files={**one.files, **files}).sealed()
    more = (
        {**LISTED, "delivery_org_code": CODE},
        {**LISTED, "delivery_org_code": NHS},
        {**LISTED, "national_identifier": f"COMPANY-{NINO[:8]}"},
        {**LISTED, "delivery_org_code": "ORG-78", "national_identifier": NHS},
    )
    first = len(sent.manifest["organisations"])
    listed = [*sent.manifest["organisations"], *more]
    replace(sent, manifest={**sent.manifest, "organisations": listed}).write(home.incoming)
    found = {
        (rule, row)
        for rule, row, _ in told(home, QUARTER, (NHS, NINO[:8], PHONE, "Pritchard"), capsys)
    }
    expected = {
        (f"{file.removesuffix('.csv')}.{column}.{rule}", row)
        for file, cells in IN_ROWS.items()
        for (row, column), (_, rule) in cells.items()
    }
    of_list = (
        "delivery_org_code.is_no_name", "delivery_org_code.is_no_nhs_number",
        "national_identifier.is_no_nino", "national_identifier.is_valid",
    )  # fmt: skip
    expected |= {(f"organisations.{rule}", first + at) for at, rule in enumerate(of_list, 1)}
    assert expected - found == set()


def listed_with(**more):
    """Add an organisation with more fields to a manifest."""
    return lambda m: {**m, "organisations": [*m["organisations"], {**LISTED, **more}]}


def first_file_with(**more):
    """Give the first entry of the list of files more fields."""
    return lambda m: {**m, "files": [{**m["files"][0], **more}, *m["files"][1:]]}


IN_MANIFESTS = (
    listed_with(contact={"who": WHO}),
    listed_with(**{f"{WHO}'s": 1}),
    lambda m: {**m, "organisations": [*m["organisations"], WHO]},
    first_file_with(by=[WHO]),
    first_file_with(gwen_pritchard=1),
    lambda m: {**m, "other": {"deep": [{"gwen_pritchard": NHS}]}},
)
NAMES = ("gwen_pritchard.docx", "NI AB123456C.txt", "x/Gwen Pritchard.csv")
OF_MANIFESTS = {"pack.manifest_has_known_fields", "pack.manifest_holds_no_personal_data"}
OF_NAMES = "It stands in: the name of a file that the template does not have."


def with_file(folder, name):
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(b"x")


@pytest.mark.parametrize("plant", IN_MANIFESTS)
def test_in_a_manifest_a_nested_field_is_a_question(tmp_path, plant):
    one = replace(draft(), manifest=plant(draft().manifest))
    assert set(judge(one.write(tmp_path)).findings["rule_id"]) >= OF_MANIFESTS


@pytest.mark.parametrize("name", NAMES)
def test_the_name_of_another_file_is_a_question(tmp_path, name):
    folder = draft().write(tmp_path)
    with_file(folder, name)
    found = judge(folder).findings.filter(rule_id="pack.pack_holds_no_personal_data")
    assert found["message"].str.ends_with(OF_NAMES).to_list() == [True]


def test_nothing_of_a_manifest_or_a_name_is_kept_or_shown(home, capsys):
    manifest = draft().manifest
    for plant in IN_MANIFESTS:
        manifest = plant(manifest)
    folder = replace(draft(), manifest=manifest).write(home.incoming)
    for name in NAMES:
        with_file(folder, name)
    found = {rule for rule, _, _ in told(home, QUARTER, (NHS, NINO, "pritchard"), capsys)}
    assert found >= {*OF_MANIFESTS, "pack.pack_holds_no_personal_data"}


def xlsx_parts(parts):
    """Plant somebody in every place of an XLSX workbook that holds no field."""
    book = parts["xl/workbook.xml"]
    parts["xl/workbook.xml"] = book.replace(b'name="Guidance"', b'name="Gwen Pritchard"')
    core = parts["docProps/core.xml"]
    core = core.replace(b"<dc:creator>", b"<dc:creator>Dylan Hughes")
    end = b"</cp:coreProperties>"
    about = b"<dc:description>About Megan Parry</dc:description>"
    parts["docProps/core.xml"] = core.replace(end, about + end)
    parts["xl/comments1.xml"] = (
        b"<comments><authors><author>Carys Morgan</author></authors><commentList><comment><text>"
        b"<r><t>ring </t></r><r><t>07700 900123</t></r></text></comment></commentList></comments>"
    )
    parts["xl/drawings/drawing1.xml"] = b"<d><a><t>Rhys Bowen</t></a></d>"
    cell = '<c r="C{0}" t="inlineStr"><is><t>Spoke to Gwen Pritchard</t></is></c>'
    footer = "<headerFooter><oddHeader>Megan Parry</oddHeader></headerFooter>"
    cover, sheet = "xl/worksheets/sheet1.xml", PARTICIPANTS
    row = f'<row r="60">{cell.format(60)}</row></sheetData>{footer}'
    parts[cover] = parts[cover].replace(b"</sheetData>", row.encode())
    title = f'<sheetData><row r="1">{cell.format(1)}</row>'
    parts[sheet] = lower(parts[sheet]).replace(b"<sheetData>", title.encode())


def ods_parts(parts):
    """Plant somebody in every place of an ODS workbook that holds no field."""
    content = parts["content.xml"].decode()
    content = content.replace('table:name="Guidance"', 'table:name="Gwen Pritchard"')
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p>{}</table:table-cell>'
    note = "<office:annotation><text:p>ring 07700 900123</text:p></office:annotation>"
    row = f"<table:table-row>{cell.format('Spoke to Carys Morgan', note)}</table:table-row>"
    before, sheet, after = content.partition('table:name="Participants"')
    start = after.index("<table:table-row")
    after = after[:start] + row + after[start:]
    before = before.replace("</table:table>", f"{row}</table:table>", 1)
    parts["content.xml"] = (before + sheet + after).encode()
    meta = parts["meta.xml"].decode()
    who = "<meta:initial-creator>Dylan Hughes</meta:initial-creator>"
    who += "<dc:description>About Megan Parry</dc:description></office:meta>"
    parts["meta.xml"] = meta.replace("<office:meta/>", "<office:meta></office:meta>").replace(
        "</office:meta>", who
    ).encode()  # fmt: skip


BOTH = (
    "the name of sheet number",
    "of sheet Cover",
    "row 1 of sheet Participants, above the header",
    "the properties of the workbook",
    "a comment",
)
OF_XLSX = (*BOTH, "a drawing or text box", "the header or footer of a printed page")


@pytest.mark.parametrize(
    ("write", "plant", "places"), [(as_xlsx, xlsx_parts, OF_XLSX), (as_ods, ods_parts, BOTH)]
)
def test_in_a_workbook_every_place_beside_fields_is_told(home, capsys, write, plant, places):
    edited(write(home.incoming), plant)
    secrets = ("Pritchard", "Dylan", "Carys", "07700", "Rhys", "Megan")
    said = told(home, OF_FORMS, secrets, capsys)
    [message] = [m for rule, _, m in said if rule == "pack.pack_holds_no_personal_data"]
    assert [place for place in places if place not in message] == []
    assert "pack.workbook_names_no_author" in {rule for rule, _, _ in said}


def personal(judged):
    return [r for r in judged.findings["rule_id"] if "personal" in r or ".is_no_" in r]


@pytest.mark.parametrize("write", [as_xlsx, as_ods])
def test_a_workbook_of_the_template_asks_nothing(tmp_path, write):
    judged = process_packs(landed([write(tmp_path)]), OF_FORMS, KEY)
    assert judged.submissions["rows_accepted"].item() > 0
    assert personal(judged) == []


def test_good_packs_of_many_areas_ask_nothing():
    judged = judge(*sorted(world().iterdir()))
    assert judged.submissions.height == 8
    assert personal(judged) == []
