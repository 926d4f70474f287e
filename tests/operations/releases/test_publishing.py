"""The ways to publish early, unsigned, altered or lost: each is refused in a sentence."""

import json
import re
import shutil
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from assets.show import made_public, statuses
from operations.errors import EmbargoError, OperationError, RecordError, SignOffError, StoreError
from operations.home.keys import keys_of
from operations.home.settings import Settings
from operations.releases.choice import Named
from operations.releases.earlier import earlier
from operations.releases.publishing import check_attacked, publish, sign_off
from operations.releases.register_repair import restore
from operations.releases.release_records import publications, sign
from operations.releases.release_store import (
    files_in,
    folder_of,
    is_frozen,
    latest,
    manifest_hash,
    newest_version,
    write_version,
)
from operations.releases.run_records import Run, record_run
from operations.releases.site_store import lay_site, show
from publications.release.calendar import release_at
from schemas.quarter import Quarter
from tests.assets.made_releases import (
    BEFORE,
    QUARTER,
    WRITTEN,
    asked,
    built,
    edited,
    files_of,
    register_lines,
    released,
    rewrite,
)
from tests.publications.changes import sealed

DUE = release_at(QUARTER)
FIRST, SAME = ("2026-27 Q1 v1",), ("2026-27 Q2 v1",)


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.setenv("CTW_HOME", str(tmp_path))
    monkeypatch.setenv("CTW_CODE_VERSION", "drawn")
    made = Settings(home=tmp_path, code_version="drawn")
    keys_of(made)
    return made


def site(settings):
    return files_in(settings.site.resolve())


# Sign-off


@pytest.mark.parametrize("named", ["", "abc", "x" * 64, "latest"])
def test_a_sign_off_names_the_manifest_that_was_read(settings, named):
    built(settings)
    with pytest.raises(SignOffError, match="12 or more of the characters that ctw build"):
        sign_off(settings, QUARTER, asked(named))


def test_a_sign_off_takes_twelve_characters_and_records_the_whole_hash(settings):
    manifest = built(settings)
    _, approval = sign_off(settings, QUARTER, asked(manifest[:12]))
    assert approval.manifest_sha256 == manifest
    assert json.loads(register_lines(settings)[0])["manifest_sha256"] == manifest


def test_a_draft_that_was_replaced_since_it_was_read_is_not_signed_off(settings):
    read = built(settings)
    built(settings, funding=7)
    with pytest.raises(SignOffError, match="it is another draft. Read drafts/2026-27Q2/v1"):
        sign_off(settings, QUARTER, asked(read[:16]))
    assert not is_frozen(settings, QUARTER, 1)


def test_gates_run_again_at_sign_off_on_the_very_files(settings):
    from publications.data.manifest import sealed
    from tests.publications.release_sample import sample

    files = dict(files_of())
    path = next(p for p in files if "table-02" in p and p.endswith(".csv"))
    files[path], changed = re.subn(
        rb"(,starts,Starts,people,)\d+,", rb"\g<1>3,", files[path], count=1
    )
    assert changed == 1
    rest = {p: c for p, c in files.items() if p not in ("manifest.json", "SHA256SUMS")}
    write_version(settings, QUARTER, 1, rest | sealed(sample(), rest))
    from operations.releases.release_store import manifest_hash

    held = manifest_hash(folder_of(settings, QUARTER, 1))
    record_run(settings, QUARTER, 1, Run("drawn", "drawn", WRITTEN, held))
    own = replace(settings, code_version="0123abc")  # of the sample
    with pytest.raises(SignOffError, match="may not go out: .* count of 1 to 4 people"):
        sign_off(own, QUARTER, asked(held))


def test_a_draft_with_an_altered_file_is_not_signed_off(settings):
    manifest = built(settings)
    (folder_of(settings, QUARTER, 1) / "index.html").write_text("another")
    with pytest.raises(SignOffError, match="index.html was altered"):
        sign_off(settings, QUARTER, asked(manifest))


# Records


def test_what_is_not_signed_off_is_not_published(settings):
    built(settings)
    with pytest.raises(SignOffError, match="is not signed off. Read it, then: ctw sign-off"):
        publish(settings, QUARTER, DUE)
    assert not settings.site.exists()


def a_signed_version_and_a_newer_draft(settings):
    """v1 is signed off; then v2 was built, which nobody signed off. Returns both manifests."""
    first = built(settings)
    sign_off(settings, QUARTER, asked(first))
    return first, built(settings, version=2, funding=7)


