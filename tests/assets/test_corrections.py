"""A further version of a public quarter, from packs to the site: who is behind what it changes."""

import csv
import hashlib
import json
import re
import shlex
import shutil

import dagster as dg
import pytest
from lxml.html import fromstring
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from assets.cli import app
from assets.definitions import defs
from assets.instance import instance
from assets.runs import FEED_BACK
from operations.home.settings import ROOT, Settings
from operations.releases.release_store import files_in, manifest_hash, versions
from operations.stores.cells import attack_outcome
from pipelines.synthetic import simulate
from publications.wording.naming import revisions_path
from reference import delivery_areas
from schemas.quarter import Quarter
from tests.built_homes import copied
from tests.explaining import explain_all

QUARTER = Quarter(2025, 2)
AREA = "CTW-EN01"
PAGE = ROOT / "docs" / "make-a-release.md"
ENVIRONMENT = {
    "CTW_PSEUDONYM_KEY": "a pseudonym key of the corrected release",
    "CTW_RECORD_KEY_SECRET": "a record key secret of the corrected release",
    "CTW_CODE_VERSION": "drawn",
}


def ctw(*words):
    return CliRunner().invoke(app, list(words))


def build(packs):
    return ctw("build", QUARTER.id, "--landing", str(packs))


def one_draft(home):
    """Build the first version of the quarter; what the command said is kept in `first.txt`."""
    simulate(QUARTER, 1_500, 11, home / "packs", first=QUARTER)
    explain_all(Settings.read(), QUARTER)
    made = build(home / "packs")
    assert made.exit_code == 0, made.output
    (home / "first.txt").write_text(made.output)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home in which the first version of the quarter is public."""
    with copied(tmp_path_factory, "one_draft", ENVIRONMENT, one_draft) as home:
        (home / "too_early.txt").write_text(ctw("feedback", QUARTER.id).output)
        publish(home, 1)
        yield home


PERSON = ("--name", "A Person", "--role", "Head of Profession")
REASON = "An area left fifty people out of its return."


def correct(packs):
    """Run the command of docs/make-a-release.md, for this quarter and the packs that lie here."""
    (line,) = re.findall(r"^ctw (correct .*)$", PAGE.read_text(), re.MULTILINE)
    words = [QUARTER.id if word == "2026-27Q2" else word for word in shlex.split(line)]
    return ctw(*words, "--landing", str(packs))


def publish(home, version):
    """Sign off a version as it lies there, and publish it."""
    manifest = manifest_hash(home / "releases" / QUARTER.id / f"v{version}")
    for words in (
        ("sign-off", QUARTER.id, "--manifest", manifest, *PERSON),
        ("publish", QUARTER.id),
    ):
        done = ctw(*words)
        assert done.exit_code == 0, done.output


def rows_of(pack, name):
    with (pack / name).open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        return list(reader.fieldnames), list(reader)


def corrected(home, sequence, change):
    """Send the pack of the area again, with the participants that `change` makes of them."""
    first = home / "packs" / f"{AREA}_{QUARTER.id}_v1"
    pack = home / "packs" / f"{AREA}_{QUARTER.id}_v{sequence}"
    shutil.copytree(first, pack)
    names, participants = rows_of(pack, "participants.csv")
    kept = change(participants)
    refs = {row["participant_ref"] for row in kept}
    event_names, events = rows_of(pack, "events.csv")
    for name, header, rows in (
        ("participants.csv", names, kept),
        ("events.csv", event_names, [row for row in events if row["participant_ref"] in refs]),
    ):
        with (pack / name).open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, header, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    manifest = json.loads((pack / "manifest.json").read_text())
    manifest["submission_sequence"] = sequence
    for entry in manifest["files"]:
        content = (pack / entry["name"]).read_bytes()
        entry["sha256"] = hashlib.sha256(content).hexdigest()
        entry["rows"] = content.count(b"\n") - 1
    (pack / "manifest.json").write_text(json.dumps(manifest))


def someone(participants):
    """The first participant who started and is in support still."""
    return next(row for row in participants if row["start_date"] and not row["end_date"])


def without_one(participants):
    one = someone(participants)
    return [row for row in participants if row is not one]


def with_fifty_more(participants):
    """Fifty people more, alike in everything that is published."""
    one = someone(participants)
    more = [{**one, "participant_ref": f"EN01-09{number:06d}", "nino": ""} for number in range(50)]
    return [*participants, *more]


def test_each_area_gets_its_feedback_once_the_quarter_is_public(home):
    early = (home / "too_early.txt").read_text()
    assert "an area may not see them before readers do. Its release is planned for" in early
    assert "no such delivery area" in ctw("feedback", QUARTER.id, "--area", "Ann Other").output
    assert ctw("feedback", QUARTER.id, "--area", AREA, "--out", str(home / "fed")).exit_code == 0
    folder = home / "fed" / AREA
    assert [path.name for path in (home / "fed").iterdir()] == [AREA]
    lines = list(csv.reader((folder / "feedback.csv").open(encoding="utf-8")))
    page = fromstring((folder / "feedback.html").read_text(encoding="utf-8")).text_content()
    book = CalamineWorkbook.from_path(str(folder / "feedback.xlsx"))
    assert book.sheet_names[:2] == ["Feedback", "Place among like areas"]
    assert any("The returns hold made-up people." in line for line in lines)
    own = {tuple(line[2:5]): line[5] for line in lines if line[:2] == [FIGURES, TABLE_06]}
    assert own == published_starts(home)
    sheet = book.get_sheet_by_name("Published figures").to_python()
    said = {str(cell) for row in sheet for cell in row}
    for value in own.values():
        assert value in page
        assert value in said
    check_nobody_is_named(folder)
    check_same_from_the_job(home, folder)


FIGURES, TABLE_06 = "Your published figures", "06 starts by delivery area"


def published_starts(home):
    """Return what readers see of the starts of the area, in the quarter and to date."""
    [file] = (home / "site").rglob("*table-06*.csv")
    return {
        ("all", row["quarter"], "Starts"): row["value"] or f"[{row['marker']}]"
        for row in csv.DictReader(file.open(encoding="utf-8"))
        if row["delivery_area_code"] == AREA and row["quarter_code"] in (QUARTER.id, "total")
    }


def check_same_from_the_job(home, folder):
    """What the job writes into the home for every area is what the command wrote for this one."""
    key = QUARTER.start.isoformat()
    with instance(Settings.read()) as held:
        made = defs.resolve_job_def(FEED_BACK).execute_in_process(instance=held, partition_key=key)
    assert made.success
    written = home / "landing" / "feedback" / QUARTER.id
    assert len(list(written.iterdir())) == len(delivery_areas(QUARTER.end))
    own = (written / AREA / "feedback.csv").read_text(encoding="utf-8")
    assert without_time(own) == without_time((folder / "feedback.csv").read_text(encoding="utf-8"))


def without_time(text):
    """Leave out the line that says when it was written."""
    return [line for line in text.splitlines() if not line.startswith("Feedback,Written,")]


def check_nobody_is_named(folder):
    """No reference and no number of a participant of the pack stands in the feedback."""
    _, sent = rows_of(folder.parents[1] / "packs" / f"{AREA}_{QUARTER.id}_v1", "participants.csv")
    known = {row[name] for row in sent for name in ("participant_ref", "nino") if row.get(name)}
    assert len(known) > 5
    for file in ("feedback.html", "feedback.csv"):
        assert not [one for one in known if one in (folder / file).read_text(encoding="utf-8")]


def test_a_correction_goes_from_the_pack_that_is_sent_again_to_the_site(home):
    state = Settings.read()
    unchanged = correct(home / "packs")
    assert unchanged.exit_code == 1
    assert "Nothing that 2025-26 Q2 v1 was built from has changed" in unchanged.output
    assert versions(state, QUARTER) == [1], "what is public is not a change of itself"

    corrected(home, 2, without_one)
    held = correct(home / "packs")
    assert held.exit_code == 1
    assert "Error: 2025-26 Q2 is public, and this further version of it is held back" in held.output
    assert "fewer than 10 people stand behind the change of" in held.output
    assert "Wait for the next scheduled release" in held.output
    assert versions(state, QUARTER) == [1]
    outcome = attack_outcome(QUARTER)
    (changes,) = outcome.changes
    assert outcome.is_unscheduled
    assert changes.since == "2025-26 Q2 v1"
    assert changes.changed == changes.few > 0
    facts = state.attack(QUARTER).read_text()
    assert facts.count(": 1 person behind the change") == changes.few

    check_known_wrong(state)

    corrected(home, 3, with_fifty_more)
    check_draft_of_correction(state, correct(home / "packs"))
    publish(home, 2)
    check_revisions(state)
    check_site(state)
    assert "2025-26 Q2 v1" in ctw("records").output


def check_draft_of_correction(state, allowed):
    """Version 2 says how many figures it changes, and that few people stand behind none."""
    assert allowed.exit_code == 0, allowed.output
    assert "2025-26 Q2 v2 would correct v1:" in allowed.output
    (changes,) = attack_outcome(QUARTER).changes
    assert changes.changed > 0
    assert changes.few == 0
    assert versions(state, QUARTER) == [1, 2]
    page = (state.releases(QUARTER) / "v2" / "disclosure-control.html").read_text()
    assert f"this version changes {changes.changed} figures about people" in page
    assert "fewer than 10 people stand behind 0 of these changes" in page
    draft = (state.home / "drafts" / QUARTER.id / "corrections.html").read_text()
    assert "Not published: this is the notice of a draft" in draft
    assert REASON in draft


def check_known_wrong(state):
    """Readers are told which tables hold wrong figures, and nothing of figures, sizes or people."""
    told = ctw("known-wrong", QUARTER.id, "--reason", "One person never started.", *PERSON)
    assert told.exit_code == 0, told.output
    place = state.site / QUARTER.id / "v1"
    page = (place / "index.html").read_text()
    assert "Some figures in this version are known to be wrong." in page
    assert "<li>Table 6: Starts by delivery area</li>" in page
    assert "<li>Table 21" not in page, "health settings are not people"
    assert "One person never started" not in page
    verified = ctw("verify", str(place))
    assert verified.exit_code == 0, verified.output
    assert "known wrong in 2025-26 Q2 v1" in ctw("records").output
    refused = ctw("known-wrong", QUARTER.id, "--reason", "AB 12 34 56 C started twice.", *PERSON)
    assert "National Insurance number" in refused.output
    with instance(state) as held:
        runs = held.get_runs(dg.RunsFilter(job_name="name_wrong_tables"))
    assert [run.status for run in runs] == [dg.DagsterRunStatus.SUCCESS]


def check_revisions(state):
    """Version 2 lists what it revises of version 1; the reason is the newer return."""
    folder = state.releases(QUARTER) / "v2"
    rows = list(csv.DictReader((folder / revisions_path(QUARTER)).open()))
    assert rows
    assert {row["since"] for row in rows} == {"2025-26 Q2 v1"}
    assert {row["reason"] for row in rows} <= {"area_correction", "area_correction protection"}
    starts = next(r for r in rows if (r["table"], r["measure"]) == ("starts_by_quarter", "starts"))
    assert int(starts["difference"]) == int(starts["new_value"]) - int(starts["old_value"]) > 0
    listed = {(row["table"], row["codes"], row["measure"]) for row in rows}
    assert marked_in(folder) <= listed
    record = json.loads((folder / "quality.json").read_bytes())["revisions"]
    assert record["figures"] == len(rows)
    assert record["without_reason"] == 0


def marked_in(folder):
    """The figures that the open data marks as revised: table, codes, measure."""
    found = set()
    for entry in json.loads((folder / "manifest.json").read_bytes())["tables"]:
        (path,) = folder.glob(f"data/*-table-{entry['number']:02d}-*.csv")
        names = [dimension["id"] for dimension in entry["dimensions"]]
        for row in csv.DictReader(path.open()):
            if row["marker"] == "r":
                codes = "; ".join(f"{name}={row[f'{name}_code']}" for name in names)
                found.add((entry["id"], codes, row["measure"]))
    assert found
    return found


def check_site(state):
    """Both versions are there, say what they are, lead to each other, and pass `ctw verify`."""
    site = state.site / QUARTER.id
    old, new = ((site / f"v{version}" / "index.html").read_text() for version in (1, 2))
    assert "Superseded: version 2 of this release has replaced this version." in old
    assert '<a href="../v2/index.html">Read version 2</a>' in old
    assert "Corrected: this version has replaced version 1 of this release." in new
    assert '<a href="../v1/index.html">Read version 1</a>' in new
    assert all('<a href="../corrections.html">' in page for page in (old, new))
    notice = (site / "corrections.html").read_text()
    assert REASON in notice
    assert "Major: it changes the main points" in notice
    assert "A Person" not in "".join(p.read_text() for p in site.rglob("*.html"))
    front = (state.site / "index.html").read_text()
    assert "Version 2." in front
    assert "Version 2 of" in " ".join(re.sub("<[^>]*>", "", new).split())
    for version in (1, 2):
        assert files_in(site / f"v{version}") == files_in(state.releases(QUARTER) / f"v{version}")
        verified = ctw("verify", str(site / f"v{version}"))
        assert verified.exit_code == 0, verified.output
    together = ctw("verify", str(site / "v2"), "--previous", str(site / "v1")).output
    assert "figures were revised since 2025-26Q2" in together
    assert not re.search(r"was revised and is not marked|and was not revised", together)
    (site / "v1" / "index.html").write_text(old.replace("Superseded: version 2", "Superseded: 77"))
    assert "index.html was altered" in ctw("verify", str(site / "v1")).output
    (site / "v1" / "index.html").write_text(old)
