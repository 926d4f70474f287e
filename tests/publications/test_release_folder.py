"""The release folder: the same bytes every time, whole or refused, draft apart from final."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from publications.data.manifest import MANIFEST, SUMS, manifest_hash, verify_folder
from publications.errors import IntegrityError
from publications.folder import PARTS, assemble, render
from publications.pages.preview import NOTICE, preview
from publications.release.model import Contact
from publications.release.table import Figure
from publications.spreadsheet.ods import write_ods
from publications.spreadsheet.sheets import Heading, Sheet, Workbook
from publications.words import words_in
from tests.publications.html_page import page
from tests.publications.release_sample import sample

pytestmark = pytest.mark.slow

PROGRAM = """
import hashlib
from publications.folder import render
from tests.publications.release_sample import sample
print(hashlib.sha256(b"".join(k.encode() + v for k, v in render(sample()).items())).hexdigest())
"""


def test_paths_are_sorted_and_the_parts_make_the_whole(release, files):
    assert list(files) == sorted(files)
    parts = [part(release) for part in PARTS.values()]
    assert assemble(release, parts) == files


def test_another_process_with_another_hash_seed_time_zone_and_day_writes_the_same_bytes():
    found = set()
    for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        found.add(done.stdout)
    assert len(found) == 1


def test_two_parts_may_not_write_one_path(release):
    with pytest.raises(IntegrityError, match=r"Two parts .* index\.html"):
        assemble(release, [{"index.html": b""}, {"index.html": b""}])


def test_a_whole_folder_has_no_problems(files):
    assert verify_folder(files) == []


def test_a_missing_an_altered_and_an_extra_file_are_each_named(files):
    damaged = dict(files)
    del damaged["quality.html"]
    damaged["index.html"] += b" "
    damaged["notes.txt"] = b""
    problems = verify_folder(damaged)
    assert any(p.startswith("quality.html is missing") for p in problems)
    assert any(p.startswith("index.html was altered") for p in problems)
    assert any(p.startswith("notes.txt is not part of the release") for p in problems)


def test_a_manifest_that_is_missing_or_broken_is_said_in_one_line(files):
    assert "manifest.json is missing" in verify_folder({})[0]
    assert "cannot be read" in verify_folder({**files, MANIFEST: b"{"})[0]
    assert "does not agree" in verify_folder({**files, SUMS: b""})[0]


def test_the_manifest_names_the_release_its_methods_and_every_file(files, release):
    manifest = json.loads(files[MANIFEST])
    assert manifest["release"] == "connect-to-work-2026-27Q2"
    assert manifest["release_at"] == "2026-12-17T09:30:00+00:00"
    assert manifest["code_version"] == "0123abc"
    assert {entry["path"] for entry in manifest["files"]} == set(files) - {MANIFEST, SUMS}
    for entry in manifest["files"]:
        assert entry["bytes"] == len(files[entry["path"]])
        assert entry["media_type"] != "application/octet-stream"
        assert entry["describes"] != "a file of the release"
    assert manifest["populations"]["starts"]["methods"][0]["method"] == "CellKey"


def test_any_changed_figure_changes_the_hash_that_is_signed(files):
    other = render(sample("2026-27Q1"))
    assert manifest_hash(files) != manifest_hash(other)


def test_a_draft_says_embargoed_on_every_page_and_the_final_files_do_not(files, release):
    drafts = preview(files, release.release_at, words_in())
    overdue = preview(files, release.release_at, words_in(), overdue=True)
    bulletin_shown = overdue["index.html"].decode()
    assert "which is past. Readers see the site, not this copy." in bulletin_shown
    assert "Embargoed until" not in bulletin_shown
    for path, content in drafts.items():
        if path.endswith(".html"):
            document = page(content)
            assert document.xpath("//meta[@name='robots']/@content") == ["noindex, nofollow"]
            assert "Embargoed until 9:30am on 17 December 2026" in document.text_content()
            assert b"mbargoed" not in files[path]
        elif path != NOTICE:
            assert content == files[path]
    assert "Embargoed" in drafts[NOTICE].decode()


def test_a_configured_address_is_shown_and_none_is_made_up(files, release):
    assert not any(b"mailto:" in content for content in files.values())
    with_contact = replace(release, contact=Contact("An organisation", "Team", "team@example.org"))
    assert b'href="mailto:team@example.org"' in render(with_contact)["index.html"]


def test_a_release_that_is_not_synthetic_does_not_say_so():
    text = b"".join(render(sample(synthetic=False)).values())
    assert b"Synthetic data" not in text


def test_twenty_five_tables_of_two_thousand_rows_are_written_in_a_few_seconds():
    headings = (Heading("Area"), Heading("Code"), *(Heading(f"Q{i}", "number") for i in range(6)))
    rows = [(f"Area {i}", f"E{i}", *(Figure(i * 7 + k) for k in range(6))) for i in range(2_000)]
    sheets = tuple(
        Sheet(f"Table_{n}_Many", f"Table {n}", ("x",), headings, rows) for n in range(25)
    )
    started = time.process_time()
    write_ods(Workbook("Title", "Author", "2026-12-17T09:30:00+00:00", words_in(), sheets))
    assert time.process_time() - started < 5
