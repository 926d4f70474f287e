"""The facts of a cell from contributions: weights, holdings and public bodies.

The expected facts come from a list of all contributors, one by one.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure import Dominance, MinimumContributors, PPercent
from disclosure.errors import TableError
from disclosure.methods.treated import untreated
from disclosure.tables.contributions import LARGEST, facts
from disclosure.tables.drawn import draw

quick = settings(max_examples=100, deadline=None)


def given_facts(rows: list[tuple], columns: list[str], n: int = 2) -> dict[str, int | None]:
    frame = pl.DataFrame(rows, schema=["contributor", *columns], orient="row")
    found = facts(frame.with_columns(area=pl.lit("A")), ["area"], n)
    return {name: found[name][0] for name in found.columns if name != "area"}


@dataclass(frozen=True)
class Body:
    name: str
    amount: int
    weight: int = 1
    holding: str | None = None
    confidential: bool = True
    area: str = "A"


def frame(bodies: list[Body]) -> pl.DataFrame:
    return pl.DataFrame(
        [(b.area, b.name, b.amount, b.weight, b.holding, b.confidential) for b in bodies],
        schema={
            "area": pl.String,
            "contributor": pl.String,
            "amount": pl.Int64,
            "weight": pl.Float64,
            "holding": pl.String,
            "confidential": pl.Boolean,
        },
        orient="row",
    )


def found(bodies: list[Body], n: int = 2) -> dict[str, int | None]:
    return facts(frame(bodies), ["area"], n).drop("area").row(0, named=True)


def everybody(bodies: list[Body]) -> list[tuple[int, bool]]:
    """Amount and confidentiality of each unit that the rows stand for, one entry each.

    Those of one holding are one unit, confidential when one of them is; it stands for as many like
    it as the least of their weights says.
    """
    units: dict[str, list[Body]] = {}
    for body in bodies:
        units.setdefault(f"h{body.holding}" if body.holding else f"c{body.name}", []).append(body)
    return [
        (sum(b.amount for b in unit), any(b.confidential for b in unit))
        for unit in units.values()
        for _ in range(min(b.weight for b in unit))
    ]


bodies = st.lists(
    st.builds(
        Body,
        name=st.sampled_from("abcdef"),
        amount=st.integers(0, 40),
        weight=st.integers(1, 4),
        holding=st.sampled_from([None, None, "H", "J"]),
        confidential=st.booleans(),
    ),
    min_size=1,
    max_size=7,
)


def test_the_facts_of_a_cell():
    found = given_facts([("a", 50), ("b", 30), ("c", 20)], ["amount"])
    assert found == {
        "value": 100, "contributors": 3, "largest": 50, "largest_other": 30, "top": 80,
    }  # fmt: skip


def test_a_holding_is_one_contributor():
    rows = [("a", 50, None), ("b", 30, "H"), ("c", 25, "H")]
    found = given_facts(rows, ["amount", "holding"], n=1)
    assert found == {
        "value": 105, "contributors": 2, "largest": 55, "largest_other": 50, "top": 55,
    }  # fmt: skip


def test_a_contributor_and_a_holding_of_the_same_name_are_two():
    rows = [("H", 50, None), ("b", 30, "H")]
    assert given_facts(rows, ["amount", "holding"])["contributors"] == 2


def test_only_confidential_contributors_are_the_largest():
    rows = [("council", 500, False), ("charity", 30, True), ("firm", 20, True)]
    found = given_facts(rows, ["amount", "confidential"])
    assert (found["largest"], found["largest_other"]) == (30, 500)
    found = given_facts(rows[:1], ["amount", "confidential"])
    assert (found["largest"], found["largest_other"]) == (None, 500)


def test_a_weighted_contributor_represents_several():
    rows = [("a", 50, 2.0), ("b", 30, 1.0), ("c", 20, 3.5)]
    found = given_facts(rows, ["amount", "weight"], n=3)
    assert found == {
        "value": 200, "contributors": 3, "largest": 50, "largest_other": 50, "top": 130,
    }  # fmt: skip


@quick
@given(
    st.lists(st.tuples(st.sampled_from("AB"), st.integers(0, 99)), min_size=1), st.integers(1, 4)
)
def test_the_facts_agree_with_sorting_by_hand(rows, n):
    frame = pl.DataFrame(
        [(area, f"u{i}", amount) for i, (area, amount) in enumerate(rows)],
        schema=["area", "contributor", "amount"],
        orient="row",
    )
    for cell in facts(frame, ["area"], n).iter_rows(named=True):
        ordered = sorted((a for area, a in rows if area == cell["area"]), reverse=True)
        assert cell["value"] == sum(ordered)
        assert cell["contributors"] == len(ordered)
        assert cell["largest"] == ordered[0]
        assert cell["largest_other"] == (ordered[1] if len(ordered) > 1 else None)
        assert cell["top"] == sum(ordered[:n])


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (pl.DataFrame({"area": ["A"], "amount": [1]}), r"columns \['contributor'\]"),
        (pl.DataFrame({"area": ["A"], "contributor": [None], "amount": [1]}), "no "),
        (pl.DataFrame({"area": ["A"], "contributor": ["a"], "amount": [1.5]}), "whole"),
        (pl.DataFrame({"area": ["A"], "contributor": ["a"], "amount": [-1]}), "not negative"),
        (
            pl.DataFrame({"area": ["A"], "contributor": ["a"], "amount": [1], "weight": [0.5]}),
            "at least 1",
        ),
        (
            pl.DataFrame(
                {"area": "A", "contributor": ["a", "b"], "amount": 1, "weight": [1, None]}
            ),
            "weight",
        ),
        (
            pl.DataFrame({"area": "A", "contributor": ["a"], "amount": 1, "weight": float("nan")}),
            "at most",
        ),
        (
            pl.DataFrame({"area": "A", "contributor": ["a"], "amount": 1, "confidential": [None]}),
            "confidential",
        ),
    ],
)
def test_contributions_that_make_no_sense_are_refused(frame, message):
    with pytest.raises(TableError, match=message):
        facts(frame, ["area"])


@quick
@given(bodies, st.integers(1, 6))
def test_the_facts_of_a_cell_are_those_of_all_contributors_represented(given_bodies, n):
    cell, units = found(given_bodies, n), everybody(given_bodies)
    assert cell["value"] == sum(b.amount * b.weight for b in given_bodies)
    assert cell["top"] == sum(sorted((a for a, _ in units), reverse=True)[:n])
    protected = sorted((a for a, confidential in units if confidential), reverse=True)
    assert cell["largest"] == (protected[0] if protected else None)
    others = [a for a, _ in units]
    if protected:
        others.remove(protected[0])
    assert cell["largest_other"] == max(others, default=None)


@quick
@given(bodies)
def test_respondents_are_counted_and_not_those_they_represent(given_bodies):
    units = {b.holding and f"h{b.holding}" or f"c{b.name}" for b in given_bodies}
    assert found(given_bodies)["contributors"] == len(units)


@quick
@given(bodies, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(given_bodies, random):
    mixed = list(given_bodies)
    random.shuffle(mixed)
    assert found(mixed) == found(given_bodies)


@quick
@given(st.lists(st.integers(0, 99), min_size=1, max_size=6))
def test_amounts_of_one_contributor_in_several_rows_are_one_contribution(amounts):
    rows = [Body("alpha", amount) for amount in amounts]
    assert found(rows) == {
        "value": sum(amounts),
        "contributors": 1,
        "largest": sum(amounts),
        "largest_other": None,
        "top": sum(amounts),
    }


@quick
@given(st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from("xy"), st.integers(0, 9))))
def test_each_cell_is_judged_from_its_own_rows(rows):
    """All cells at once give what each gives alone."""
    given_rows = [Body(f"u{i}", a, area=f"{r}{c}") for i, (r, c, a) in enumerate(rows)]
    together = facts(frame(given_rows), ["area"]) if given_rows else pl.DataFrame({"area": []})
    assert together["area"].n_unique() == together.height
    for area in together["area"]:
        alone = facts(frame([b for b in given_rows if b.area == area]), ["area"])
        assert together.filter(area=area).equals(alone)


def test_a_holding_in_one_area_is_no_holding_in_another():
    """The two firms of the group meet in Ashby only: in Byley one of them has a rival."""
    rows = [
        Body("north ltd", 60, holding="group", area="Ashby"),
        Body("south ltd", 30, holding="group", area="Ashby"),
        Body("alone ltd", 10, area="Ashby"),
        Body("north ltd", 60, holding="group", area="Byley"),
        Body("alone ltd", 10, area="Byley"),
    ]
    cells = facts(frame(rows), ["area"]).sort("area")
    assert cells["largest"].to_list() == [90, 60]
    assert cells["contributors"].to_list() == [2, 2]


def test_one_confidential_member_makes_its_holding_confidential():
    rows = [
        Body("council trading", 80, holding="council", confidential=False),
        Body("charity", 5, holding="council"),
        Body("firm", 30),
    ]
    assert found(rows)["largest"] == 85
    assert found(rows[1:])["largest"] == 30


def test_of_two_equal_confidential_contributors_each_is_the_rival_of_the_other():
    assert found([Body("alpha", 40), Body("beta", 40)])["largest_other"] == 40


def test_a_public_body_of_the_same_size_is_the_rival_and_not_the_target():
    """Whichever name comes first in the list."""
    for public, private in (("a", "z"), ("z", "a")):
        cell = found([Body(public, 40, confidential=False), Body(private, 40)])
        assert (cell["largest"], cell["largest_other"]) == (40, 40)
        only = found([Body(public, 40, confidential=False), Body(private, 0)])
        assert (only["largest"], only["largest_other"]) == (0, 40)


@pytest.mark.parametrize(("weight", "top"), [(1.0, 60), (1.9, 60), (2.0, 100), (2.9, 100)])
def test_a_fraction_of_a_contributor_does_not_count(weight, top):
    """A weight of 1.9 raises the total by .9 more, and brings no second contributor of 50."""
    columns = {"area": "A", "contributor": ["a", "b"], "amount": [50, 10], "weight": [weight, 1.0]}
    cell = facts(pl.DataFrame(columns), ["area"]).row(0, named=True)
    assert cell["top"] == top
    assert cell["value"] == round(50 * weight + 10)
    assert cell["largest_other"] == (50 if weight >= 2 else 10)


def test_a_holding_has_the_smallest_weight_of_its_members():
    """One member is certain to be the only one of its kind, so the holding is."""
    rows = [Body("a", 50, weight=5, holding="H"), Body("b", 50, weight=1, holding="H")]
    cell = found(rows)
    assert cell["value"] == 300
    assert (cell["largest"], cell["largest_other"]) == (100, None)


def test_a_single_firm_with_a_large_weight_still_answers_alone():
    """Of 3,000 in all it represents thirty, so dominance does not find it; the minimum does."""
    cell = found([Body("alpha", 100, weight=30)])
    drawn = draw(
        "area value contributors largest largest_other\n"
        f"A {cell['value']} {cell['contributors']} {cell['largest']} {cell['largest_other']}"
    )
    hidden = {
        type(method).__name__: bool(method.treat(untreated(drawn)).sensitive[0])
        for method in (Dominance(2, 85), PPercent(10), MinimumContributors(3))
    }
    assert hidden == {"Dominance": False, "PPercent": False, "MinimumContributors": True}


def test_cells_come_back_once_each_and_sorted_by_their_codes():
    rows = [Body(f"u{i}", i, area=area) for i, area in enumerate("CABCA")]
    cells = facts(frame(rows), ["area"])
    assert cells["area"].to_list() == ["A", "B", "C"]
    assert cells["value"].to_list() == [5, 2, 3]
    assert set(cells.drop("area").dtypes) == {pl.Int64}


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"weight": [1.0, float(LARGEST) + 1]}, f"at most {LARGEST}"),
        ({"weight": [1.0, 0.0]}, "at least 1"),
        ({"amount": [5, None]}, r"no \['amount'\] in some rows"),
        ({"area": [None, "A"]}, r"no \['area'\] in some rows"),
        ({"contributor": ["a", None], "amount": [None, 1]}, r"\['contributor', 'amount'\]"),
        ({"amount": ["5", "6"]}, "whole amounts"),
    ],
)
def test_every_column_at_fault_is_named_and_no_amount_is(columns, words):
    given_columns = {"area": ["A", "A"], "contributor": ["a", "b"], "amount": [123_457, 2]}
    with pytest.raises(TableError, match=words) as error:
        facts(pl.DataFrame({**given_columns, **columns}), ["area"])
    assert "123457" not in str(error.value)


def test_all_missing_columns_are_named_at_once():
    with pytest.raises(TableError, match=r"\['amount', 'contributor', 'quarter'\]"):
        facts(pl.DataFrame({"area": ["A"]}), ["area", "quarter"])


@pytest.mark.parametrize("size", [2**40 + 1, 2**52 - 1])
def test_large_amounts_are_added_to_the_last_pound(size):
    assert found([Body("a", size)])["value"] == size
    assert found([Body("a", size), Body("b", 1)])["value"] == size + 1