def test_of_a_newer_draft_the_refusal_says_both_ways_out(settings):
    _, second = a_signed_version_and_a_newer_draft(settings)
    with pytest.raises(SignOffError) as refusal:
        publish(settings, QUARTER, DUE)
    message = str(refusal.value)
    assert "2026-27 Q2 v2 is not signed off, but v1 is, and is not public yet" in message
    assert "ctw publish 2026-27Q2 --version 1" in message
    assert f"ctw sign-off 2026-27Q2 --manifest {second[:16]}" in message
    assert not settings.site.exists()


@pytest.mark.parametrize("way", ["version", "manifest", "both"])
def test_a_signed_version_that_is_named_is_published_beside_a_newer_draft(settings, way):
    first, _ = a_signed_version_and_a_newer_draft(settings)
    names = {"version": Named(1), "manifest": Named(manifest=first[:12]), "both": Named(1, first)}
    assert publish(settings, QUARTER, DUE, names[way])[0] == 1
    assert files_in(settings.site / QUARTER.id / "v1") == files_of()
    assert made_public(settings, QUARTER, set()).startswith("2026-27 Q2 v1 is public since 09:30 ")
    assert "v2 is newer and not signed off, so readers" in made_public(settings, QUARTER, set())
    assert not (settings.site / QUARTER.id / "v2").exists()


def test_every_check_of_a_publication_holds_for_a_version_that_is_named(settings):
    a_signed_version_and_a_newer_draft(settings)
    with pytest.raises(EmbargoError, match="under embargo"):
        publish(settings, QUARTER, DUE - timedelta(seconds=1), Named(1))
    with pytest.raises(SignOffError, match="v2 is not signed off, but v1 is"):
        publish(settings, QUARTER, DUE, Named(2))
    released(settings, BEFORE)
    with pytest.raises(SignOffError, match="but readers have 2026-27 Q1 v1 by now"):
        publish(settings, QUARTER, DUE, Named(1))
    page = folder_of(settings, QUARTER, 1) / "index.html"
    page.write_text("another")
    with pytest.raises(SignOffError, match="index.html was altered"):
        publish(settings, QUARTER, DUE, Named(1))
    (settings.releases(QUARTER) / "v1.run.json").unlink()
    with pytest.raises(SignOffError, match="no record of a run"):
        publish(settings, QUARTER, DUE, Named(1))


def test_an_older_signed_version_never_goes_out_after_a_newer_one_was_signed(settings):
    first, second = a_signed_version_and_a_newer_draft(settings)
    sign_off(settings, QUARTER, asked(second))
    with pytest.raises(SignOffError, match="v2 was signed off after v1, .* --version 2"):
        publish(settings, QUARTER, DUE, Named(manifest=first))
    publish(settings, QUARTER, DUE)
    assert [p.label for p in publications(settings)] == ["2026-27 Q2 v2"]


@pytest.mark.parametrize(
    ("named", "message"),
    [
        (Named(3), "2026-27 Q2 has no v3. It has v1 \\(manifest"),
        (Named(manifest="0" * 12), "has no version with the manifest 000000000000. It has v1"),
        (Named(2, "0" * 12), "has no v2 with the manifest 000000000000"),
        (Named(manifest="abc"), "12 or more of the characters"),
    ],
)
def test_a_version_that_is_not_there_is_not_published(settings, named, message):
    a_signed_version_and_a_newer_draft(settings)
    with pytest.raises(SignOffError, match=message):
        publish(settings, QUARTER, DUE, named)


def test_when_the_signed_version_is_public_a_newer_draft_has_one_way_out(settings):
    released(settings)
    built(settings, version=2, funding=7)
    with pytest.raises(SignOffError, match="v2 is not signed off. Read it, then: ctw sign-off"):
        publish(settings, QUARTER, DUE)
    publish(settings, QUARTER, DUE, Named(1))
    assert [p.label for p in publications(settings)] == ["2026-27 Q2 v1"]


