"""Which version goes out is the newest, or the one that a person names in a way that means it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from operations.errors import SignOffError, StoreError
from operations.home.keys import keys_of
from operations.home.settings import Settings
from operations.releases.choice import (
    NEWEST,
    SHORTEST_PREFIX,
    NamedVersion,
    check_prefix,
    chosen,
    drafts_after,
    signed_versions,
    waiting,
)
from operations.releases.register import LAST, NAME
from operations.releases.release_records import sign
from operations.releases.release_store import (
    folder_of,
    latest,
    manifest_hash,
    manifest_of,
    mark_published,
    release_time,
    write_version,
)
from operations.releases.run_records import Run, check_built, record_run, run_of
from publications.release.calendar import release_at
from tests.assets.made_releases import QUARTER, asked


@pytest.fixture
def settings(tmp_path):
    """A home with three versions of a quarter, none of them signed off."""
    made = Settings(home=tmp_path, code_version="drawn")
    keys_of(made)
    for version in (1, 2, 3):
        files = {"manifest.json": b'{"version": %d}' % version}
        write_version(made, QUARTER, version, files)
    return made


def held(settings, version):
    return manifest_hash(folder_of(settings, QUARTER, version))


def signed(settings, version):
    sign(settings, QUARTER, version, asked(held(settings, version)))


def refused(act, *arguments):
    with pytest.raises(SignOffError) as fault:
        act(*arguments)
    return str(fault.value)


def test_the_newest_version_goes_out_when_none_is_named(settings):
    assert chosen(settings, QUARTER, NEWEST) == 3


def test_a_version_is_named_by_its_number_or_by_the_start_of_its_manifest(settings):
    assert chosen(settings, QUARTER, NamedVersion(version=2)) == 2
    assert (
        chosen(settings, QUARTER, NamedVersion(manifest=held(settings, 1)[:SHORTEST_PREFIX])) == 1
    )
    assert chosen(settings, QUARTER, NamedVersion(2, held(settings, 2))) == 2


def test_a_number_and_a_manifest_that_do_not_mean_the_same_version_are_refused(settings):
    manifests = [held(settings, version)[:16] for version in (1, 2, 3)]
    assert refused(chosen, settings, QUARTER, NamedVersion(1, held(settings, 2))) == (
        f"2026-27 Q2 has no v1 with the manifest {manifests[1]}. It has "
        f"v1 (manifest {manifests[0]}), v2 (manifest {manifests[1]}), v3 (manifest {manifests[2]})."
    )


def test_what_is_not_there_is_named_beside_what_is(settings):
    assert refused(chosen, settings, QUARTER, NamedVersion(9)).startswith(
        "2026-27 Q2 has no v9. It has v1 (manifest "
    )
    assert refused(chosen, settings, QUARTER, NamedVersion(manifest="0" * 64)).startswith(
        f"2026-27 Q2 has no version with the manifest {'0' * 16}. It has v1"
    )


def test_a_version_does_not_go_out_after_a_later_one_was_signed_off(settings):
    signed(settings, 1)
    assert chosen(settings, QUARTER, NamedVersion(1)) == 1
    signed(settings, 2)
    assert refused(chosen, settings, QUARTER, NamedVersion(1)) == (
        "2026-27 Q2 v2 was signed off after v1, so v1 does not go out any more. Publish the later "
        "one: ctw publish 2026-27Q2 --version 2"
    )
    assert chosen(settings, QUARTER, NamedVersion(2)) == 2


def test_a_signed_version_waits_until_it_is_public(settings):
    assert waiting(settings, QUARTER, 3) is None
    signed(settings, 1)
    assert (waiting(settings, QUARTER, 3), waiting(settings, QUARTER, 1)) == (1, None)
    mark_published(settings, QUARTER, 1, release_at(QUARTER))
    assert waiting(settings, QUARTER, 3) is None


def test_drafts_are_what_was_built_since_and_nobody_signed_off(settings):
    signed(settings, 2)
    assert signed_versions(settings, QUARTER) == [2]
    assert drafts_after(settings, QUARTER, 1) == [3]
    assert drafts_after(settings, QUARTER, 3) == []


@given(st.text("0123456789abcdef", min_size=SHORTEST_PREFIX, max_size=64))
def test_twelve_characters_of_a_manifest_or_more_identify_it(manifest):
    check_prefix(manifest, "A publication")


@given(
    st.text("0123456789abcdef", max_size=SHORTEST_PREFIX - 1)
    | st.text("0123456789abcdefABCDEFgxyz ", min_size=12).filter(
        lambda text: set(text) - set("0123456789abcdef")
    )
)
def test_fewer_characters_and_other_characters_identify_no_manifest(manifest):
    assert refused(check_prefix, manifest, "A publication").startswith(
        "A publication names the manifest that was read: 12 or more of the characters"
    )


def test_a_quarter_that_was_never_built_says_how_to_build_it(settings):
    with pytest.raises(StoreError, match=r"no release of 2026-27 Q3 yet.*ctw build 2026-27Q3"):
        latest(settings, QUARTER.next)


def test_a_signed_version_whose_folder_is_lost_is_named_and_none_takes_its_place(settings):
    signed(settings, 3)
    place = folder_of(settings, QUARTER, 3)
    place.rename(settings.home / "elsewhere")
    with pytest.raises(StoreError, match=r"2026-27 Q2 v3 .* its folder releases/2026-27Q2/v3 is"):
        chosen(settings, QUARTER, NEWEST)


def test_a_signed_version_never_changes_even_when_its_records_are_gone(settings):
    signed(settings, 3)
    for name in (NAME, LAST):
        (settings.home / name).unlink()
    copy = settings.releases(QUARTER) / "v3.records.jsonl"
    copy.write_text("")
    with pytest.raises(SignOffError, match="Version 3 of 2026-27 Q2 is signed off and cannot"):
        write_version(settings, QUARTER, 3, {"manifest.json": b"{}"})


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"3", b"\xff"])
def test_a_manifest_that_cannot_be_read_says_what_to_do(settings, content):
    place = folder_of(settings, QUARTER, 1)
    (place / "manifest.json").write_bytes(content)
    with pytest.raises(StoreError, match=r"v1/manifest.json cannot be read. Build the release"):
        manifest_of(place)


@pytest.mark.parametrize("content", [b"{}", b'{"release_at": null}', b'{"release_at": "soon"}'])
def test_a_manifest_without_a_time_of_release_says_what_to_do(settings, content):
    place: Path = folder_of(settings, QUARTER, 1)
    (place / "manifest.json").write_bytes(content)
    with pytest.raises(StoreError, match=r"v1/manifest.json names no time of release"):
        release_time(place)


def test_a_version_that_no_whole_run_wrote_is_not_known_to_be_checked(settings):
    assert refused(check_built, settings, QUARTER, 1) == (
        "2026-27 Q2 v1 has no record of a run that was done to its end, so nobody knows that "
        "every check passed. Build it again: ctw build 2026-27Q2"
    )


def test_a_version_that_is_not_as_its_run_wrote_it_names_both_manifests(settings):
    run = Run("0123456789", "drawn", "2026-06-01T12:00:00+01:00", held(settings, 1))
    record_run(settings, QUARTER, 1, run)
    check_built(settings, QUARTER, 1)
    (folder_of(settings, QUARTER, 1) / "manifest.json").write_bytes(b"{}")
    assert refused(check_built, settings, QUARTER, 1) == (
        f"2026-27 Q2 v1 has the manifest {held(settings, 1)[:12]}, but run 01234567 wrote the "
        f"manifest {run.manifest_sha256[:12]}. Build it again: ctw build 2026-27Q2"
    )


def test_the_run_of_one_version_is_not_the_run_of_another_nor_of_a_rehearsal(settings):
    run = Run("0123456789", "drawn", "2026-06-01T12:00:00+01:00", held(settings, 1))
    record_run(settings, QUARTER, 1, run)
    assert run_of(settings, QUARTER, 1) == run
    folder = settings.releases(QUARTER)
    (folder / "v2.run.json").write_bytes((folder / "v1.run.json").read_bytes())
    assert run_of(settings, QUARTER, 2) is None
    rehearsal = Settings(settings.home, "drawn", clock="2026-12-17T10:00:00+00:00")
    assert run_of(rehearsal, QUARTER, 1) is None
