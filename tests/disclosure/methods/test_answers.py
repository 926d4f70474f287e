"""What methods answer: how figures are read after them, in which words, and what they record."""

from __future__ import annotations

import inspect
import json
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import disclosure
from disclosure import (
    KEY_MODULUS,
    CellKey,
    CellKeyMagnitude,
    ComplementarySuppression,
    ControlledRound,
    Distribution,
    Dominance,
    Exact,
    GroupDisclosure,
    Method,
    MinimumContributors,
    PPercent,
    PriorPosterior,
    Proportion,
    ProtectedTable,
    RandomRound,
    Range,
    Round,
    Rounded,
    Threshold,
    WithholdCertain,
    protect,
    reading_of,
    record,
    require_sealed,
)
from disclosure.errors import SealError
from disclosure.methods.treated import untreated
from disclosure.tables.drawn import draw

AREA = "All: A B C"
WITHHOLDING = (
    Threshold(),
    Threshold(zeros=True),
    MinimumContributors(),
    PPercent(),
    PriorPosterior(),
    Dominance(),
    ComplementarySuppression(),
    ComplementarySuppression(protect="exact"),
    GroupDisclosure(("sex",)),
    WithholdCertain(),
)
CHANGING = (
    CellKey(),
    Round(),
    Round(base=10),
    RandomRound(),
    ControlledRound(),
    ControlledRound(base=3, further=1),
    CellKeyMagnitude(),
)
EVERY = (*WITHHOLDING, *CHANGING)


def drawn(counts, keys):
    rows = [*zip("ABC", counts, keys, strict=True), ("All", sum(counts), sum(keys) % KEY_MODULUS)]
    lines = "\n".join(f"{area} {n} {key} {n} 0" for area, n, key in rows)
    return draw(f"area value cell_key largest largest_other\n{lines}", area=AREA)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.integers(0, 60), min_size=3, max_size=3),
    st.lists(st.integers(0, KEY_MODULUS - 1), min_size=3, max_size=3),
    st.sampled_from(CHANGING),
)
def test_a_method_notes_of_each_cell_what_its_reading_says_of_the_figure(counts, keys, method):
    treated = method.treat(untreated(drawn(counts, keys)))
    reading = method.reading("value", Exact())
    for value, published, least, most in treated.cells.select(
        "value", "published", "least", "most"
    ).iter_rows():
        assert (least, most) == reading.ends(published)
        assert least <= value <= most
        assert published % reading.base == 0
    assert set(treated.bases.values()) == {reading.base}


@pytest.mark.parametrize("method", WITHHOLDING, ids=repr)
def test_a_method_that_only_withholds_leaves_figures_to_be_read_as_before(method):
    for before in (Exact(), Range(2, 2, 5)):
        assert method.reading("starts", before) is before


@pytest.mark.parametrize("method", [CellKey, Round, RandomRound, ControlledRound, CellKeyMagnitude])
def test_only_the_figures_of_named_statistics_are_read_as_changed(method):
    named = method(statistics=("starts",))
    assert named.reading("starts", Exact()) != Exact()
    assert named.reading("ends", Exact()) == Exact()


def test_a_rounding_of_multiples_changes_nothing_and_of_others_widens():
    key = CellKey(base=5)
    perturbed = Distribution(key.ptable)
    assert reading_of([key, Round(base=5)], "starts") == perturbed
    assert reading_of([key, Round(base=10)], "starts") == Rounded(10, perturbed)
    assert reading_of([Round(base=10), Round(base=5)], "starts") == Rounded(10, Exact())
    assert reading_of([CellKeyMagnitude(most=90)], "paid") == Proportion(90)
    assert reading_of([], "starts") == Exact()


@pytest.mark.parametrize("method", EVERY, ids=repr)
def test_the_record_of_a_method_is_json_and_names_every_parameter(method):
    written = record(method)
    assert json.loads(json.dumps(written)) == written
    assert written["method"] == type(method).__name__
    assert written.keys() - {"method"} == set(vars(method))


