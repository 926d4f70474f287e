"""What cannot be taken over, put back or told apart in the records of releases is said in words."""

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st

from operations.errors import RecordError, SignOffError
from operations.home.keys import keys_of
from operations.home.rehearsal import rehearse
from operations.home.settings import REHEARSAL, Settings
from operations.releases import register
from operations.releases.adopt import adopt
from operations.releases.register import canonical, digest, read, sealed, unsealed
from operations.releases.register_repair import restore
from operations.releases.release_records import publications, sign, sign_offs
from operations.releases.release_store import (
    files_in,
    folder_of,
    manifest_hash,
    mark_published,
    write_version,
)
from operations.releases.traces import (
    check_records,
    quarter_in,
    quarters,
    recorded_versions,
    shown_versions,
    unknown_folders,
    version_in,
)
from publications.release.calendar import release_at
from schemas.quarter import Quarter
from tests.assets.made_releases import (
    BEFORE,
    QUARTER,
    asked,
    edited,
    register_lines,
    rewrite,
)

GOLDEN = Path(__file__).parents[2] / "golden" / "release"
PUBLISHED_AT = "2026-12-17T09:31:00+00:00"
QUARTERS = st.builds(Quarter, st.integers(2000, 2098), st.integers(1, 4))
WORDS = st.dictionaries(
    st.text(max_size=8).filter(lambda name: name not in ("act", "seal")),
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    max_size=4,
)


def built(settings, quarter=QUARTER, version=1):
    """Write a version that holds the files of the golden release, and return its manifest."""
    keys_of(settings)
    return manifest_hash(write_version(settings, quarter, version, files_in(GOLDEN)))


def old_records(settings, quarter=QUARTER, version=1, *, is_signed=True, is_published=True):
    """Write the records of a version as they were written before there was a register."""
    folder = settings.releases(quarter)
    words = dict(vars(asked(built(settings, quarter, version))))
    if is_signed:
        (folder / f"v{version}.sign-off.json").write_text(json.dumps({"approvals": [words]}))
    if is_published:
        record = json.dumps({"published_at": PUBLISHED_AT})
        (folder / f"v{version}.published.json").write_text(record)


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path, code_version="drawn")


@pytest.fixture
def recorded(settings):
    """A home with a version that is signed off and published."""
    sign(settings, QUARTER, 1, asked(built(settings)))
    mark_published(settings, QUARTER, 1, release_at(QUARTER))
    return settings


@pytest.mark.parametrize("name", ["", "  ", "\n"])
def test_records_are_not_taken_over_without_a_name(settings, name):
    old_records(settings)
    with pytest.raises(RecordError, match="needs the name of the person who answers for them"):
        adopt(settings, name)
    assert read(settings) == []


def test_the_name_of_who_answers_is_kept_without_spaces_around_it(settings):
    old_records(settings)
    adopt(settings, "  A Person ")
    assert {words["adopted_by"] for words in read(settings)} == {"A Person"}


def test_an_approval_that_was_not_published_is_taken_over_as_that_alone(settings):
    old_records(settings, is_published=False)
    assert adopt(settings, "A Person") == 1
    assert [words["act"] for words in read(settings)] == ["sign-off"]
    assert publications(settings) == []
    assert [approval.name for approval in sign_offs(settings, QUARTER, 1)] == ["A Person"]


def test_a_publication_that_nobody_signed_is_not_taken_over(settings):
    old_records(settings, is_signed=False)
    with pytest.raises(SignOffError, match="2026-27 Q2 v1 is not as it was signed off"):
        adopt(settings, "A Person")
    assert read(settings) == []


def test_one_version_that_is_not_as_it_was_signed_stops_all_of_them(settings):
    old_records(settings, BEFORE)
    old_records(settings, QUARTER)
    (folder_of(settings, QUARTER, 1) / "index.html").write_text("another")
    with pytest.raises(SignOffError, match="2026-27 Q2 v1 .* Put its folder back from a backup"):
        adopt(settings, "A Person")
    assert read(settings) == []


def test_every_version_of_every_quarter_is_taken_over_and_its_files_are_moved(settings):
    old_records(settings, BEFORE)
    old_records(settings, QUARTER)
    old_records(settings, QUARTER, 2, is_published=False)
    assert adopt(settings, "A Person") == 3
    assert [made.label for made in publications(settings)] == ["2026-27 Q2 v1", "2026-27 Q1 v1"]
    assert {made.reason for made in publications(settings)} == {"No reason was recorded."}
    kept = settings.home / "registers" / "adopted"
    assert sorted(file.name for file in (kept / QUARTER.id).iterdir()) == [
        "v1.published.json",
        "v1.sign-off.json",
        "v2.sign-off.json",
    ]
    check_records(settings, QUARTER)


