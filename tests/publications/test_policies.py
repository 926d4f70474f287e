"""Policies say what they do, do what they say, and are the one place of what judges privacy."""

from __future__ import annotations

import re
from dataclasses import FrozenInstanceError, replace
from math import sqrt
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import disclosure
import reference
from disclosure import KEY_MODULUS, CellKey, Method, protect
from disclosure.methods.treated import untreated
from disclosure.tables.drawn import draw
from publications.policies import (
    MONEY,
    PEOPLE,
    POLICIES,
    PUBLIC,
    SETTINGS,
    SPECIAL,
    least_behind_change,
)
from publications.populations import HEALTH_SETTINGS, POPULATIONS, STARTS
from publications.tables import TABLES, populations
from publications.wording.explanations import standing_notes
from publications.wording.protection import decisions, protection_notes, text_of
from publications.words import words_in
from schemas.errors import DeclarationError
from schemas.warehouse.column_list import CODED
from tests.publications.html_page import name_of, page

WORDS = words_in()

PAGE = Path(__file__).parents[2] / "docs" / "disclosure" / "policy.md"
AREA = "All: A B C"
KEY = next(method for method in PEOPLE.methods if isinstance(method, CellKey))


# ---- one object, used everywhere ----


def test_the_documented_policy_is_the_one_that_the_product_uses():
    """The page runs, and writes out every method of every policy that it documents."""
    text = PAGE.read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    named: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, PAGE.name, "exec"), named)
    code = "".join("".join(blocks).split())
    for policy in (PEOPLE, SETTINGS, MONEY):
        assert named[policy.name.upper()] is policy
        for method in policy.methods:
            assert type(method).__name__ in code


def test_pages_give_one_number_of_people_behind_a_change():
    assert least_behind_change() == PEOPLE.minimum_behind_change
    other = replace(PEOPLE, name="carers", minimum_behind_change=12)
    with pytest.raises(DeclarationError, match="minimum_behind_change: people 10; carers 12"):
        least_behind_change([*POLICIES, other])
    with pytest.raises(DeclarationError, match="minimum_behind_change: none"):
        least_behind_change([PUBLIC])


def test_every_population_has_a_policy_of_the_list():
    assert {population.policy for population in POPULATIONS} == set(POLICIES)
    assert set(populations(TABLES)) <= set(POPULATIONS)
    for population in POPULATIONS:
        assert population.protection == population.policy.methods


def test_the_methodology_prints_the_policies_of_the_tables(files):
    text = name_of(page(files["methodology.html"]))
    policies = {population.policy for population in populations(TABLES)} - {PUBLIC}
    assert policies == {PEOPLE, SETTINGS, MONEY}
    for policy in policies:
        assert text_of(policy.because, WORDS) in text
        assert text_of(policy.users_lose, WORDS) in text


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.id)
def test_the_notes_to_a_table_are_those_of_its_policies(table):
    notes = [note for p in table.populations for note in protection_notes(p, WORDS)]
    assert set(notes) <= set(standing_notes(table, WORDS))


def test_nothing_else_in_the_product_sets_a_parameter_of_privacy():
    """No other module of the product makes a disclosure method."""
    root = Path(__file__).parents[2]
    public = {name: getattr(disclosure, name) for name in disclosure.__all__}
    methods = [n for n, kind in public.items() if isinstance(kind, type) and Method in kind.__mro__]
    assert {"CellKeyMagnitude", "CellKey", "PPercent"} <= set(methods)
    made = re.compile(rf"\b({'|'.join(methods)})\(")
    rooms = ("publications", "pipelines", "schemas", "operations", "assets")
    found = {
        str(file.relative_to(root))
        for room in rooms
        for file in (root / room).rglob("*.py")
        if made.search(file.read_text(encoding="utf-8"))
    }
    assert found == {"publications/policies.py"}


def test_a_policy_cannot_be_altered():
    with pytest.raises(FrozenInstanceError):
        PEOPLE.methods = ()
    with pytest.raises(FrozenInstanceError):
        PEOPLE.methods[0].variance = 0.0


def test_a_policy_that_would_divide_by_zero_is_refused():
    with pytest.raises(DeclarationError, match="policy people has the minimum_denominator 0"):
        replace(PEOPLE, minimum_denominator=0)


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
def test_every_policy_says_why_and_what_it_costs(policy):
    assert text_of(policy.because, WORDS).endswith(".")
    assert text_of(policy.users_lose, WORDS).endswith(".")


@pytest.mark.parametrize("population", POPULATIONS, ids=lambda population: population.relation)
def test_every_population_with_methods_has_a_note_and_no_other(population):
    assert bool(protection_notes(population, WORDS)) == bool(population.protection)


SELDOM = {"standard_error", "difference_error", "n"}
"""Figures of methods that follow from others, and the one contributor that a share is of."""


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
def test_every_number_of_a_policy_is_a_decision_with_a_name_and_a_reason(policy):
    """A method that finds its numbers decided already, such as `Round`, adds none."""
    decided = {name for d in decisions(policy, WORDS) for name in (d.name, d.because)}
    assert len(decided) == 2 * len(decisions(policy, WORDS))
    texts = words_in().texts
    for method in policy.methods:
        sentence = method.words()
        listed = {
            n for n in sentence.figures if f"{AT.format(policy.name, sentence.id, n)}" in texts
        }
        assert sentence.id == "round" or listed == sentence.figures.keys() - SELDOM


AT = "policies.{}.decisions.{}.{}.name"


def test_every_special_category_of_a_participant_is_guarded():
    """Which columns are special follows from the code lists, so none can be forgotten."""
    special = {name for name, held in CODED.items() if reference.about_code_list(held).is_special}
    assert special == set(SPECIAL)
    assert all(PEOPLE.guards(name) for name in SPECIAL)


