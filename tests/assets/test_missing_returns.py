"""A quarter with missing returns, from packs to release: nothing false is said, sums are marked."""

import csv
import io
import json
import re
import shutil

import pytest
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from assets.cli import app
from assets.instance import instance
from assets.treat import TREATMENT
from assets.unmet import PLAUSIBILITY
from operations.home.settings import Settings
from operations.releases.explanations import explain, subjects
from operations.releases.release_store import files_in, manifest_hash
from pipelines.synthetic import simulate
from pipelines.synthetic.draft import Draft
from schemas.quarter import Quarter
from tests.explaining import BY, TEXT
from verification import verify

QUARTER = Quarter(2025, 3)
LONDON, EW = "E12000007", "K04000001"
MISSING = ("CTW-EN01", "CTW-EN07", "CTW-EN08")
WITHOUT_SETTINGS, CORRECTED, ENDED = "CTW-EN15", "CTW-EN16", "CTW-EN06"
LEAVING_OUT = (WITHOUT_SETTINGS, CORRECTED, ENDED)
REASON = "Three areas of London changed their system and could not send a return."
ENVIRONMENT = {
    "CTW_PSEUDONYM_KEY": "a pseudonym key of missing returns",
    "CTW_RECORD_KEY_SECRET": "a record key secret of missing returns",
    "CTW_CODE_VERSION": "missing returns",
}

SUMMARY = "build.txt"


def packs_in(folder, missing=MISSING):
    """Packs of two quarters: some areas lack their last, and some leave figures out.

    One pack gives no settings. A second version lacks the primary care networks and the claims of
    programme management that the first had. One ends its networks with the quarter before.
    """
    simulate(QUARTER, 2_000, 5, folder, first=QUARTER.previous)
    for area in missing:
        shutil.rmtree(folder / f"{area}_{QUARTER.id}_v1")
    last = {area: Draft.read(folder / f"{area}_{QUARTER.id}_v1") for area in LEAVING_OUT}
    without(last[WITHOUT_SETTINGS], r"SETTINGS_EMBEDDED,").write(folder)
    gone = r"SETTING.*,PCN,|FUNDING_CLAIMED,.*,MANAGEMENT,"
    without(last[CORRECTED].again(), gone).write(folder)
    without(last[ENDED], rf"SETTING.*,PCN,.*,{QUARTER.end}").write(folder)
    return folder


def without(draft, pattern):
    """A pack without the rows of figures that begin with a pattern."""
    lines = draft.files["aggregate.csv"].decode().splitlines(keepends=True)
    kept = [line for line in lines if not re.match(pattern, line)]
    assert len(kept) < len(lines)
    draft.files["aggregate.csv"] = "".join(kept).encode()
    return draft.sealed()


def treat(method):
    """Choose a treatment of the missing returns, as the Head of Profession does."""
    words = ["--reason", REASON, "--name", "A Statistician", "--role", "Head of Profession"]
    chosen = CliRunner().invoke(app, ["treat", QUARTER.id, "--method", method, *words])
    assert chosen.exit_code == 0, chosen.output


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    home = tmp_path_factory.mktemp("missing")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**ENVIRONMENT, "CTW_HOME": str(home)}.items():
            patch.setenv(name, value)
        packs = packs_in(home / "packs")
        given = {about: TEXT for about in subjects(QUARTER) if about != MISSING[0]}
        explain(Settings.read(), QUARTER, given, BY)
        stopped = CliRunner().invoke(app, ["build", QUARTER.id, "--landing", str(packs)])
        assert stopped.exit_code == 1
        assert "Missing: West London; Central London Forward; Local London" in stopped.output
        status = CliRunner().invoke(app, ["status"])
        assert "failed and made no version: " in status.output, status.output
        assert "Missing: West London; Central London Forward; Local London" in status.output
        assert "ctw treat, then ctw build" in status.output
        treat("leave_out")
        built = CliRunner().invoke(app, ["build", QUARTER.id, "--landing", str(packs)])
        assert built.exit_code == 0, built.output
        (home / "packs" / SUMMARY).write_text(built.output)
        assert re.search(
            r"^Questions  (none is open|[\d,]+, for which \d+ returns? wait)", built.output, re.M
        )
        status = CliRunner().invoke(app, ["status"])
        assert "made no version" not in status.output
        assert "; questions: " in status.output
        yield Settings.read().releases(QUARTER) / "v1"


@pytest.fixture(scope="module")
def files(folder):
    return files_in(folder)


def rows(files, table):
    path = next(p for p in files if f"-table-{table}-" in p and p.endswith(".csv"))
    return list(csv.DictReader(io.StringIO(files[path].decode())))


def found(files, table, measure, **codes):
    """The value and marker of one figure."""
    [row] = [
        row
        for row in rows(files, table)
        if row["measure"] == measure and all(row[f"{n}_code"] == c for n, c in codes.items())
    ]
    return row["value"], row["marker"]


