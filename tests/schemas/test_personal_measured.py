"""What share of made-up notes the search of free text finds, as docs/returns.md says."""

from pathlib import Path

import polars as pl
import pytest

from schemas.personal import looks_personal
from tests import personal_evaluation as notes

PAGE = " ".join(Path("docs/returns.md").read_text(encoding="utf-8").split())


def how_many(texts):
    found = pl.select(looks_personal(pl.lit(pl.Series(texts)))).to_series().sum()
    return f"{found} of {len(texts)}"


@pytest.mark.parametrize(
    ("half", "personal", "ordinary"),
    [
        ("by which the search was mended", notes.PERSONAL_TO_MEND_BY, notes.ORDINARY_TO_MEND_BY),
        ("that were held out", notes.PERSONAL_HELD_OUT, notes.ORDINARY_HELD_OUT),
    ],
)
def test_the_page_gives_what_is_found_and_what_is_a_false_alarm(half, personal, ordinary):
    found, alarms = how_many(personal), how_many(ordinary)
    said = f"of the notes {half} it finds {found} with a personal detail; "
    assert f"{said}{alarms} without one are false alarms" in PAGE


def test_no_note_stands_in_both_halves_or_twice():
    every = [
        *notes.PERSONAL_TO_MEND_BY,
        *notes.PERSONAL_HELD_OUT,
        *notes.ORDINARY_TO_MEND_BY,
        *notes.ORDINARY_HELD_OUT,
    ]
    assert len(set(every)) == len(every) == 200
