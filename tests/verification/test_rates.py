"""A rate follows from the figures that the manifest says it divides, or gives others back."""

from __future__ import annotations

import json

import pytest

from tests.verification.drawn import Drawn, seal, write
from verification import verify

AREAS = [f"R{number}" for number in range(10)]
PERTURBED = {"kind": "range", "base": 5, "below": 4, "above": 4}
RATE = "share"


def shares(*parts, among=200, rate=25, of_last=None, made=("women", "starts", 100, 0)):
    """Ten areas with the same counts, `parts` (name, count), and a rate.

    `of_last` is the rate of the last area where that is another.
    """
    names = {name: (name.title(), "people") for name, _ in parts}
    measures = {**names, "starts": ("Starts", "people"), RATE: ("Share", "per cent")}
    areas = {"total": ("All", "Total"), **{code: (f"Area {code}", "Area") for code in AREAS}}
    table = Drawn(3, "shares", {"area": areas}, measures, rates={RATE: made})
    for code in areas:
        for name, count in parts:
            table.figures[code, name] = [count, ""]
        table.figures[code, "starts"] = [among, ""]
        table.figures[code, RATE] = [rate, ""]
    if of_last is not None:
        table.put(AREAS[-1], RATE, value=of_last)
    return {3: table}


def released(folder, tables):
    counts = dict.fromkeys((m for m in tables[3].measures if m != RATE), PERTURBED)
    return write(folder, tables, readings=counts)


def found(folder):
    """The sentences about the rate: its table adds up to nothing else that matters here."""
    return [f.message for f in verify(folder).findings if "Share" in f.message]


def said(folder, tables):
    return found(released(folder, tables))


def test_the_pair_that_is_stated_counts_and_no_other(tmp_path):
    """45 of 200 could be 49 of 196, which is 25 per cent; 50 of 200 is."""
    counts = (("joined", 45), ("women", 50))
    assert said(tmp_path / "of women", shares(*counts)) == []
    of_others = shares(*counts, made=("joined", "starts", 100, 0))
    assert len(said(tmp_path / "of those who joined", of_others)) == len(AREAS) + 1


def test_a_rate_of_other_counts_is_reported_with_the_stated_pair(tmp_path):
    (message,) = said(tmp_path, shares(("joined", 45), ("women", 50), of_last=26))
    assert message.startswith(
        "Table 3, Area R9, Share: 26 does not follow from 5,000 and 200, so it gives back the true "
        "Starts: "
    )


def test_a_rate_that_follows_from_no_figure_is_reported_for_each(tmp_path):
    """No figure bears the rate out, in a table of a few figures as in any other."""
    assert len(said(tmp_path, shares(("women", 50), rate=77))) == len(AREAS) + 1


def test_the_true_count_is_reported_as_closely_as_the_rate_gives_it(tmp_path):
    """24.9 per cent of 50 people is 201 people, 24.6 is 203: both are within 4 of 200."""
    made = ("women", "starts", 100, 1)
    for rate, count in ((24.9, "201"), (24.6, "203")):
        (message,) = said(tmp_path / str(rate), shares(("women", 50), of_last=rate, made=made))
        assert message == (
            f"Table 3, Area R9, Share: {rate} does not follow from 5,000 and 200, "
            f"so it gives back the true Starts: {count}."
        )


@pytest.mark.parametrize(("decimals", "of_last", "faults"), [(0, 25, 0), (1, 25, 1), (0, 24.9, 1)])
def test_a_rate_is_as_close_as_its_decimals_stated_or_shown(tmp_path, decimals, of_last, faults):
    """49 of 198 is 24.75 per cent: 25, or 24.7, but not 25.0."""
    made = ("women", "starts", 100, decimals)
    rate = 25 if decimals == 0 else 24.7
    tables = shares(("women", 49), among=198, rate=rate, of_last=of_last, made=made)
    assert len(said(tmp_path, tables)) in ({faults} if of_last == 25 else {len(AREAS) + 1, faults})


@pytest.mark.parametrize(("per", "rate"), [(1, 0.25), (7, 1.75), (100, 25), (1_000, 250)])
def test_a_rate_may_be_per_any_number(tmp_path, per, rate):
    made = ("women", "starts", per, 2)
    assert said(tmp_path / "all", shares(("women", 50), rate=rate, made=made)) == []
    tables = shares(("women", 50), rate=rate, made=made)
    tables[3].withhold(("R2", "women"))
    times = "" if per == 1 else f" ({per} times)"
    assert said(tmp_path / "withheld", tables) == [
        f"Table 3, Area R2, Share: {rate} is shown though Women is withheld: "
        f"{rate} x 200{times} is about 50."
    ]


