"""What a rate is made of is found from its table, and a rate of other counts gives them back."""

from __future__ import annotations

import pytest

from tests.verification.drawn import Drawn, write
from verification import verify

AREAS = [f"R{number}" for number in range(10)]
PERTURBED = {"kind": "range", "base": 5, "below": 4, "above": 4}


def shares(*parts, among=200, rate=25, of_last=None, label="Share"):
    """Ten areas with the same counts and the share of one of `parts` (name, count) among all.

    `of_last` is the rate of the last area where that is another.
    """
    names = {name: (name.title(), "people") for name, _ in parts}
    measures = {**names, "starts": ("Starts", "people"), "share_percent": (label, "per cent")}
    areas = {"total": ("All", "Total"), **{code: (f"Area {code}", "Area") for code in AREAS}}
    table = Drawn(3, "shares", {"area": areas}, measures)
    for code in areas:
        for name, count in parts:
            table.figures[code, name] = [count, ""]
        table.figures[code, "starts"] = [among, ""]
        table.figures[code, "share_percent"] = [rate, ""]
    if of_last is not None:
        table.put(AREAS[-1], "share_percent", value=of_last)
    return {3: table}


def found(folder, tables):
    """The sentences about the rate: its table adds up to nothing else that matters here."""
    counts = [m for m in tables[3].measures if not m.endswith("percent")]
    stated = dict.fromkeys(counts, PERTURBED)
    verdict = verify(write(folder, tables, readings=stated))
    return [f.message for f in verdict.findings if "Share" in f.message], verdict.remarks


def test_the_pair_that_gives_every_rate_is_believed_before_one_that_could(tmp_path):
    """45 of 200 could be 49 of 196, which is 25 per cent; 50 of 200 is."""
    both = shares(("joined", 45), ("women", 50))
    assert found(tmp_path / "a", both)[0] == []
    assert found(tmp_path / "b", shares(("women", 50), ("joined", 45)))[0] == []


def test_a_rate_of_other_counts_is_reported_with_the_pair_that_gives_all_others(tmp_path):
    tables = shares(("joined", 45), ("women", 50), of_last=26)
    (messages,), _ = found(tmp_path, tables)
    assert messages.startswith(
        "Table 3, Area R9, Share: 26 does not follow from 5,000 and 200, so it gives back the true "
        "Starts: "
    )


def test_of_two_measures_with_the_same_figures_either_explains_a_rate(tmp_path):
    assert found(tmp_path, shares(("joined", 50), ("women", 50)))[0] == []


def test_the_true_count_is_reported_as_closely_as_the_rate_gives_it(tmp_path):
    """24.9 per cent of 50 people is 201 people, 24.6 is 203: both are within 4 of 200."""
    for rate, count in ((24.9, "201"), (24.6, "203")):
        tables = shares(("women", 50), rate=25.0, of_last=rate)
        (messages,), _ = found(tmp_path / str(rate), tables)
        assert messages == (
            f"Table 3, Area R9, Share: {rate} does not follow from 5,000 and 200, "
            f"so it gives back the true Starts: {count}."
        )


@pytest.mark.parametrize(
    ("wrong", "is_found"), [(0, True), (1, True), (2, False), (5, False)], ids=str
)
def test_a_pair_that_gives_fewer_than_nine_in_ten_rates_explains_nothing(tmp_path, wrong, is_found):
    """Eleven figures: with one that the pair cannot give it still explains the rate."""
    tables = shares(("women", 50))
    for code in AREAS[:wrong]:
        tables[3].put(code, "share_percent", value=77)
    messages, remarks = found(tmp_path, tables)
    assert len(messages) == (wrong if is_found else 0)
    unexplained = "Table 3: what Share is made of was not found." in remarks
    assert unexplained != is_found


@pytest.mark.parametrize(("scale", "rate"), [(1, 0.25), (100, 25), (1_000, 250)])
def test_a_rate_may_be_per_one_per_hundred_or_per_thousand(tmp_path, scale, rate):
    assert found(tmp_path, shares(("women", 50), rate=rate))[0] == []
    tables = shares(("women", 50), rate=rate)
    tables[3].withhold(("R2", "women"))
    messages, _ = found(tmp_path / "withheld", tables)
    per = "" if scale == 1 else f" ({scale} times)"
    assert messages == [
        f"Table 3, Area R2, Share: {rate} is shown though Women is withheld: "
        f"{rate} x 200{per} is about 50."
    ]


def test_a_rate_that_is_withheld_with_its_part_tells_nothing(tmp_path):
    tables = shares(("women", 50))
    tables[3].withhold(("R2", "women"), ("R2", "share_percent"))
    assert found(tmp_path, tables)[0] == []


def test_a_rate_of_a_withheld_denominator_gives_it_back(tmp_path):
    tables = shares(("women", 50))
    tables[3].withhold(("R2", "starts"))
    assert found(tmp_path, tables)[0] == [
        "Table 3, Area R2, Share: 25 is shown though Starts is withheld: "
        "50 / 25 (100 times) is about 200."
    ]
