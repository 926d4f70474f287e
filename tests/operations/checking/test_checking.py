"""An area checks its own pack: the rules of the build, without home, keys or other areas."""

import io
import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import UTC, datetime

import polars as pl
import pytest
from typer.testing import CliRunner

from assets.cli import app
from bench.check_alike import KEY, clean_python, compare
from operations.checking import command
from operations.checking.archive import NAME, archive, needs
from operations.checking.command import main
from operations.checking.packs import check_pack, rules_across_areas, rules_of_history
from operations.checking.verdicts import verdict
from operations.errors import CheckingError
from operations.landing.arrival import arrived
from pipelines.returns import process_packs, receive
from schemas.quarter import Quarter
from schemas.returns import catalogue
from tests.pipelines.returns.small_world import NAME as PACK
from tests.pipelines.returns.small_world import QUARTER, draft, with_text, world

OTHER, ELSEWHERE = "another version", PACK.replace("EN01", "EN02")


def questioned(tmp_path):
    return with_text(draft(), "participants.csv", ",W_BRI,", ",MARTIAN,").write(tmp_path)


def lossy(tmp_path):
    """A second version that lacks a participant of the first."""
    one = draft().again()
    lines = one.files["participants.csv"].split(b"\n")
    files = {**one.files, "participants.csv": b"\n".join([lines[0], *lines[2:]])}
    return replace(one, files=files).sealed().write(tmp_path)


def test_a_right_pack_ends_with_0_a_refused_one_with_1_and_one_with_findings_with_2(tmp_path):
    refused = draft().again(template_version="0.9.0").write(tmp_path)
    assert main([str(world() / PACK), "--out", str(tmp_path / "right")]) == verdict_status()
    assert main([str(refused), "--out", str(tmp_path / "refused")]) == 1
    page = (tmp_path / "refused" / "report.html").read_text()
    assert "used up only once it was sent" in page
    assert "next submission_sequence" not in page
    assert main([str(questioned(tmp_path)), "--out", str(tmp_path / "asked")]) == 2


def test_a_pack_that_was_not_sent_is_nowhere_said_to_be_received(tmp_path):
    main([str(questioned(tmp_path)), "--out", str(tmp_path / "out")])
    rows = (tmp_path / "out" / "report.csv").read_text().splitlines()
    facts = [row for row in rows if row.startswith(("received", "pack,"))]
    assert any("Rows read:" in row for row in facts)
    assert not [row for row in facts if "eceived" in row or "Receipt" in row]


def test_a_pack_can_be_checked_from_within_its_folder(tmp_path, monkeypatch, capsys):
    pack = questioned(tmp_path)
    monkeypatch.chdir(pack)
    assert main(["."]) == 3
    assert "would lie in the pack itself" in capsys.readouterr().err
    assert main([".", "--out", "../reports"]) == 2
    assert capsys.readouterr().out.startswith(f"{pack.name}: ")
    assert sorted(path.name for path in pack.iterdir()) == sorted(
        path.name for path in (world() / PACK).iterdir()
    )


@pytest.mark.parametrize(
    ("earlier", "said"),
    [
        ([PACK], "Earlier pack 1 is the pack that is checked."),
        ([OTHER, OTHER], "Earlier pack 2 is earlier pack 1 again."),
        ([ELSEWHERE], "Earlier pack 1 is of another delivery area by its name: CTW-EN02"),
    ],
)
def test_earlier_packs_that_cannot_be_right_are_named(earlier, said, tmp_path, capsys):
    (tmp_path / "v2").mkdir()
    other = draft().again().sealed().write(tmp_path / "v2")
    paths = {PACK: world() / PACK, ELSEWHERE: world() / ELSEWHERE, OTHER: other}
    words = [w for name in earlier for w in ("--earlier", str(paths[name]))]
    assert main([str(world() / PACK), *words, "--out", str(tmp_path / "out")]) == 3
    assert said in capsys.readouterr().err


