"""The records of a quarter are chained, and a sign-off keeps where they end."""

import json

import pytest

from operations.errors import SignOffError
from operations.home.settings import Settings
from operations.releases import quarter_records, register
from operations.releases.explanations import explain, explanations
from operations.releases.quarter_records import EXPLANATIONS, KINDS, QuarterRecords, heads
from operations.releases.register import canonical, digest, sealed
from operations.releases.register_repair import restore
from operations.releases.release_records import sign
from tests.assets.made_releases import QUARTER, asked, rewrite
from tests.explaining import BY

AREA = "CTW-EN01"
NAME = "registers/explanations/2026-27Q2.jsonl"
TEXTS = ("It was down.", "It was late.", "It was closed.")


@pytest.fixture
def settings(tmp_path):
    """A home with three explanations of one area, the last of which counts."""
    made = Settings(home=tmp_path, code_version="drawn")
    for text in TEXTS:
        explain(made, QUARTER, {AREA: text}, BY)
    return made


def places(settings):
    return EXPLANATIONS.place(settings, QUARTER), EXPLANATIONS.copy(settings, QUARTER)


def lines(settings):
    return places(settings)[0].read_text().splitlines()


def put(settings, *held):
    """Write lines in place of the register and of its copy."""
    for place in places(settings):
        rewrite(place, held)


def refused(settings):
    with pytest.raises(SignOffError) as fault:
        explanations(settings, QUARTER)
    return str(fault.value)


def unnumbered(settings, text):
    """A line as it was before lines had numbers."""
    words = json.loads(lines(settings)[0]) | {"text": text}
    return canonical(
        sealed(settings, {n: w for n, w in words.items() if n not in ("number", "before", "seal")})
    )


def test_every_line_has_its_number_and_the_hash_of_the_line_before(settings):
    held = [json.loads(line) for line in lines(settings)]
    assert [words["number"] for words in held] == [1, 2, 3]
    assert [w["before"] for w in held[1:]] == [digest(line) for line in lines(settings)[:2]]


@pytest.mark.parametrize(
    ("order", "wrong"), [((0, 1, 2, 0), 4), ((0, 2), 2), ((1, 0, 2), 1), ((1, 2), 1), ((2,), 1)]
)
def test_a_line_that_was_replayed_moved_or_removed_is_found(settings, order, wrong):
    held = lines(settings)
    put(settings, *(held[number] for number in order))
    assert f"Line {wrong} of {NAME} was not written by this system" in refused(settings)


def test_a_last_line_that_was_removed_is_found_by_the_copy_and_put_back(settings):
    held = lines(settings)
    rewrite(places(settings)[0], held[:2])
    assert f"{NAME} has 2 lines, and its copy has 3: lines were lost." in refused(settings)
    restore(settings)
    assert lines(settings) == held
    assert explanations(settings, QUARTER)[AREA].text == TEXTS[2]


def test_a_changed_line_is_put_back_from_the_copy_and_kept_aside(settings):
    held = lines(settings)
    rewrite(places(settings)[0], [held[0], held[1].replace("late", "early"), held[2]])
    assert "ctw records --restore" in refused(settings)
    restore(settings)
    assert lines(settings) == held
    (aside,) = (settings.home / "registers" / "damaged").iterdir()
    assert "early" in aside.read_text()


def test_a_last_line_that_was_removed_everywhere_after_a_sign_off_is_found(settings):
    sign(settings, QUARTER, 1, asked("0" * 64))
    put(settings, *lines(settings)[:2])
    assert f"{NAME} is not as it was when v1 was signed off" in refused(settings)
    for place in places(settings):
        place.unlink()
    assert "v1 was signed off" in refused(settings)
    with pytest.raises(SignOffError, match="v1 was signed off"):
        explain(settings, QUARTER, {AREA: "Another."}, BY)


def test_what_is_decided_after_a_sign_off_is_no_fault(settings):
    sign(settings, QUARTER, 1, asked("0" * 64))
    explain(settings, QUARTER, {AREA: "It was merged."}, BY)
    assert explanations(settings, QUARTER)[AREA].text == "It was merged."


def test_a_sign_off_keeps_the_head_of_every_kind_of_record(settings):
    sign(settings, QUARTER, 1, asked("0" * 64))
    (words,) = register.read(settings)
    assert words["records"] == heads(settings, QUARTER)
    last = f"3 {digest(lines(settings)[-1])}"
    none = dict.fromkeys(("treatments", "corrections", "known_errors", "waivers"), "0")
    assert words["records"] == {"explanations": last, **none}


def test_every_kind_of_record_is_among_those_that_a_sign_off_keeps():
    made = [one for one in vars(quarter_records).values() if isinstance(one, QuarterRecords)]
    assert sorted(made, key=str) == sorted(KINDS, key=str)


def test_lines_from_before_there_were_numbers_are_read_and_the_next_one_follows_them(settings):
    old = [unnumbered(settings, text) for text in TEXTS[:2]]
    put(settings, *old)
    assert explanations(settings, QUARTER)[AREA].text == TEXTS[1]
    explain(settings, QUARTER, {AREA: TEXTS[2]}, BY)
    held = lines(settings)
    assert held[:2] == old
    assert (json.loads(held[2])["number"], json.loads(held[2])["before"]) == (3, digest(old[1]))
    put(settings, old[0], held[2])
    assert f"Line 2 of {NAME}" in refused(settings)
    put(settings, *held, old[0])
    assert f"Line 4 of {NAME}" in refused(settings)