def test_a_place_or_period_with_a_missing_return_is_marked_in_the_open_data(files):
    for area in MISSING:
        now = found(files, "06", "starts", delivery_area=area, quarter=QUARTER.id)
        assert now == ("", "x")
    for place in (LONDON, EW):
        for quarter in (QUARTER.id, "total"):
            value, marker = found(files, "06", "starts", delivery_area=place, quarter=quarter)
            assert (bool(value), marker) == (True, "i"), (place, quarter)
    before = found(files, "06", "starts", delivery_area=EW, quarter=QUARTER.previous.id)
    assert before[1] == ""
    assert found(files, "06", "starts", delivery_area="CTW-EN01", quarter="total")[1] == "i"
    assert found(files, "24", "funding_claimed", delivery_area=LONDON, quarter="2025-26")[1] == "i"
    assert found(files, "01", "caseload", delivery_area=EW, quarter=QUARTER.id)[1] == "i"


def test_the_spreadsheet_and_the_pages_show_the_mark(files):
    [path] = [p for p in files if p.endswith(".ods")]
    book = CalamineWorkbook.from_filelike(io.BytesIO(files[path]))
    name = next(name for name in book.sheet_names if name.startswith("Table_6_"))
    sheet = book.get_sheet_by_name(name).to_python()
    [heading] = [row for row in sheet if "2025-26 Q3: shorthand" in row]
    [london] = [row for row in sheet if LONDON in row]
    assert london[heading.index("2025-26 Q3: shorthand")] == "[i]"
    assert any("West London (2025-26 Q3)" in str(row[0]) for row in sheet)
    page = files["index.html"].decode()
    assert re.search(r"[\d,]+ \[i\]</td>", page)
    assert "leave out one or more of West London; Central London Forward; Local London." in page


def test_the_bulletin_compares_like_for_like_and_counts_the_areas(files):
    text = re.sub(
        r"<(svg|table|script|style).*?</\1>", "", files["index.html"].decode(), flags=re.S
    )
    text = " ".join(re.sub("<[^>]+>", "", text).split())
    changes = re.findall(r"[^.]*(?:crease of|unchanged|(?:above|about|below) the number)", text)
    assert changes
    for sentence in changes:
        said = r"ike for like, in the \d+ areas (with (a figure|both figures)|that can be compared)"
        assert re.search(said, sentence)
    assert_like_for_like_is_true(files, text)
    assert "the English regions with the most starts" not in text
    open_areas = len({row["delivery_area_code"] for row in returns(files)})
    assert f"people started in the {open_areas - 3} of the {open_areas} delivery areas" in text


def assert_like_for_like_is_true(files, text):
    """The change in the text is that of the areas with a figure in both quarters of table 6.

    Each side is the sum of fewer figures: those of the areas, or the total less the other areas.
    """
    listed = {row["delivery_area_code"] for row in rows(files, "06")}
    pairs = [
        [found(files, "06", "starts", delivery_area=area, quarter=q) for q in (before, QUARTER.id)]
        for before in [QUARTER.previous.id]
        for area in sorted(code for code in listed if code.startswith("CTW-"))
    ]
    whole = [pair for pair in pairs if all(value and not marker for value, marker in pair)]
    others = [pair for pair in pairs if pair not in whole]
    totals = [
        found(files, "06", "starts", delivery_area=EW, quarter=q)
        for q in (QUARTER.previous.id, QUARTER.id)
    ]
    sides = []
    for i, (total, _) in enumerate(totals):
        left = [int(pair[i][0]) for pair in others if pair[i][0]]
        is_added = len(whole) <= 1 + len(left)
        added = sum(int(pair[i][0]) for pair in whole)
        sides.append(added if is_added else int(total) - sum(left))
    before, now = sides
    way = "an increase" if now > before else "a decrease"
    said = f"in the {len(whole)} areas with a figure from returns for both quarters, "
    said += f"counting each from the day it opened, there was {way} of {abs(now - before):,}"
    assert said in text, text[: text.index("for both quarters") + 300][-500:]


def returns(files):
    path = next(p for p in files if p.endswith("-returns.csv"))
    listed = csv.DictReader(io.StringIO(files[path].decode()))
    return [row for row in listed if row["status"] != "not yet open"]


def test_funding_that_no_source_gives_is_not_available_and_its_sum_is_marked(files):
    place = {"quarter": "total"}
    assert found(files, "24", "funding_announced", delivery_area="CTW-IS01", **place) == ("", "x")
    total = found(files, "24", "funding_announced", delivery_area=EW, **place)
    assert (bool(total[0]), total[1]) == (True, "i")
    announced = [r for r in rows(files, "24") if r["measure"] == "funding_announced"]
    assert [row for row in announced if row["value"] == "0"] == []