def test_a_rate_that_is_withheld_with_its_part_tells_nothing(tmp_path):
    tables = shares(("women", 50))
    tables[3].withhold(("R2", "women"), ("R2", RATE))
    assert said(tmp_path, tables) == []


def test_a_rate_of_a_withheld_denominator_gives_it_back(tmp_path):
    tables = shares(("women", 50))
    tables[3].withhold(("R2", "starts"))
    assert said(tmp_path, tables) == [
        "Table 3, Area R2, Share: 25 is shown though Starts is withheld: "
        "50 / 25 (100 times) is about 200."
    ]


@pytest.mark.parametrize("made", [("men", "starts"), ("women", RATE), (RATE, "starts")])
def test_a_rate_of_what_the_table_does_not_show_is_reported(tmp_path, made):
    [hidden] = {*made} - {"women", "starts"}
    assert said(tmp_path, shares(("women", 50), made=(*made, 100, 0))) == [
        f"Table 3: Share is made of {hidden}, which it does not show."
    ]


def test_a_rate_in_a_row_without_its_part_is_reported(tmp_path):
    tables = shares(("women", 50))
    del tables[3].figures["R2", "women"]
    expected = "Table 3, Area R2, Share: 25 is shown without Women, which it is made of."
    assert expected in said(tmp_path, tables)


def edited(folder, edit):
    """A release whose manifest says something else of its tables."""
    released(folder, shares(("women", 50)))
    manifest = json.loads((folder / "manifest.json").read_text())
    edit(manifest)
    seal(
        folder, tables=manifest.get("tables"), readings=manifest["populations"]["drawn"]["readings"]
    )
    return folder


def rate_of(manifest):
    return manifest["tables"][0]["measures"][-1]


def test_a_measure_of_which_the_manifest_says_nothing_is_a_finding(tmp_path):
    folder = edited(tmp_path, lambda manifest: manifest["tables"][0]["measures"].pop())
    assert "Table 3: manifest.json does not say what Share is." in found(folder)


@pytest.mark.parametrize(
    "wrong",
    [
        *({"numerator": 7}, {"denominator": None}, {"per": 0}, {"per": "100"}, {"per": True}),
        *({"per": 10**7}, {"decimals": -1}, {"decimals": 19}, {"kind": []}, {"id": []}),
    ],
    ids=str,
)
def test_a_rate_that_cannot_be_read_is_a_finding(tmp_path, wrong):
    folder = edited(tmp_path, lambda manifest: rate_of(manifest).update(wrong))
    messages = [finding.message for finding in verify(folder).findings]
    assert "manifest.json does not say which measures are rates." in messages


@pytest.mark.parametrize("part", ["numerator", "denominator", "per", "decimals", "kind"])
def test_a_rate_without_a_part_of_its_statement_is_a_finding(tmp_path, part):
    folder = edited(tmp_path, lambda manifest: rate_of(manifest).pop(part))
    messages = [finding.message for finding in verify(folder).findings]
    assert "manifest.json does not say which measures are rates." in messages


def test_a_rate_that_two_tables_make_in_two_ways_is_a_finding(tmp_path):
    tables = shares(("women", 50), ("joined", 50)) | {
        4: shares(("joined", 50), ("women", 50), made=("joined", "starts", 100, 0))[3]
    }
    tables[4].number = 4
    assert "manifest.json states two ways in which Share is made." in said(tmp_path, tables)


def test_a_rate_that_is_stated_to_be_a_sum_does_not_add_up(tmp_path):
    folder = edited(tmp_path, lambda manifest: rate_of(manifest).update(kind="sum"))
    assert any("share" in finding.message for finding in verify(folder).findings)


def test_a_rate_that_only_an_earlier_release_has_is_no_count_there(tmp_path):
    """Its figures add up to nothing, so that the attack on both finds no sum that fails."""
    before = write(tmp_path / "before", shares(("women", 50)), period="2026-27Q1")
    with_rate = shares(("women", 50))
    del with_rate[3].measures[RATE]
    with_rate[3].rates.clear()
    with_rate[3].figures = {p: f for p, f in with_rate[3].figures.items() if p[-1] != RATE}
    now = released(tmp_path / "now", with_rate)
    verdict = verify(now, before)
    assert not any("contradict each other" in remark for remark in verdict.remarks)