# ---- what the policies say of themselves ----


def people_of(counts, keys):
    rows = [*zip("ABC", counts, keys, strict=True), ("All", sum(counts), sum(keys) % KEY_MODULUS)]
    lines = "\n".join(" ".join(map(str, row)) for row in rows)
    return draw(f"area value cell_key\n{lines}", area=AREA)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(0, 60), min_size=3, max_size=3),
    st.lists(st.integers(0, KEY_MODULUS - 1), min_size=3, max_size=3),
)
def test_the_notes_on_people_are_true_of_every_figure(counts, keys):
    """The bound on changes, the grid, and the ranges of 0 and of one base, as printed."""
    table = people_of(counts, keys)
    furthest = int(re.search(r"further than (\d+)", text_of(PEOPLE.users_lose, WORDS))[1])
    (note,) = protection_notes(STARTS, WORDS)
    base = int(re.search(r"multiples of (\d+)", note)[1])
    stated = re.findall(r"a (\d+)(?: stands)? for a count of (\d+) to (\d+)", note, re.IGNORECASE)
    ranges = {int(figure): (int(low), int(high)) for figure, low, high in stated}
    assert set(ranges) == {0, base}
    shown = protect(table, PEOPLE.methods).cells.filter(status="")
    both = shown.join(table.cells, on=["area", "statistic"]).select("value", "value_right")
    for figure, count in both.iter_rows():
        assert figure % base == 0
        assert abs(figure - count) <= furthest
        low, high = ranges.get(figure, (0, count))
        assert low <= count <= high


def test_the_standard_error_that_users_are_told_is_that_of_the_worst_count():
    table = KEY.ptable
    worst = max(
        sum(change**2 * weight / KEY_MODULUS for change, weight in zip(c, w, strict=True))
        for c, w in zip(table.changes, table.weights, strict=True)
    )
    assert f"at most {sqrt(worst):.1f}, without bias" in text_of(PEOPLE.users_lose, WORDS)
    assert f"standard error of up to {round(sqrt(2 * worst), 1):g}" in text_of(
        PEOPLE.users_lose, WORDS
    )


def test_settings_say_the_least_number_of_staff_that_they_apply():
    least = int(re.search(r"fewer than (\d+) specialists", text_of(SETTINGS.because, WORDS))[1])
    assert f"fewer than {least} specialists" in protection_notes(HEALTH_SETTINGS, WORDS)[0]
    rows = "\n".join(f"P{n} 5 {n}" for n in range(2 * least))
    state = untreated(draw(f"area value contributors\n{rows}"))
    hidden = SETTINGS.methods[0].treat(state).sensitive
    assert hidden.tolist() == [0 < n < least for n in range(2 * least)]


def test_money_says_the_shares_that_it_applies():
    k = int(re.search(r"more than (\d+)% of it", text_of(MONEY.because, WORDS))[1])
    p = int(re.search(r"to within (\d+)%", text_of(MONEY.because, WORDS))[1])
    part, rival = MONEY.methods[1], MONEY.methods[0]
    lines = f"area value largest largest_other\nA 10000 {100 * k} 1\nB 10000 {100 * k + 1} 1"
    assert part.treat(untreated(draw(lines))).sensitive.tolist() == [False, True]
    # beside the two largest, p per cent of the largest remain, or just less
    lines = (
        "area value largest largest_other\n"
        f"A {1000 + 500 + 10 * p} 1000 500\nB {1000 + 500 + 10 * p - 1} 1000 500"
    )
    assert rival.treat(untreated(draw(lines))).sensitive.tolist() == [False, True]
    few = "area value largest largest_other\nA 1000 1000 0\nB 1500 1000 500"
    assert rival.treat(untreated(draw(few))).sensitive.tolist() == [True, True]


@pytest.mark.parametrize(
    ("policy", "text"),
    [
        (SETTINGS, "area value contributors\nAll 140 40\nA 6 2\nB 45 9\nC 89 29"),
        (
            MONEY,
            "area value largest largest_other\nAll 90 9 8\nA 20 9 8\nB 30 9 8\nC 40 6 5",
        ),
    ],
    ids=["settings", "money"],
)
def test_what_settings_and_money_show_is_exact(policy, text):
    table = draw(text, area=AREA)
    shown = protect(table, policy.methods).cells.filter(status="").select("area", "value")
    assert shown.height >= 2
    assert set(shown.rows()) <= set(table.cells.select("area", "value").rows())


# ---- what the two versions of the policy disagreed on ----


def hidden(policy, text, area=AREA):
    table = draw(text, area=area)
    return set(protect(table, policy.methods).cells.filter(status="c")["area"])


def test_one_provider_with_over_85_per_cent_is_withheld_though_no_rival_could_estimate_it():
    """Of B, 86 of 100 are one provider's and 14 those of many: the p% rule sees no harm."""
    text = "area value largest largest_other\nAll 450 90 80\nA 200 90 80\nB 100 86 1\nC 150 60 50"
    assert hidden(MONEY, text) == {"B", "C"}
    without = replace(MONEY, methods=tuple(m for m in MONEY.methods if m != MONEY.methods[1]))
    assert hidden(without, text) == set()


def test_the_only_specialist_of_an_area_is_no_cover_for_the_two_of_another():
    """The one of A knows A's count: with A and B alone withheld, they could work out B's."""
    text = "area value contributors\nAll 40 30\nA 6 1\nB 5 2\nC 29 27"
    assert hidden(SETTINGS, text) == {"A", "B", "C"}