def test_no_date_is_given_for_a_pack_that_names_no_quarter(tmp_path, capsys):
    (tmp_path / "notes.docx").write_bytes(b"x")
    assert main([str(tmp_path / "notes.docx"), "--out", str(tmp_path / "out")]) == 1
    said = capsys.readouterr().out
    assert "Neither the name nor the manifest of the pack gives its quarter" in said
    assert "due by" not in said


def test_a_pack_for_a_quarter_that_is_not_over_is_said_to_wait(tmp_path, capsys):
    later = Quarter.containing(datetime.now(UTC).date())
    one = draft()
    name = one.name.replace(QUARTER.id, later.id)
    early = replace(one, name=name, manifest={**one.manifest, "period_id": later.id})
    main([str(early.sealed().write(tmp_path)), "--out", str(tmp_path / "out")])
    assert f"the pack was made before {later.label} was over" in capsys.readouterr().out
    main([str(world() / PACK), "--out", str(tmp_path / "out")])
    assert "the pack was made before" not in capsys.readouterr().out


def test_a_fault_of_the_checker_never_ends_as_a_refusal_does(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(command, "check_pack", lambda *_: 1 / 0)
    assert main([str(world() / PACK), "--out", str(tmp_path / "out")]) == 3
    assert "because of a fault in the checker (ZeroDivisionError)" in capsys.readouterr().err


def verdict_status():
    """What the build says of the right pack of the small world, as a status of the command."""
    path = world() / PACK
    landed = receive(path).landed(path, datetime(2026, 1, 20, tzinfo=UTC))
    status = process_packs([landed], QUARTER, KEY).submissions["status"].item()
    return {"accepted": 0, "rejected": 1}.get(status, 2)


def test_the_reports_are_written_in_three_formats_and_say_what_would_be(tmp_path, capsys):
    main([str(questioned(tmp_path)), "--out", str(tmp_path / "out")])
    said = capsys.readouterr().out
    assert "The pack would be accepted" in said
    cause = "- The row was left out: participants.csv, row "
    assert said.index("What was found:") < said.index(cause) < said.index("Not checked here:")
    assert "Something else stands in ethnicity_code than" in said
    assert "used up only once it was sent" not in said
    page = (tmp_path / "out" / "report.html").read_text()
    assert "The pack would be accepted" in page
    assert "MARTIAN" not in said + page
    assert {p.suffix for p in (tmp_path / "out").iterdir()} == {".html", ".csv", ".xlsx"}


def test_what_needs_earlier_packs_and_other_areas_is_listed_as_not_checked(tmp_path):
    checked = check_pack(questioned(tmp_path))
    assert {*rules_across_areas(), *rules_of_history()} <= set(catalogue()["rule_id"])
    listed = " ".join(checked.report.not_run)
    for rule in (*rules_across_areas(), *rules_of_history(), "pack.sequence_rises"):
        assert rule in listed
    assert not set(checked.judged.findings["rule_id"]) & {*rules_across_areas()}


def test_with_an_earlier_pack_the_verdict_is_that_of_a_build_that_had_both(tmp_path):
    paths = [world() / PACK, lossy(tmp_path)]
    checked = check_pack(paths[1], [paths[0]])
    ends = datetime(2099, 12, 31, tzinfo=UTC)
    landed = [receive(path).landed(path, arrived(path, {}, ends)) for path in paths]
    built = process_packs(landed, QUARTER, KEY)
    assert verdict(checked.judged, checked.submission_id) == verdict(built, landed[1].number)
    assert "pack.participants_stay" in set(checked.report.rules["rule_id"])
    assert checked.report.before == PACK
    assert not any("none was given" in words for words in checked.report.not_run)


def test_the_order_of_versions_is_that_of_their_names_whatever_the_times_of_their_files(tmp_path):
    second = lossy(tmp_path)
    first = draft().write(tmp_path)  # its files are newer than those of the second
    assert check_pack(second, [first]).report.before == PACK


def test_an_earlier_pack_that_is_refused_itself_is_named(tmp_path):
    refused = replace(draft(), manifest={**draft().manifest, "template_version": "0.9.0"})
    made = check_pack(lossy(tmp_path), [refused.write(tmp_path)]).report
    assert f"Comparisons with {PACK}: it is refused itself, so it does not count." in made.not_run


def test_what_is_not_there_and_an_earlier_pack_of_a_later_quarter_end_with_3(tmp_path, capsys):
    later = replace(draft(), name="CTW-EN01_2025-26Q3_v1").write(tmp_path)
    with pytest.raises(CheckingError, match="is of a quarter after 2025-26Q2"):
        check_pack(world() / PACK, [later])
    assert main([str(tmp_path / "AB001234C")]) == 3
    assert "AB001234C" not in capsys.readouterr().err
    assert main([]) == 3


def test_the_same_modules_make_the_same_file_and_only_what_checking_needs_is_in_it():
    assert archive() == archive()
    with zipfile.ZipFile(io.BytesIO(archive())) as packed:
        names = packed.namelist()
        assert json.loads(packed.read("needs.json")) == needs()
    rooms = {name.split("/")[0] for name in names}
    assert rooms == {
        *("reference", "schemas", "pipelines", "disclosure", "operations"),
        *("__main__.py", "needs.json"),
    }
    assert not {"dagster", "duckdb", "scipy", "highspy", "numba"} & set(needs())


def test_the_commands_of_ctw_need_no_home(tmp_path, monkeypatch):
    monkeypatch.setenv("CTW_HOME", str(tmp_path / "home"))
    words = ["check", str(questioned(tmp_path)), "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 2, done.output
    assert (tmp_path / "out" / "report.html").is_file()
    assert CliRunner().invoke(app, ["check", str(tmp_path / "nothing")]).exit_code == 3
    assert CliRunner().invoke(app, ["checker", "--out", str(tmp_path)]).exit_code == 0
    assert (tmp_path / NAME).read_bytes() == archive()
    assert not (tmp_path / "home").exists()


@pytest.fixture(scope="module")
def area(tmp_path_factory):
    """An area's machine: the checker, and the packages that it names."""
    folder = tmp_path_factory.mktemp("area")
    (folder / NAME).write_bytes(archive())
    return folder, clean_python(folder / "clean")


def run(area, *words):
    folder, python = area
    command = [str(python), "-I", NAME, *map(str, words)]
    return subprocess.run(command, cwd=folder, env={}, capture_output=True, text=True, check=False)


def test_the_file_runs_outside_the_checkout_with_the_packages_that_it_names(area, tmp_path):
    done = run(area, questioned(tmp_path), "--out", "out")
    assert done.returncode == 2, done.stderr
    assert "The pack would be accepted" in done.stdout
    assert (area[0] / "out" / "report.xlsx").is_file()
    outside = "import importlib.util as u; print(u.find_spec('dagster'), u.find_spec('pipelines'))"
    found = subprocess.run(
        [area[1], "-I", "-c", outside], cwd=area[0], capture_output=True, text=True, check=True
    )
    assert found.stdout.split() == ["None", "None"]


def test_without_its_packages_the_file_says_which_to_install(tmp_path):
    (tmp_path / NAME).write_bytes(archive())
    python = tmp_path / "bare" / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "bare"], check=True)
    done = run((tmp_path, python), "pack")
    assert done.returncode == 3
    assert "python -m pip install" in done.stderr
    assert "polars" in done.stderr


def test_changed_packs_are_judged_alike_at_the_area_and_in_a_build():
    counts = compare(number=24, seed=11)
    assert counts["packs"] == 24
    assert counts["different"] == 0
    assert counts["rejected"]
    assert counts["partially accepted"]


def test_a_verdict_that_differs_in_one_finding_is_another(tmp_path):
    checked = check_pack(questioned(tmp_path))
    less = replace(checked.judged, findings=checked.judged.findings.head(0))
    same = verdict(checked.judged, checked.submission_id)
    assert verdict(less, checked.submission_id) != same
    assert pl.Series(same["findings"]).str.contains("ethnicity_code").any()