@pytest.mark.parametrize("method", EVERY, ids=repr)
def test_the_figures_of_a_sentence_are_parameters_or_follow_from_them(method):
    sentence = method.words()
    assert sentence.id
    same = {name for name, value in sentence.figures.items() if vars(method).get(name) == value}
    assert sentence.figures.keys() - same <= {"standard_error", "difference_error", "reach"}


def test_sentences_tell_apart_what_parameters_change():
    assert Threshold().words().id != Threshold(zeros=True).words().id
    exact = ComplementarySuppression(protect="exact")
    assert ComplementarySuppression().words().id != exact.words().id


def test_what_follows_from_each_method_is_its_own_answer():
    assert [m for m in EVERY if m.covers_zeros] == [MinimumContributors()]
    assert {m.proves for m in EVERY} == {None, "interval", "exact"}
    judging = (Threshold, MinimumContributors, PPercent, PriorPosterior, Dominance)
    assert all(m.marks == isinstance(m, judging) for m in EVERY)
    patterns = [m for m in EVERY if isinstance(m, ComplementarySuppression)]
    assert [m for m in EVERY if m.covers_singletons] == [m for m in patterns if m.singletons]
    assert [m.guards for m in EVERY if m.guards] == [("sex",)]
    assert all(m.applies_to == getattr(m, "statistics", ()) for m in EVERY)
    assert Threshold(statistics=("starts",)).applies_to == ("starts",)
    assert ComplementarySuppression().applies_to == ()
    assert {m: m.likely_percent for m in EVERY if m.likely_percent} == {WithholdCertain(): 95}
    state = untreated(drawn([1, 2, 3], [0, 0, 0]))
    assert not ComplementarySuppression(singletons=False).assuming(state).singletons
    assert Threshold().assuming(state) is state


def test_every_method_of_the_library_is_tried_here():
    found = [getattr(disclosure, name) for name in disclosure.__all__]
    methods = {m for m in found if inspect.isclass(m) and Method in m.__mro__[1:]}
    assert methods == {type(method) for method in EVERY}


def test_a_method_has_to_say_how_it_treats_and_in_which_words():
    @dataclass(frozen=True)
    class Silent(Method):
        def treat(self, table):
            return table

    with pytest.raises(TypeError, match="abstract method '?words"):
        Silent()


def test_only_what_was_protected_passes_for_protected():
    table = protect(draw("area value\nA 7"), [Round(5)])
    require_sealed((table,))
    with pytest.raises(SealError, match="A dict is no protected table"):
        require_sealed((table, {"name": "starts"}))


@pytest.mark.parametrize("kind", [list, iter, type("Changing", (tuple,), {})])
def test_protected_tables_are_given_in_a_tuple_that_nobody_can_change(kind):
    with pytest.raises(SealError, match="Give them as a tuple"):
        require_sealed(kind([protect(draw("area value\nA 7"), [Round(5)])]))


def test_no_table_is_given_twice():
    table = protect(draw("area value\nA 7"), [Round(5)])
    with pytest.raises(SealError, match=f"{table.name}: protected twice"):
        require_sealed((table, protect(draw("area value\nA 8"), [Round(5)])))


def test_a_class_derived_from_protected_tables_is_refused_however_it_is_made():
    with pytest.raises(SealError, match="Open is derived from ProtectedTable"):
        type("Open", (ProtectedTable,), {"check": lambda self: None})
    silent = type("Silent", (), {"__init_subclass__": lambda cls: None})
    derived = type("Derived", (silent, ProtectedTable), {"check": lambda self: None})
    with pytest.raises(SealError, match="A Derived is no protected table"):
        require_sealed((object.__new__(derived),))


@pytest.mark.parametrize("method", [*WITHHOLDING, *CHANGING], ids=repr)
def test_a_rule_on_amounts_says_which_it_is_and_no_other_method_does(method):
    judges = isinstance(method, (PPercent, PriorPosterior, Dominance))
    assert method.amount_rule is (method if judges else None)