@pytest.mark.parametrize("kind", ["sign-off", "published"])
def test_a_file_of_records_that_was_written_by_hand_is_refused_by_name(settings, kind):
    released(settings, BEFORE)
    manifest = built(settings, earlier=FIRST)
    words = {"sign-off": {"approvals": [vars(asked(manifest))]}, "published": {"published_at": 1}}
    file = settings.releases(QUARTER) / f"v1.{kind}.json"
    file.write_text(json.dumps(words[kind]))
    for act in (
        lambda: sign_off(settings, QUARTER, asked(manifest)),
        lambda: publish(settings, QUARTER, DUE),
    ):
        with pytest.raises(RecordError, match=f"v1.{kind}.json is not in registers/releases.jsonl"):
            act()
    assert [p.label for p in publications(settings)] == list(FIRST)
    publish(settings, BEFORE, DUE)


def test_a_sign_off_of_another_version_does_not_count_for_this_one(settings):
    """Replay the line about v1 for v2, which has the same files but for its number."""
    released(settings)
    built(settings, version=2)
    lines = register_lines(settings)
    rewrite(settings.home / "registers" / "releases.jsonl", [*lines, edited(lines[0], version=2)])
    with pytest.raises(RecordError, match="Line 3 .* was not written by this system"):
        publish(settings, QUARTER, DUE)


def test_a_signed_version_that_was_altered_is_not_published(settings):
    sign_off(settings, QUARTER, asked(built(settings)))
    folder = folder_of(settings, QUARTER, 1)
    shutil.rmtree(folder)
    for path, content in files_of(QUARTER, 1, funding=7).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    with pytest.raises(SignOffError, match="has the manifest .* but run drawn wrote the manifest"):
        publish(settings, QUARTER, DUE)


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


# What lies on the site


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


def test_a_correction_of_words_of_an_older_quarter_never_takes_the_place_of_the_newest(settings):
    released(settings, BEFORE)
    released(settings, earlier=FIRST)
    later = DUE + timedelta(days=30)
    released(settings, BEFORE, version=2, reason="A note was unclear", at=later)
    front = site(settings)["index.html"].decode()
    assert front.index("July to September 2026") < front.index("April to June 2026")
    assert files_in(settings.site / QUARTER.id / "v1") == files_of(earlier=FIRST)


def test_a_signed_version_is_published_after_the_templates_have_changed(settings):
    """Its hash was approved; only a draft has to be as the code would write it now."""
    built(settings)
    page = folder_of(settings, QUARTER, 1) / "accessibility.html"
    files = {**files_of(), page.name: page.read_bytes().replace(b"</h1>", b", as it was</h1>", 1)}
    assert files[page.name] != page.read_bytes()
    write_version(settings, QUARTER, 2, sealed(files))
    manifest = manifest_hash(folder_of(settings, QUARTER, 2))
    record_run(settings, QUARTER, 2, Run("drawn", "drawn", WRITTEN, manifest))
    own = replace(settings, code_version="0123abc")  # of the sample
    with pytest.raises(SignOffError, match="accessibility.html differs .* Build it again"):
        sign_off(own, QUARTER, asked(manifest))
    sign(settings, QUARTER, 2, asked(manifest))
    publish(settings, QUARTER, DUE)
    assert b", as it was</h1>" in site(settings)[f"{QUARTER.id}/v2/accessibility.html"]


# Embargo


def signed_for(settings, due):
    manifest = built(settings, due=due)
    sign(settings, QUARTER, 1, asked(manifest))


def test_nothing_is_published_a_second_before_the_time_that_was_signed(settings):
    sign_off(settings, QUARTER, asked(built(settings)))
    with pytest.raises(EmbargoError, match="under embargo until 09:30 on 17 December 2026"):
        publish(settings, QUARTER, DUE - timedelta(seconds=1))
    publish(settings, QUARTER, DUE)


def test_a_calendar_that_was_moved_forward_publishes_nothing_earlier_than_signed(settings):
    signed_for(settings, "2027-01-14T09:30:00+00:00")
    with pytest.raises(EmbargoError, match="under embargo until 09:30 on 14 January 2027"):
        publish(settings, QUARTER, DUE)


@pytest.mark.parametrize("due", ["2027-01-14T09:30:00+00:00", "2026-11-05T09:30:00+00:00"])
def test_a_calendar_that_says_another_time_than_was_signed_stops_publication(settings, due):
    signed_for(settings, due)
    with pytest.raises(EmbargoError, match="the calendar now says 09:30 on 17 December 2026"):
        publish(settings, QUARTER, datetime.fromisoformat(due) + timedelta(days=60))