def test_settings_that_a_return_leaves_out_are_not_available_and_no_sentence_counts_them(files):
    place = {"setting_type": "total", "quarter": QUARTER.id}
    own = found(files, "21", "settings_embedded", delivery_area=WITHOUT_SETTINGS, **place)
    assert own == ("", "x")
    assert found(files, "21", "settings_embedded", delivery_area=EW, **place)[1] in ("i", "c")
    assert "GP surgeries had an embedded employment specialist" not in files["index.html"].decode()


def test_a_type_of_setting_that_vanishes_is_unknown_and_its_sums_are_marked(files):
    now = {"quarter": QUARTER.id}
    for area in (CORRECTED, ENDED):
        own = {"delivery_area": area, **now}
        assert found(files, "21", "settings_embedded", setting_type="PCN", **own) == ("", "x")
        for whole in ("GP", "total"):
            _, marker = found(files, "21", "settings_embedded", setting_type=whole, **own)
            assert marker in ("i", "c")
    before = {"setting_type": "PCN", "quarter": QUARTER.previous.id}
    assert found(files, "21", "settings_embedded", delivery_area=ENDED, **before)[1] in ("", "c")


def test_a_category_of_claims_that_vanishes_leaves_the_sum_of_claims_marked(files):
    for quarter in ("2025-26", "total"):
        place = {"delivery_area": CORRECTED, "quarter": quarter}
        assert found(files, "24", "funding_claimed", **place)[1] == "i", quarter


def test_the_checks_say_how_many_areas_they_could_not_see(files):
    checks = {check["description"]: check for check in json.loads(files["quality.json"])["checks"]}
    judged = next(text for text in checks if "30 participants in support" in text)
    assert checks[judged]["unjudged"] == 3
    page = files["quality.html"].decode()
    [row] = re.findall(rf"<tr>(?:(?!</tr>).)*{re.escape(judged)}(?:(?!</tr>).)*</tr>", page)
    assert "Three areas could not be checked." in row


def test_the_decision_on_missing_returns_links_to_the_desk(folder):
    with instance(Settings.read()) as held:
        made = held.get_latest_materialization_event(TREATMENT).asset_materialization
    assert made.metadata["quarter"].value == QUARTER.label
    assert f"/desk/{QUARTER.id}/" in made.metadata["desk"].value


def test_the_verifier_finds_nothing(folder):
    assert list(verify(folder).findings) == []


def test_unmet_checks_are_counted_public_and_confidential_and_lead_to_the_data_docs(folder, files):
    said = (folder.parents[2] / "packs" / SUMMARY).read_text()
    with instance(Settings.read()) as held:
        made = held.get_latest_materialization_event(PLAUSIBILITY).asset_materialization
    unmet = made.metadata["not met"].value
    public = sum(not check["passed"] for check in json.loads(files["quality.json"])["checks"])
    assert 0 < public <= unmet
    assert re.search(rf"^Checks     {unmet} of \d+ plausibility checks are not met: ", said, re.M)
    assert f"{public} public, to be explained on the quality page, and {unmet - public} " in said
    assert f"/desk/{QUARTER.id}/docs/" in said


def explained_in(files):
    """The explanation of each missing area and unmet check, as the quality page shows it."""
    page = re.sub(r"\s+", " ", files["quality.html"].decode())
    cells = re.findall(r'<td data-cell="/(?:missing/\d+/why|checks/\d+/done)">(.*?)</td>', page)
    return [cell for cell in cells if cell]


def test_the_quality_page_shows_each_explanation_and_where_there_is_none(files):
    shown = explained_in(files)
    unmet = [check for check in json.loads(files["quality.json"])["checks"] if not check["passed"]]
    assert shown.count(TEXT) == len(MISSING) - 1 + len(unmet)
    assert shown.count("No explanation was given.") == 1


def test_sign_off_names_what_readers_find_unexplained_and_until_the_draft_shows_it(folder):
    approval = ("--name", "A Person", "--role", "Head of Profession")
    signing = ("sign-off", QUARTER.id, "--manifest", manifest_hash(folder), *approval)
    refused = CliRunner().invoke(app, signing)
    assert refused.exit_code == 1
    assert f"{MISSING[0]}: West London (not received)" in refused.output
    assert not any(area in refused.output for area in MISSING[1:])
    assert f"ctw explain {QUARTER.id}" in refused.output

    because = ("--because", f"{MISSING[0]}=Its system was down.")
    who = ("--name", "A Person", "--role", "Statistician")
    given = CliRunner().invoke(app, ["explain", QUARTER.id, *because, *who])
    assert given.exit_code == 0, given.output
    assert f"Its system was down. (the draft shows it after ctw build {QUARTER.id})" in given.output
    still = CliRunner().invoke(app, signing)
    assert still.exit_code == 1
    assert "given since; this draft does not show it yet" in still.output
