"""Every true cell of five populations, counted again from the packs by code of its own.

The world has a missing, a refused and a second submission. Nothing here uses the product's reading,
judging or counting: rows of the CSV files, dates and dictionaries.
"""

import csv
import json
import shutil
from collections import Counter, defaultdict
from datetime import date

import pytest
from typer.testing import CliRunner

from assets.cli import app
from operations.home.settings import Settings
from operations.stores.cells import protected_table, true_cells
from pipelines.synthetic import simulate
from pipelines.synthetic.draft import Draft
from schemas.quarter import Quarter
from tests.explaining import explain_all

FIRST, QUARTER = Quarter(2025, 2), Quarter(2025, 3)
MISSING, REFUSED, AGAIN = "CTW-EN02", "CTW-EN03", "CTW-EN04"
ENVIRONMENT = {
    "CTW_PSEUDONYM_KEY": "a pseudonym key of counts from packs",
    "CTW_RECORD_KEY_SECRET": "a record key secret of counts from packs",
    "CTW_CODE_VERSION": "drawn",
}
ENDS = {"2025-26Q1": "2025-06-30", "2025-26Q2": "2025-09-30", "2025-26Q3": "2025-12-31"}


@pytest.fixture(scope="module")
def packs(tmp_path_factory):
    """The packs of a home whose quarter was built."""
    home = tmp_path_factory.mktemp("truth")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**ENVIRONMENT, "CTW_HOME": str(home)}.items():
            patch.setenv(name, value)
        folder = home / "packs"
        simulate(QUARTER, 1_000, 23, folder, first=FIRST)
        shutil.rmtree(folder / f"{MISSING}_{QUARTER.id}_v1")
        (folder / f"{REFUSED}_{QUARTER.id}_v1" / "manifest.json").write_text("{")
        send_again(folder)
        explain_all(Settings.read(), QUARTER)
        built = CliRunner().invoke(app, ["build", QUARTER.id, "--landing", str(folder)])
        assert built.exit_code == 0, built.output
        yield folder


def send_again(folder):
    """An area sends its pack again without every tenth participant."""
    draft = Draft.read(folder / f"{AGAIN}_{QUARTER.id}_v1").again()
    lines = draft.files["participants.csv"].decode().splitlines(keepends=True)
    left_out = {line.split(",")[0] for line in lines[1::10]}
    assert left_out
    for name, column in (("participants.csv", 0), ("events.csv", 1)):
        rows = draft.files[name].decode().splitlines(keepends=True)
        kept = [row for row in rows if row.split(",")[column] not in left_out]
        draft.files[name] = "".join(kept).encode()
    draft.sealed().write(folder)


def counting(folder):
    """The pack of each area that counts: the latest that can be read."""
    found = {}
    for pack in folder.iterdir():
        try:
            manifest = json.loads((pack / "manifest.json").read_text())
        except json.JSONDecodeError:
            continue
        order = (manifest["period_id"], manifest["submission_sequence"])
        area = manifest["delivery_area_code"]
        found[area] = max(found.get(area, (("", 0), pack)), (order, pack))
    return {area: pack for area, (_, pack) in found.items()}


def rows(packs, name):
    for area, pack in counting(packs).items():
        with (pack / f"{name}.csv").open(newline="", encoding="utf-8") as file:
            yield from ({**row, "area": area} for row in csv.DictReader(file))


def quarter_of(text):
    day = date.fromisoformat(text)
    year = day.year if day.month >= 4 else day.year - 1
    return f"{year}-{(year + 1) % 100}Q{((day.month - 4) % 12) // 3 + 1}"


def person(row):
    return row["nino"] or (row["area"], row["participant_ref"], row["episode_no"])


def by_order(pair):
    return pair[0]


def keep_first(firsts, who, order, row):
    firsts[who] = min(firsts.get(who, (order, row)), (order, row), key=by_order)


def starts(packs):
    """The first start of each person: its row, with its quarter."""
    firsts = {}
    for row in rows(packs, "participants"):
        if row["start_date"]:
            order = (row["start_date"], row["area"], int(row["episode_no"]))
            keep_first(firsts, person(row), order, row)
    return [{**row, "quarter": quarter_of(row["start_date"])} for _, row in firsts.values()]


