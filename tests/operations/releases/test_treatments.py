"""Who may choose a treatment of missing returns, what is recorded, and which choice counts."""

from dataclasses import replace

import pytest

from operations.errors import SignOffError
from operations.home.identity import Account
from operations.home.settings import Settings
from operations.releases.treatments import choice, choose
from tests.assets.made_releases import QUARTER
from tests.explaining import BY

AREAS = ("CTW-EN02", "CTW-EN01")
REASON = "Two areas changed their system."


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path, code_version="drawn")


def test_the_newest_choice_counts_and_says_who_made_it_and_how_that_is_known(settings):
    choose(settings, QUARTER, "leave_out", AREAS, REASON, BY)
    by = replace(BY, name="Another", account=Account("another", "operating system"))
    choose(settings, QUARTER, "estimate", AREAS, f" {REASON} ", by)
    found = choice(settings, QUARTER)
    assert (found.method, found.reason, found.name) == ("estimate", REASON, "Another")
    assert (found.role, found.known_by) == ("Head of Profession", "operating system")
    assert found.areas == ("CTW-EN01", "CTW-EN02")
    assert choice(settings, QUARTER.previous) is None


def test_a_choice_covers_its_areas_and_no_other(settings):
    made = choose(settings, QUARTER, "estimate", AREAS, REASON, BY)
    assert made.covers(["CTW-EN02"])
    assert not made.covers(["CTW-EN02", "CTW-EN03"])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"method": "average"}, "no such treatment. Choose leave_out, carry_forward or estimate"),
        ({"areas": ("CTW-EN01", "X99")}, "1 of the 2 given are not"),
        ({"areas": ()}, "No open area was missing"),
        ({"reason": " "}, "The reason has no words"),
        ({"reason": "Of AB 12 34 56 C"}, "National Insurance number"),
        ({"by": replace(BY, role="Statistician")}, "The Head of Profession chooses"),
        ({"by": replace(BY, name=" ")}, "needs the name"),
    ],
)
def test_a_choice_that_cannot_count_is_refused_and_not_recorded(settings, change, words):
    given = {"method": "estimate", "areas": AREAS, "reason": REASON, "by": BY} | change
    with pytest.raises(SignOffError, match=words) as refusal:
        choose(settings, QUARTER, **given)
    assert "average" not in str(refusal.value)
    assert choice(settings, QUARTER) is None


def test_a_choice_that_was_written_by_hand_is_found(settings):
    choose(settings, QUARTER, "leave_out", AREAS, REASON, BY)
    place = settings.home / "registers" / "treatments" / f"{QUARTER.id}.jsonl"
    place.write_text(place.read_text().replace("leave_out", "estimate"))
    with pytest.raises(SignOffError, match="Line 1 of registers/treatments"):
        choice(settings, QUARTER)