def test_taking_over_again_after_it_was_interrupted_repeats_no_line(settings):
    old_records(settings)
    folder, names = settings.releases(QUARTER), ("v1.sign-off.json", "v1.published.json")
    old = {name: (folder / name).read_text() for name in names}
    adopt(settings, "A Person")
    lines = register_lines(settings)
    for name, text in old.items():
        (folder / name).write_text(text)
    assert adopt(settings, "A Person") == 1
    assert register_lines(settings) == lines
    assert not any((folder / name).exists() for name in names)


def test_taking_over_goes_on_where_it_was_interrupted(settings):
    old_records(settings, is_published=False)
    adopt(settings, "A Person")
    record = json.dumps({"published_at": PUBLISHED_AT})
    (settings.releases(QUARTER) / "v1.published.json").write_text(record)
    assert adopt(settings, "A Person") == 1
    assert [words["act"] for words in read(settings)] == ["sign-off", "publication"]
    (made,) = publications(settings)
    assert made.published_at == datetime.fromisoformat(PUBLISHED_AT)


@pytest.mark.parametrize("content", ['{"approvals": [{"name": "A"}]}', '{"approvals": 3}', "{}"])
def test_an_old_approval_without_its_words_is_named_by_its_place(settings, content):
    old_records(settings)
    (settings.releases(QUARTER) / "v1.sign-off.json").write_text(content)
    with pytest.raises(RecordError) as refused:
        adopt(settings, "A Person")
    assert str(refused.value) == (
        "releases/2026-27Q2/v1.sign-off.json cannot be read. Put it back from a backup."
    )


@pytest.mark.parametrize("content", ['{"published_at": "soon"}', '{"published_at": 3}', "{}"])
def test_an_old_publication_without_its_time_is_named_by_its_place(settings, content):
    old_records(settings)
    (settings.releases(QUARTER) / "v1.published.json").write_text(content)
    with pytest.raises(RecordError, match=r"releases/2026-27Q2/v1.published.json cannot be read"):
        adopt(settings, "A Person")


def test_a_register_of_a_rehearsal_counts_for_nothing_in_an_everyday_home(tmp_path):
    home = tmp_path / "home"
    rehearse(home, "2026-12-17T10:00:00+00:00")
    rehearsal = Settings(home=home, code_version="drawn", clock="2026-12-17T10:00:00+00:00")
    sign(rehearsal, QUARTER, 1, asked(built(rehearsal)))
    (home / REHEARSAL).unlink()
    with pytest.raises(RecordError) as refused:
        read(Settings(home=home, code_version="drawn"))
    assert str(refused.value) == (
        f"Line 1 of registers/releases.jsonl was recorded in a rehearsal, but {home} is no "
        "rehearsal. Releases of the two are never mixed: build in a home of the right kind."
    )


def test_a_register_of_an_everyday_home_counts_for_nothing_in_a_rehearsal(recorded):
    with pytest.raises(RecordError, match=r"was recorded in no rehearsal, but .* is a rehearsal"):
        read(replace(recorded, clock="2026-12-17T10:00:00+00:00"))


@pytest.mark.parametrize("content", ["{}\n", "by hand\n", "\xff\n"])
def test_a_copy_of_the_last_line_that_was_changed_is_refused_and_can_be_put_back(recorded, content):
    last = recorded.home / register.LAST
    whole = last.read_text()
    last.write_text(content, encoding="latin-1")
    with pytest.raises(RecordError) as refused:
        read(recorded)
    assert str(refused.value) == (
        "registers/releases.last.json was changed since it was written. "
        "To put it back from the copies: ctw records --restore"
    )
    restore(recorded)
    assert last.read_text() == whole
    assert len(read(recorded)) == 2


def test_a_line_that_cannot_be_read_is_named_by_its_number_alone(recorded):
    lines = register_lines(recorded)
    rewrite(recorded.home / register.NAME, [*lines, '{"act": "publication", "quarter": "soon"}'])
    with pytest.raises(RecordError, match=r"^Line 3 of registers/releases.jsonl was not written"):
        read(recorded)


def test_the_words_of_a_line_in_another_order_are_not_the_line(recorded):
    lines = register_lines(recorded)
    words = json.loads(lines[-1])
    turned = json.dumps(dict(reversed(words.items())), separators=(",", ":"))
    assert unsealed(recorded, lines[-1]) == words
    assert unsealed(recorded, turned) is None


