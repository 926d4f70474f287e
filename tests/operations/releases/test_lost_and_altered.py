"""Records, folders and files that were lost or altered: each is named, and nothing else stops."""

import shutil

import pytest

from assets.show import statuses
from operations.errors import OperationError, RecordError, SignOffError, StoreError
from operations.releases.earlier import earlier
from operations.releases.publishing import publish, sign_off
from operations.releases.register_repair import restore
from operations.releases.release_records import publications
from operations.releases.release_store import (
    files_in,
    folder_of,
    is_frozen,
    latest,
    newest_version,
    write_version,
)
from operations.releases.site_store import lay_site, show
from publications.release.calendar import release_at
from schemas.quarter import Quarter
from tests.assets.made_releases import (
    BEFORE,
    QUARTER,
    asked,
    built,
    files_of,
    register_lines,
    released,
    rewrite,
)

DUE = release_at(QUARTER)
FIRST, SAME = ("2026-27 Q1 v1",), ("2026-27 Q2 v1",)


def site(settings):
    return files_in(settings.site.resolve())


def test_a_lost_record_leaves_the_version_as_it_is_and_on_the_site(settings):
    released(settings)
    before = site(settings)
    registers = settings.home / "registers"
    rewrite(registers / "releases.jsonl", register_lines(settings)[:1])
    rewrite(registers / "releases.last.json", register_lines(settings)[:1])
    (settings.releases(QUARTER) / "v1.records.jsonl").unlink()
    assert is_frozen(settings, QUARTER, 1)
    with pytest.raises(SignOffError, match="cannot change"):
        write_version(settings, QUARTER, 1, dict(files_of(QUARTER, 1, funding=7)))
    built(settings, BEFORE)
    with pytest.raises(RecordError, match="The site shows 2026-27 Q2 v1"):
        sign_off(settings, BEFORE, asked(built(settings, BEFORE)))
    with pytest.raises(RecordError, match="The site shows 2026-27 Q2 v1"):
        earlier(QUARTER.next)
    assert site(settings) == before


def test_the_site_alone_is_enough_to_keep_a_version_as_it_is(settings):
    released(settings)
    shutil.rmtree(settings.home / "registers")
    (settings.releases(QUARTER) / "v1.records.jsonl").unlink()
    shutil.rmtree(folder_of(settings, QUARTER, 1))
    with pytest.raises(SignOffError, match="cannot change"):
        write_version(settings, QUARTER, 1, dict(files_of(QUARTER, 1, funding=7)))
    assert newest_version(settings, QUARTER) == (1, True)


def test_a_lost_folder_of_a_signed_version_is_named_and_no_older_one_taken(settings):
    released(settings)
    manifest = built(settings, version=2, funding=7, earlier=SAME)
    sign_off(settings, QUARTER, asked(manifest, reason="A reason"))
    shutil.rmtree(folder_of(settings, QUARTER, 2))
    with pytest.raises(StoreError, match="v2 was signed off or published, but its folder"):
        latest(settings, QUARTER)
    assert newest_version(settings, QUARTER) == (2, True)


def test_an_altered_version_of_another_quarter_stops_the_switch_by_name(settings):
    released(settings, BEFORE)
    manifest = built(settings, earlier=FIRST)
    sign_off(settings, QUARTER, asked(manifest))
    before = site(settings)
    path = folder_of(settings, BEFORE, 1) / "data"
    file = next(path.glob("*table-01*.csv"))
    whole = file.read_bytes()
    file.write_bytes(whole + b"x")
    with pytest.raises(SignOffError, match=f"2026-27 Q1 v1 .*/{file.name} was altered"):
        publish(settings, QUARTER, DUE)
    assert site(settings) == before
    assert len(publications(settings)) == 1
    file.write_bytes(whole)
    publish(settings, QUARTER, DUE)


def test_an_older_version_that_was_made_anew_whole_stops_the_switch_too(settings):
    released(settings, BEFORE)
    sign_off(settings, QUARTER, asked(built(settings, earlier=FIRST)))
    for path, content in files_of(BEFORE, 1, funding=7).items():
        (folder_of(settings, BEFORE, 1) / path).write_bytes(content)
    with pytest.raises(SignOffError, match="2026-27 Q1 v1 is not what was published. Its manifest"):
        publish(settings, QUARTER, DUE)
    with pytest.raises(SignOffError, match="2026-27 Q1 v1 is not what was published. Its manifest"):
        earlier(QUARTER)


def test_a_lost_folder_of_a_published_version_stops_the_switch(settings):
    released(settings, BEFORE)
    sign_off(settings, QUARTER, asked(built(settings, earlier=FIRST)))
    before = site(settings)
    shutil.rmtree(folder_of(settings, BEFORE, 1))
    with pytest.raises(SignOffError, match="2026-27 Q1 v1 .* manifest.json is missing"):
        publish(settings, QUARTER, DUE)
    assert site(settings) == before


def test_an_interrupted_publication_is_completed_by_publishing_again(settings):
    """End after the switch of the site and before its record."""
    from operations.releases.publishing import checked_publication

    sign_off(settings, QUARTER, asked(built(settings)))
    show(settings, lay_site(settings, [checked_publication(settings, QUARTER, 1, DUE)]))
    with pytest.raises(RecordError, match="If its publication was interrupted: ctw publish"):
        publications(settings)
    publish(settings, QUARTER, DUE)
    assert [p.label for p in publications(settings)] == ["2026-27 Q2 v1"]


def strange_things(settings):
    """Litter the folder of releases, and damage the records of one quarter."""
    folder = settings.home / "releases"
    folder.mkdir(exist_ok=True)
    (folder / ".DS_Store").write_bytes(b"\0")
    (folder / "notes.txt").write_text("notes")
    (folder / "2026-27Q9").mkdir()
    (folder / "2025-26Q1").write_text("a file where a folder should be")
    (settings.home / "site_builds").mkdir(exist_ok=True)
    (settings.home / "site_builds" / ".DS_Store").write_bytes(b"\0")
    damaged = settings.releases(Quarter(2025, 3))
    (damaged / "v1").mkdir(parents=True)
    (damaged / "v1.records.jsonl").write_text('{"act": "sign')
    (damaged / "v01").mkdir()
    (damaged / "v2.txt").write_text("")


def test_strange_things_in_the_folder_of_releases_stop_no_other_quarter(settings):
    strange_things(settings)
    released(settings, BEFORE)
    released(settings, earlier=FIRST)
    assert len(publications(settings)) == 2
    with pytest.raises(OperationError, match="2025-26Q3/v1.records.jsonl does not agree"):
        publish(settings, Quarter(2025, 3), DUE)


def test_the_status_says_what_is_wrong_with_each_quarter_and_goes_on(settings):
    strange_things(settings)
    built(settings)
    message = statuses(settings).split("\n")
    assert len(message) == 6
    assert "2025-26Q3/v1.records.jsonl does not agree" in message[0]
    assert "2026-27 Q2" in message[1]
    assert sorted(message[2:]) == [
        f"releases/{name} is not the folder of a quarter; it is left alone."
        for name in (".DS_Store", "2025-26Q1", "2026-27Q9", "notes.txt")
    ]


def test_putting_records_back_ends_every_refusal(settings):
    released(settings)
    shutil.rmtree(settings.home / "registers")
    restore(settings)
    publish(settings, QUARTER, DUE)
    assert [p.label for p in publications(settings)] == ["2026-27 Q2 v1"]