def job_starts(packs):
    """The first job of each person with four hours a week or more."""
    who = {
        (row["area"], row["participant_ref"], row["episode_no"]): row
        for row in rows(packs, "participants")
    }
    firsts = {}
    for event in rows(packs, "events"):
        if event["event_type"] == "JOB_START" and float(event["weekly_hours"]) >= 4:
            row = who[event["area"], event["participant_ref"], event["episode_no"]]
            order = (event["event_date"], event["area"], event["event_ref"])
            keep_first(firsts, person(row), order, row)
    return [{**row, "quarter": quarter_of(order[0])} for order, row in firsts.values()]


def referrals(packs):
    return [
        {**row, "quarter": quarter_of(row["referral_date"])} for row in rows(packs, "participants")
    ]


def caseload(packs):
    """Each person in support on the last day of a quarter that the area had reported."""
    reported = {area: pack.name.split("_")[1] for area, pack in counting(packs).items()}
    found = {}
    for row in rows(packs, "participants"):
        for quarter, end in ENDS.items():
            is_over = row["end_date"] and row["end_date"] <= end
            in_support = row["start_date"] and row["start_date"] <= end and not is_over
            if in_support and quarter <= reported[row["area"]]:
                last = (person(row), quarter)
                order = (row["start_date"], row["area"])
                found[last] = max(found.get(last, (order, row)), (order, row), key=by_order)
    return [{**row, "quarter": quarter} for (_, quarter), (_, row) in found.items()]


POPULATIONS = {
    "starts": starts,
    "referrals": referrals,
    "job_starts": job_starts,
    "caseload": caseload,
}
NOT_STATED = ("", None)


@pytest.mark.parametrize("name", POPULATIONS)
def test_every_cell_of_people_is_the_count_of_the_packs(packs, name):
    people = POPULATIONS[name](packs)
    cells = true_cells(QUARTER, name)
    own = [d for d in cells.dimensions if d not in ("delivery_area", "quarter", "age_band")]
    parents = {d: cells.hierarchies[d] for d in cells.dimensions}
    expected = Counter()
    for row in people:
        codes = {"delivery_area": row["area"], "quarter": row["quarter"]}
        codes |= {d: row[d] if row[d] not in NOT_STATED else "NS" for d in own}
        ways = [()]
        for dimension in (d for d in cells.dimensions if d != "age_band"):
            ways = [
                (*way, code) for way in ways for code in up(codes[dimension], parents[dimension])
            ]
        expected.update(ways)
    whole = cells.cells
    if "age_band" in cells.dimensions:
        whole = whole.filter(age_band="total")
    keys = [d for d in cells.dimensions if d != "age_band"]
    seen = 0
    for *codes, value, mark in whole.select(*keys, "value", "mark").rows():
        if mark == "":
            seen += 1
            assert value == expected[tuple(codes)], (name, codes)
    assert seen > 5
    assert sum(expected.values()) > 0


def up(code, parents):
    """A code and all that it is part of."""
    found = [code]
    while found[-1] in parents:
        found.append(parents[found[-1]])
    return found


def test_published_settings_are_those_that_the_areas_gave(packs):
    given = {
        (row["area"], row["breakdown_1_value"], quarter): int(float(row["value"]))
        for row in rows(packs, "aggregate")
        for quarter, end in ENDS.items()
        if row["measure_code"] == "SETTINGS_EMBEDDED" and row["as_at"] == end
    }
    shown = protected_table(QUARTER, "health_settings").cells.filter(status="")
    leaves = defaultdict(int)
    for area, kind, quarter, value in shown.select(
        "delivery_area", "setting_type", "quarter", "value"
    ).rows():
        if (area, kind, quarter) in given:
            leaves[area] += 1
            assert value == given[area, kind, quarter], (area, kind, quarter)
    assert len(leaves) > 5


def test_published_claims_add_up_to_what_the_areas_claimed(packs):
    claimed = Counter()
    for row in rows(packs, "aggregate"):
        if row["measure_code"] == "FUNDING_CLAIMED":
            claimed[row["area"], row["as_at"]] += round(float(row["value"]))
    last = {}
    for (area, day), amount in claimed.items():
        last[area] = max(last.get(area, ("", 0)), (day, amount))
    shown = protected_table(QUARTER, "funding").cells.filter(
        statistic="funding_claimed", status="", quarter="total"
    )
    compared = 0
    for area, value in shown.select("delivery_area", "value").rows():
        if area in last:
            compared += 1
            assert value == last[area][1], area
    assert compared > 5
