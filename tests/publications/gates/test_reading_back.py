"""A release folder is read by its own metadata, and a release is made of sealed tables alone."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, replace

import pytest

import reference
from disclosure.errors import SealError
from disclosure.protection.protect import fingerprint
from disclosure.protection.store import dump, restore
from operations.home.settings import ROOT
from publications.commentary.citations import CitationContext
from publications.data.facts import facts_of
from publications.data.headed import headed
from publications.data.manifest import sealed
from publications.data.open_data import open_data
from publications.errors import IntegrityError
from publications.folder import assemble, render
from publications.gates.codes import same_codes
from publications.gates.expected import expected_of
from publications.gates.reread import reread
from publications.gates.screener import screen_files
from publications.pages.bulletin import bulletin
from publications.pages.disclosure_control import disclosure_control
from publications.release.model import Release
from publications.tables import TABLES
from publications.wording.naming import metadata_path
from schemas.quarter import Quarter
from schemas.table import Measure
from tests.publications.release_sample import sample

pytestmark = pytest.mark.slow


def of_another_time(table):
    """A table as it might have been declared once: other title, notes and number."""
    return replace(
        table, number=table.number + 50, title=f"Earlier: {table.title}", notes=("An old note.",)
    )


@pytest.fixture(scope="module")
def old():
    """A release with tables that nobody declares today, and without some that are declared."""
    first, *others = (table for table in TABLES if table.id != "rollout")
    fewer = [m for m in first.measures if isinstance(m, Measure)][:-2]
    return sample(
        "2025-26Q4",
        tables=(replace(first, measures=tuple(fewer)), *map(of_another_time, others)),
    )


@pytest.fixture(scope="module")
def written(old):
    return render(old)


def test_a_release_of_other_tables_than_todays_is_read_as_it_is(old, written):
    read, known = reread(written), expected_of(old)
    assert [table.title for table in read.tables] == [table.title for table in old.tables]
    for mine, theirs in zip(read.layouts, known.layouts, strict=True):
        assert mine.table.rows == theirs.table.rows
        assert (mine.notes, mine.reading, mine.is_latest) == (
            theirs.notes, theirs.reading, theirs.is_latest,
        )  # fmt: skip
        assert [(a.levels, a.parents) for a in mine.axes] == [
            (a.levels, a.parents) for a in theirs.axes
        ]
    assert (read.grids, read.facts) == (known.grids, known.facts)


def test_it_passes_every_gate_alone(written):
    assert screen_files(written) == []


def test_parts_that_figures_lack_are_read_back():
    release = sample(missing=("CTW-EN20",))
    read, known = reread(render(release)), expected_of(release)
    lacks = [[f.lacks for _, f in table.cited] for table in read.tables]
    assert lacks == [[f.lacks for _, f in table.cited] for table in known.tables]
    assert any(part for table in lacks for part in table)


def in_old_words(files, *renamed):
    """The files as they were when places had other codes and names."""
    texts = {p: c for p, c in files.items() if p.endswith((".csv", ".json", ".html"))}
    for today, then in renamed:
        texts = {path: content.replace(today, then) for path, content in texts.items()}
    return texts


def test_places_that_changed_since_are_those_of_the_release_wherever_it_is_written_again():
    """An area without a return, whose code, name and region's code are not today's."""
    [(name, region)] = reference.geography().filter(code="CTW-EN20")["label", "parent"].rows()
    renamed = (
        (b"CTW-EN20", b"CTW-EN98"),
        (name.encode(), b"Old Shire"),
        (region.encode(), b"E12000099"),
    )
    files = in_old_words(render(sample(missing=("CTW-EN20",))), *renamed)
    read = reread(files)
    again = headed(read, {**open_data(read), **bulletin(read), **facts_of(read.facts)})
    assert {path for path in again.keys() & files.keys() if again[path] != files[path]} == set()
    saying = {path for path, content in again.items() if b"Old Shire" in content}
    assert {"index.html", metadata_path(read.quarter, read.tables[0])} <= saying
    assert "E12000099" in CitationContext.of(read).places.ancestors("CTW-EN98")


def test_methods_that_are_not_there_any_more_are_read_in_their_own_words(old, written):
    """Nothing of a method but its record, its words and how figures are read is needed."""
    manifest = json.loads(written["manifest.json"])
    report = json.loads(written["disclosure-control.json"])
    made = manifest["populations"]["starts"]
    made["methods"][0] = {"method": "Forgotten", "strength": 3}
    for one in report["populations"]:
        if one["name"] == "starts":
            one["methods"][0]["record"] = made["methods"][0]
    altered = {
        **written,
        "manifest.json": json.dumps(manifest).encode(),
        "disclosure-control.json": json.dumps(report).encode(),
    }
    assert reread(altered).facts == expected_of(old).facts


def test_codes_that_are_not_in_the_register_any_more_are_read_from_the_release(written):
    """Labels, lists and areas of another time: the release has a map of its own."""
    files = {
        path: content.replace(b"Female", b"Women").replace(b"CTW-EN07", b"CTW-EN77")
        for path, content in written.items()
        if path.endswith((".csv", ".json"))
    }
    lists = b'"code_list": "condition"', b'"code_list": "condition_of_1990"'
    assert lists[0] in files["manifest.json"]
    files["manifest.json"] = files["manifest.json"].replace(*lists)
    read = reread(files)
    labels = {label for table in read.tables for row in table.rows for label in row.labels}
    assert "Women" in labels
    assert "Female" not in labels
    axes = {axis.name: axis for layout in read.layouts for axis in layout.axes}
    assert axes["sex"].codes.labels["F"] == "Women"
    assert axes["delivery_area"].parents["CTW-EN77"] == "E12000007"
    assert "CTW-EN07" not in axes["delivery_area"].levels
    assert same_codes(read, files) == []
    page = (ROOT / "docs" / "publishing.md").read_text()
    assert "are read from the release's own `data/codes.csv`" in " ".join(page.split())


@pytest.mark.parametrize("entry", ["tables", "populations"])
def test_a_folder_without_these_entries_is_refused_with_what_to_do(written, entry):
    manifest = json.loads(written["manifest.json"])
    manifest.pop(entry)
    files = {**written, "manifest.json": json.dumps(manifest).encode()}
    with pytest.raises(IntegrityError, match=f"cannot be read back .*{entry}.* Build the release"):
        reread(files)


def test_a_release_of_before_the_codes_is_refused_in_words(written):
    files = {path: content for path, content in written.items() if path != "data/codes.csv"}
    with pytest.raises(IntegrityError, match="no data/codes.csv: it was made before") as refused:
        reread(files)
    assert "KeyError" not in str(refused.value)


# ---- the seal ----


@dataclass(frozen=True)
class LookAlike:
    """What writers read of a protected table, made by nobody in particular."""

    name: str
    cells: object
    report: object
    methods: tuple = ()
    is_recorded: bool = True

    def check(self):
        return None


def test_a_release_refuses_what_protection_did_not_make(release):
    first, *others = release.protected
    fake = LookAlike(first.name, first.cells, first.report)
    with pytest.raises(SealError, match="A LookAlike is no protected table"):
        replace(release, protected=(fake, *others))


def test_a_release_refuses_cells_that_were_altered_since(release):
    first, *others = release.protected
    altered = restore(*dump(first))
    object.__setattr__(altered, "frame", altered.frame.head(3))
    with pytest.raises(SealError, match="altered after disclosure control"):
        replace(release, protected=(altered, *others))


def test_tables_of_a_version_without_records_are_refused_with_what_to_do(release):
    first, *others = release.protected
    texts = ("CellKey(base=5)",)
    content = (first.name, first.dimensions, first.statistics, first.cells, texts, first.report)
    marks = {"fingerprint": fingerprint(*content), "of": "", "bond": ""}
    meta = dump(first)[1] | {"methods": list(texts), **marks}
    old = restore(first.cells, meta)
    with pytest.raises(IntegrityError, match=f"{first.name} of 2026-27 Q2 .* Build 2026-27 Q2"):
        replace(release, protected=(old, *others))


def test_a_release_refuses_the_tables_of_another_quarter(release):
    other = sample("2026-27Q1").protected
    message = r"are of 2026-27Q1, and cells of 2026-27Q2 are wanted"
    with pytest.raises(SealError, match=message):
        replace(release, protected=other)
    with pytest.raises(SealError, match=message):
        replace(release, protected=(*release.protected[:-1], other[-1]))
    with pytest.raises(SealError, match="are of 2026-27Q2, and cells of 2026-27Q1 are wanted"):
        replace(release, quarter=Quarter(2026, 1))


def test_tables_of_a_version_that_sealed_no_quarter_are_refused_with_what_to_do(release):
    first, *others = release.protected
    cells, meta = dump(first)
    old = restore(cells, {k: v for k, v in meta.items() if k not in ("of", "bond")})
    with pytest.raises(IntegrityError, match=f"{first.name} of .* again: ctw build 2026-27Q2"):
        replace(release, protected=(old, *others))


def test_a_release_refuses_a_list_and_a_table_given_twice(release):
    with pytest.raises(SealError, match="Give them as a tuple"):
        replace(release, protected=list(release.protected))
    with pytest.raises(SealError, match=f"{release.protected[0].name}: protected twice"):
        replace(release, protected=(*release.protected, release.protected[0]))


def test_a_class_that_leaves_the_checks_of_a_release_out_is_refused(release):
    with pytest.raises(IntegrityError, match="Open is derived from Release"):
        type("Open", (Release,), {"__post_init__": lambda self: None})
    silent = type("Silent", (), {"__init_subclass__": lambda cls: None})
    derived = type("Derived", (silent, Release), {"__post_init__": lambda self: None})
    named = {f.name: getattr(release, f.name) for f in fields(Release)}
    with pytest.raises(IntegrityError, match="A Derived is no Release"):
        assemble(derived(**named), [])


def test_methods_that_are_altered_in_a_release_do_not_reach_its_records(release, files):
    for table in release.protected:
        for method in table.methods:
            method.clear()
        table.report.by_reason["made up"] = 7
    rest = {p: c for p, c in files.items() if p not in ("manifest.json", "SHA256SUMS")}
    assert sealed(release, rest)["manifest.json"] == files["manifest.json"]
    assert (
        disclosure_control(release)["disclosure-control.json"] == files["disclosure-control.json"]
    )


def test_the_manifest_of_a_release_is_made_of_its_own_records(release, files):
    rest = {p: c for p, c in files.items() if p not in ("manifest.json", "SHA256SUMS")}
    assert sealed(release, rest)["manifest.json"] == files["manifest.json"]
