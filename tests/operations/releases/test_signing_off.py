"""Sign-off: of the draft that was read, whole, with texts that identify nobody."""

import json
import re
from dataclasses import replace

import pytest

from operations.errors import SignOffError
from operations.releases.publishing import sign_off
from operations.releases.release_store import (
    folder_of,
    is_frozen,
    manifest_hash,
    write_version,
)
from operations.releases.run_records import Run, record_run
from tests.assets.made_releases import (
    QUARTER,
    WRITTEN,
    asked,
    built,
    files_of,
    register_lines,
)

FIRST, SAME = ("2026-27 Q1 v1",), ("2026-27 Q2 v1",)


@pytest.mark.parametrize("named", ["", "abc", "x" * 64, "latest"])
def test_a_sign_off_names_the_manifest_that_was_read(settings, named):
    built(settings)
    with pytest.raises(SignOffError, match="12 or more of the characters that ctw status shows"):
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


WRITTEN_SO = [
    *("AB123456A", "ab 12 34 56 a", "AB-12-34-56-A", "AB.12.34.56.A", "A B 1 2 3 4 5 6 A"),
    *("NINO_AB123456A", "AB123456", "AB\u00a0123456\u00a0A", "\uff21\uff22123456\uff21"),
]


@pytest.mark.parametrize("number", WRITTEN_SO, ids=ascii)
@pytest.mark.parametrize("word", ["name", "role", "note", "reason"])
def test_no_text_of_a_sign_off_holds_what_could_identify_a_participant(settings, word, number):
    built(settings)
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
    built(settings)
    with pytest.raises(SignOffError, match=re.escape(found)):
        sign_off(settings, QUARTER, asked("0" * 64, **{word: text}))