def test_a_draft_for_another_time_than_the_calendar_says_is_not_signed_off(settings):
    manifest = built(settings, due="2027-01-14T09:30:00+00:00")
    with pytest.raises(EmbargoError, match="Build it again"):
        sign_off(settings, QUARTER, asked(manifest))


# Corrections


def test_a_correction_needs_a_reason(settings):
    released(settings)
    manifest = built(settings, version=2, funding=7, earlier=SAME)
    with pytest.raises(SignOffError, match="2026-27 Q2 v1 is public, so v2 corrects it"):
        sign_off(settings, QUARTER, asked(manifest, reason=" "))
    sign(settings, QUARTER, 2, asked(manifest))
    with pytest.raises(SignOffError, match="sign it off with --reason"):
        publish(settings, QUARTER, DUE)


WRITTEN_SO = [
    *("AB123456A", "ab 12 34 56 a", "AB-12-34-56-A", "AB.12.34.56.A", "A B 1 2 3 4 5 6 A"),
    *("NINO_AB123456A", "AB123456", "AB\u00a0123456\u00a0A", "\uff21\uff22123456\uff21"),
]


@pytest.mark.parametrize("number", WRITTEN_SO, ids=ascii)
@pytest.mark.parametrize("word", ["name", "role", "note", "reason"])
def test_no_text_of_a_sign_off_holds_what_could_identify_a_participant(settings, word, number):
    with pytest.raises(SignOffError, match=f"The {word} holds .* National Insurance number") as no:
        sign_off(settings, QUARTER, asked("0" * 64, **{word: f"Row of {number}"}))
    assert number not in str(no.value)
    assert not (settings.home / "registers" / "releases.jsonl").is_file()


@pytest.mark.parametrize("word", ["name", "role", "note", "reason"])
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A\n9  publication of 2026-27 Q2 v1 by Nobody", "U+000A"),
        ("A\x1b]0;title\x07", "U+001B"),
        ("A\u202eB", "U+202E"),
        ("A\u2028B", "U+2028"),
        ("A" * 2_001, "2,001 characters"),
    ],
    ids=["a line", "an escape", "a direction", "a line of Unicode", "a long one"],
)
def test_a_text_of_a_sign_off_is_one_line_that_can_be_read(settings, word, text, found):
    """Each is shown in lists of one line per record; a second line could pass for a record."""
    with pytest.raises(SignOffError, match=re.escape(found)):
        sign_off(settings, QUARTER, asked("0" * 64, **{word: text}))


def test_a_quarter_is_not_published_after_a_later_one(settings):
    """Nobody attacked the two together: the later one was built when this one was not public."""
    released(settings)
    manifest = built(settings, BEFORE)
    with pytest.raises(
        SignOffError,
        match="2026-27 Q1 v1 may not go out: readers have 2026-27 Q2 v1 .* Build 2026-27 Q2 again",
    ):
        sign_off(settings, BEFORE, asked(manifest))
    sign(settings, BEFORE, 1, asked(manifest))
    with pytest.raises(SignOffError, match="readers have 2026-27 Q2 v1"):
        publish(settings, BEFORE, DUE)


def test_a_correction_keeps_the_version_that_it_replaces(settings):
    released(settings)
    released(
        settings,
        version=2,
        funding=7,
        earlier=SAME,
        reason="A claim was counted twice",
    )
    shown = settings.site / QUARTER.id
    assert files_in(shown / "v1") == files_of()
    assert files_in(shown / "v2") == files_of(QUARTER, 2, SAME, funding=7)
    assert b"A claim was counted twice" in (shown / "index.html").read_bytes()
    assert b"Superseded by version 2" in (shown / "index.html").read_bytes()
    assert b"A claim was counted twice" in (shown / "corrections.html").read_bytes()
    assert b",7," in (shown / "corrections-v2.csv").read_bytes()


# One bad thing never stops the rest


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


def test_a_quarter_published_after_a_later_one_is_attacked_beside_it_or_refused(settings):
    """A build knows what was published up to its quarter; the check at sign-off holds that."""
    released(settings, BEFORE)
    built(settings)
    with pytest.raises(SignOffError, match="but readers have 2026-27 Q1 v1 by now"):
        check_attacked(settings, QUARTER, 1)


def test_putting_records_back_ends_every_refusal(settings):
    released(settings)
    shutil.rmtree(settings.home / "registers")
    restore(settings)
    publish(settings, QUARTER, DUE)
    assert [p.label for p in publications(settings)] == ["2026-27 Q2 v1"]
