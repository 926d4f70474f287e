"""The ways to publish early, unsigned, altered or lost: each is refused in a sentence."""

import json
import shutil
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from assets.show import made_public
from operations.errors import EmbargoError, RecordError, SignOffError
from operations.releases.choice import NamedVersion
from operations.releases.publishing import check_attacked, publish, sign_off
from operations.releases.release_records import publications, sign
from operations.releases.release_store import (
    files_in,
    folder_of,
    manifest_hash,
    write_version,
)
from operations.releases.run_records import Run, record_run
from publications.release.calendar import release_at
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


def site(settings):
    return files_in(settings.site.resolve())


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
    names = {
        "version": NamedVersion(1),
        "manifest": NamedVersion(manifest=first[:12]),
        "both": NamedVersion(1, first),
    }
    assert publish(settings, QUARTER, DUE, names[way])[0] == 1
    assert files_in(settings.site / QUARTER.id / "v1") == files_of()
    assert made_public(settings, QUARTER, set()).startswith("2026-27 Q2 v1 is public since 09:30 ")
    assert "v2 is newer and not signed off, so readers" in made_public(settings, QUARTER, set())
    assert not (settings.site / QUARTER.id / "v2").exists()


def test_every_check_of_a_publication_holds_for_a_version_that_is_named(settings):
    a_signed_version_and_a_newer_draft(settings)
    with pytest.raises(EmbargoError, match="under embargo"):
        publish(settings, QUARTER, DUE - timedelta(seconds=1), NamedVersion(1))
    with pytest.raises(SignOffError, match="v2 is not signed off, but v1 is"):
        publish(settings, QUARTER, DUE, NamedVersion(2))
    released(settings, BEFORE)
    with pytest.raises(SignOffError, match="but readers have 2026-27 Q1 v1 by now"):
        publish(settings, QUARTER, DUE, NamedVersion(1))
    page = folder_of(settings, QUARTER, 1) / "index.html"
    page.write_text("another")
    with pytest.raises(SignOffError, match="index.html was altered"):
        publish(settings, QUARTER, DUE, NamedVersion(1))
    (settings.releases(QUARTER) / "v1.run.json").unlink()
    with pytest.raises(SignOffError, match="no record of a run"):
        publish(settings, QUARTER, DUE, NamedVersion(1))


def test_an_older_signed_version_never_goes_out_after_a_newer_one_was_signed(settings):
    first, second = a_signed_version_and_a_newer_draft(settings)
    sign_off(settings, QUARTER, asked(second))
    with pytest.raises(SignOffError, match="v2 was signed off after v1, .* --version 2"):
        publish(settings, QUARTER, DUE, NamedVersion(manifest=first))
    publish(settings, QUARTER, DUE)
    assert [p.label for p in publications(settings)] == ["2026-27 Q2 v2"]


@pytest.mark.parametrize(
    ("named", "message"),
    [
        (NamedVersion(3), "2026-27 Q2 has no v3. It has v1 \\(manifest"),
        (
            NamedVersion(manifest="0" * 12),
            "has no version with the manifest 000000000000. It has v1",
        ),
        (NamedVersion(2, "0" * 12), "has no v2 with the manifest 000000000000"),
        (NamedVersion(manifest="abc"), "12 or more of the characters"),
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
    publish(settings, QUARTER, DUE, NamedVersion(1))
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


def test_a_correction_needs_a_reason(settings):
    released(settings)
    manifest = built(settings, version=2, funding=7, earlier=SAME)
    with pytest.raises(SignOffError, match="2026-27 Q2 v1 is public, so v2 corrects it"):
        sign_off(settings, QUARTER, asked(manifest, reason=" "))
    sign(settings, QUARTER, 2, asked(manifest))
    with pytest.raises(SignOffError, match="sign it off with --reason"):
        publish(settings, QUARTER, DUE)


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


def test_a_quarter_published_after_a_later_one_is_attacked_beside_it_or_refused(settings):
    """A build knows what was published up to its quarter; the check at sign-off holds that."""
    released(settings, BEFORE)
    built(settings)
    with pytest.raises(SignOffError, match="but readers have 2026-27 Q1 v1 by now"):
        check_attacked(settings, QUARTER, 1)