@pytest.mark.parametrize("line", ["[]", "3", "null", "{}", '{"seal": 3}', '{"seal": "\\u00e9"}'])
def test_what_is_no_sealed_line_is_no_line(recorded, line):
    assert unsealed(recorded, line) is None


def test_an_edited_copy_stops_its_quarter_and_names_the_file(recorded):
    copy = recorded.releases(QUARTER) / "v1.records.jsonl"
    first, second = copy.read_text().splitlines()
    rewrite(copy, [first, edited(second, reason="another")])
    with pytest.raises(RecordError, match=r"releases/2026-27Q2/v1.records.jsonl does not agree"):
        check_records(recorded, QUARTER)
    check_records(recorded, BEFORE)


def test_a_record_by_hand_beside_a_version_counts_for_nothing_and_is_named(recorded):
    (recorded.releases(QUARTER) / "v2.published.json").write_text("{}")
    with pytest.raises(RecordError) as refused:
        check_records(recorded, QUARTER)
    assert str(refused.value).startswith(
        "releases/2026-27Q2/v2.published.json is not in registers/releases.jsonl, so it counts for "
        "nothing"
    )
    assert recorded_versions(recorded, QUARTER) == {1, 2}, "a version with a trace never changes"


def test_nothing_is_put_back_where_nothing_was_written(settings):
    keys_of(settings)
    assert restore(settings) == 0
    assert not (settings.home / register.NAME).exists()


def test_a_version_on_the_site_that_no_record_holds_is_named_with_what_to_do(recorded):
    place = recorded.site / BEFORE.id / "v1"
    place.mkdir(parents=True)
    (place / "manifest.json").write_text("{}")
    with pytest.raises(RecordError) as refused:
        publications(recorded)
    assert str(refused.value).startswith(
        "The site shows 2026-27 Q1 v1, but registers/releases.jsonl does not hold its publication. "
        "If its publication was interrupted: ctw publish 2026-27Q1 --version 1."
    )
    assert [made.label for made in publications(recorded, (BEFORE, 1))] == ["2026-27 Q2 v1"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('{"version": 2}', {(QUARTER, 2)}),
        ('{"version": "2"}', set()),
        ("{}", set()),
        ("[]", set()),
        ("{", set()),
    ],
)
def test_the_first_form_of_the_site_shows_the_version_in_its_manifest(settings, content, expected):
    (settings.site / QUARTER.id).mkdir(parents=True)
    (settings.site / QUARTER.id / "manifest.json").write_text(content)
    assert shown_versions(settings) == expected


def test_whatever_else_lies_among_the_releases_is_no_quarter(settings):
    assert (quarters(settings), unknown_folders(settings)) == ([], [])
    for name in (QUARTER.id, BEFORE.id, "2026-27 Q3", "2026-28Q1", "old"):
        (settings.home / "releases" / name).mkdir(parents=True)
    (settings.home / "releases" / "2027-28Q1").write_text("a file")
    assert quarters(settings) == [BEFORE, QUARTER]
    assert unknown_folders(settings) == ["2026-27 Q3", "2026-28Q1", "2027-28Q1", "old"]


@given(QUARTERS)
def test_a_folder_is_of_a_quarter_when_it_is_named_by_its_id_and_no_other_way(quarter):
    assert quarter_in(quarter.id) == quarter
    assert quarter_in(quarter.label) is None
    assert quarter_in(f" {quarter.id}") is None


@given(st.integers(1, 9999), st.sampled_from(["", ".records.jsonl", ".run.json", ".sign-off.json"]))
def test_a_file_beside_a_version_is_named_for_it(version, ending):
    assert version_in(f"v{version}{ending}") == version
    assert version_in(f"v0{version}{ending}") is None
    assert version_in(f"{version}{ending}") is None
    assert version_in(f"v{version}-old{ending}") is None


@settings_of_hypothesis(deadline=None, max_examples=40)
@given(WORDS, WORDS)
def test_words_that_differ_have_different_lines_and_seals_of_their_own(
    tmp_path_factory, one, other
):
    home = tmp_path_factory.getbasetemp() / "sealing"
    home.mkdir(exist_ok=True)
    settings = Settings(home=home, code_version="drawn")
    lines = [canonical(sealed(settings, {"act": "sign-off", **words})) for words in (one, other)]
    assert [unsealed(settings, line) for line in lines] == [json.loads(line) for line in lines]
    assert (digest(lines[0]) == digest(lines[1])) == (canonical(one) == canonical(other))
    taken = {**json.loads(lines[0]), "seal": json.loads(lines[1])["seal"]}
    assert (unsealed(settings, canonical(taken)) is None) == (canonical(one) != canonical(other))
