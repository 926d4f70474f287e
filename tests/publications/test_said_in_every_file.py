"""Every file of a release says that it is of a rehearsal, and that its data are synthetic.

The kinds of files are those of the golden release, which the build makes in a rehearsal: a new
kind is in these tests as soon as a release holds it, and must say both as text.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from operations.releases.release_store import files_in
from publications.data.headed import headed
from publications.data.open_data import open_data
from publications.gates.reread import reread
from publications.gates.screener import screen_files
from publications.gates.statements import every_file_says_so
from publications.pages.charts import charts
from publications.words import words_in
from schemas.opendocument import packed
from tests.publications.changes import SUMS, sealed
from tests.publications.release_sample import sample
from tests.publications.said_in_files import DESCRIPTION, kind, says
from verification import verify
from verification.folder import opened
from verification.statements import unsaid

REHEARSAL, SYNTHETIC = "Rehearsal. Nothing here is published.", "Synthetic data"
SAID = (REHEARSAL, SYNTHETIC)
GOLDEN = files_in(Path(__file__).parents[1] / "golden" / "release")


ONE_OF_EACH = {kind(path): path for path in sorted(GOLDEN, reverse=True) if path != SUMS}
"""The first file of each kind; the list of hashes has no place for words."""


def silenced(files, path, text):
    """The files with a text taken from one of them, or from the description of a CSV; sealed."""
    path = f"{path}{DESCRIPTION}" if path.endswith(".csv") else path
    content, gone = files[path], (text.encode(), b"-")
    if path.endswith(".ods"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {name: archive.read(name).replace(*gone) for name in archive.namelist()}
        return sealed({**files, path: packed(parts, stored=("mimetype",))})
    assert text.encode() in content
    return sealed({**files, path: content.replace(*gone)})


def written(folder, files):
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def test_every_file_of_a_synthetic_release_of_a_rehearsal_says_both():
    assert len(ONE_OF_EACH) > 7
    silent = [
        (path, text)
        for path in GOLDEN
        if path != SUMS
        for text in SAID
        if not says(GOLDEN, path, text)
    ]
    assert silent == []


def test_rows_of_data_are_rows_of_figures_and_nothing_else():
    """A statement in a CSV file would be taken for data."""
    rows = [content for path, content in GOLDEN.items() if path.endswith(".csv")]
    assert len(rows) > 10
    assert not [one for one in rows if any(text.encode() in one for text in SAID)]


@pytest.mark.parametrize("text", SAID)
@pytest.mark.parametrize("ending", ONE_OF_EACH)
def test_gates_and_verifier_find_a_kind_of_file_that_no_longer_says_it(tmp_path, ending, text):
    path = ONE_OF_EACH[ending]
    bad = silenced(GOLDEN, path, text)
    assert any(f"{path} does not say" in one or f"{path}, " in one for one in gate_on(bad))
    found = [finding.message for finding in unsaid(opened(written(tmp_path, bad)))]
    assert any(one.startswith(f"{path} does not say that") for one in found)


@pytest.mark.slow
def test_a_manifest_that_no_longer_says_it_does_not_agree_with_the_other_files():
    manifest = json.loads(GOLDEN["manifest.json"])
    del manifest["rehearsal"]
    text = (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode()
    problems = screen_files(sealed({**GOLDEN, "manifest.json": text}))
    assert any(one.startswith("index.html differs from the data behind it") for one in problems)


def test_a_new_kind_of_file_that_says_nothing_is_found(tmp_path):
    manifest = json.loads(GOLDEN["manifest.json"])
    manifest["files"].append({"path": "figures.parquet", "describes": "figures"})
    more = {**GOLDEN, "manifest.json": json.dumps(manifest).encode(), "figures.parquet": b"PAR1"}
    bad = sealed(more)
    assert [one for one in gate_on(bad) if one.startswith("figures.parquet does not say")]
    found = [finding.message for finding in unsaid(opened(written(tmp_path, bad)))]
    assert [one for one in found if one.startswith("figures.parquet does not say")]


def gate_on(files):
    return every_file_says_so(reread(files, words_in), files)


@pytest.mark.slow
def test_a_release_of_an_earlier_form_is_sound_where_no_chart_and_no_index_says_synthetic(tmp_path):
    """Published versions stay as they are; one that is of neither form is found."""
    once = [
        *(path for path in GOLDEN if path.startswith("charts/")),
        *("calendar.json", "facts.json", "figures.json"),
    ]
    everyday = without(GOLDEN, [*GOLDEN], REHEARSAL)
    earlier = without(everyday, once, SYNTHETIC)
    assert unsaid_in(tmp_path / "earlier", earlier) == []
    neither = without(everyday, once[:-1], SYNTHETIC)
    assert unsaid_in(tmp_path / "neither", neither)


def without(files, paths, text):
    """The files with a text taken from some of them, and from the manifest as the build would."""
    for path in paths:
        if path.endswith(".ods") or text.encode() in files[path]:
            files = silenced(files, path, text)
    manifest = json.loads(files["manifest.json"])
    if text == REHEARSAL:
        del manifest["rehearsal"]
    return sealed({**files, "manifest.json": json.dumps(manifest).encode()})


def unsaid_in(folder, files):
    found = verify(written(folder, files)).findings
    return [one.message for one in found if "does not say" in one.message]


@pytest.mark.slow
def test_a_release_made_elsewhere_of_real_returns_says_neither(release, files):
    """The sample is made as an everyday home makes it; real returns are not there to be built."""
    texts = [content for path, content in files.items() if not path.endswith(".ods")]
    assert not [one for one in texts if b"Rehearsal" in one]
    real = sample(synthetic=False)
    made = headed(real, {**open_data(real), **charts(real), "calendar.json": b'{"a": 1}'})
    assert made["calendar.json"] == b'{"a": 1}'
    assert not [path for path, content in made.items() if b"ynthetic data" in content]
    marked = headed(replace(real, rehearsal=True), {"calendar.json": b'{"a": 1}'})
    assert json.loads(marked["calendar.json"]) == {"rehearsal": REHEARSAL, "a": 1}
