"""The areas of the made-up world: from the reference, the same for a seed, opening as they did."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as drawn
from hypothesis import strategies as st

import reference
from pipelines.synthetic.areas import (
    FEWEST_SPECIALISTS_IN,
    FULL_FLOW_DAYS,
    areas,
    days_of,
    open_areas,
    scale_for,
)
from pipelines.synthetic.draws import Source, choose, fill, ninos, weighted
from schemas.fields import Field, Integer, codes
from schemas.quarter import PROGRAMME_START, Quarter, quarters

MADE = areas(7)
EPOCH = date(1970, 1, 1)


def random():
    return np.random.default_rng(1)


def test_every_delivery_area_is_there_once_with_the_authorities_that_it_consists_of():
    assert [one.code for one in MADE] == sorted(reference.rollout()["delivery_area_code"])
    listed = reference.local_authorities().group_by("delivery_area_code").agg("la_code")
    members = {code: sorted(found) for code, found in listed.rows()}
    assert {one.code: sorted(one.members) for one in MADE} == {
        one.code: members[one.code] for one in MADE
    }


def test_shares_of_members_and_of_organisations_make_a_whole():
    for one in MADE:
        assert sum(one.member_shares) == pytest.approx(1)
        assert sum(org.share for org in one.organisations) == pytest.approx(1)
        assert len({org.code for org in one.organisations}) == len(one.organisations)


def test_the_same_seed_gives_the_same_areas_and_another_seed_others():
    assert areas(7) == MADE
    assert areas(8) != MADE


def test_a_few_areas_have_few_specialists():
    assert sum(one.has_few_specialists for one in MADE) == FEWEST_SPECIALISTS_IN


def test_only_providers_are_in_a_register_and_most_work_in_several_areas():
    listed = [org for one in MADE for org in one.organisations]
    starts = {"PRIVATE": "COMPANY-", "VOLUNTARY": "CHARITY-"}
    for org in listed:
        if org.kind in starts:
            assert str(org.national_identifier).startswith(starts[org.kind])
        else:
            assert org.national_identifier is None
    numbers = [org.national_identifier for org in listed if org.national_identifier]
    assert len(set(numbers)) < len(numbers)


def test_nobody_is_referred_before_an_area_opens_and_the_flow_rises_to_its_height():
    one = MADE[0]
    opened = (one.opened_on - EPOCH).days
    flow = one.flow(np.arange(opened - 5, opened + FULL_FLOW_DAYS + 5))
    assert (flow[:5] == 0).all()
    assert (flow[5:] > 0).all()
    assert (np.diff(flow[5:]) >= 0).all()
    assert flow[-1] == pytest.approx(one.weight)


def test_areas_are_open_from_the_quarter_in_which_they_opened():
    for quarter in quarters(PROGRAMME_START, Quarter(2026, 2)):
        found = {one.code for one in open_areas(MADE, quarter)}
        assert found == {one.code for one in MADE if one.opened_on <= quarter.end}
    first = open_areas(MADE, PROGRAMME_START)
    assert 0 < len(first) < len(MADE)


def test_twice_as_many_participants_need_twice_the_scale():
    one, two = (scale_for(MADE, count, Quarter(2026, 2)) for count in (1_000, 2_000))
    assert two == pytest.approx(2 * one)
    assert scale_for(MADE, 1_000, PROGRAMME_START) > one


def test_days_of_quarters_that_follow_each_other_have_no_gap():
    days = days_of(quarters(PROGRAMME_START, PROGRAMME_START.next))
    assert (np.diff(days) == 1).all()
    assert [EPOCH + timedelta(days=int(number)) for number in (days[0], days[-1])] == [
        PROGRAMME_START.start,
        PROGRAMME_START.next.end,
    ]


def test_another_column_never_changes_what_a_column_draws():
    source = Source(7, 3)
    source.stream("sex").random(100)
    assert source.stream("model").random() == Source(7, 3).stream("model").random()
    assert source.stream("model").random() != source.stream("sex").random()
    assert source.stream("model").random() != Source(7, 4).stream("model").random()


def test_codes_are_drawn_by_their_weights_and_one_without_a_weight_is_rare():
    listed = codes("sex")
    drawn_codes = choose(random(), 20_000, "sex", {listed[0]: 3.0, listed[1]: 1.0})
    assert 0.73 < (drawn_codes == listed[0]).mean() < 0.77
    assert set(drawn_codes) <= set(listed)
    for rare in listed[2:]:
        assert 0 < (drawn_codes == rare).mean() < 0.01


def test_values_are_drawn_by_their_weights_and_a_weight_of_nothing_is_never_drawn():
    found = weighted(random(), 10_000, ("a", "b", None), (1, 0, 1))
    assert "b" not in set(found)
    assert 0.48 < found.is_null().mean() < 0.52


@drawn(max_examples=20)
@given(st.lists(st.integers(0, 9_999_999), min_size=1, max_size=50, unique=True))
def test_made_up_numbers_begin_with_two_noughts_and_differ_for_near_people(numbers):
    made = ninos(np.array(numbers, dtype=np.int64))
    assert made.str.contains("^[A-Z]{2}00[0-9]{4}[A-D]$").all()
    near = ninos(np.arange(numbers[0], numbers[0] + 100, dtype=np.int64))
    assert near.n_unique() == 100


def test_an_optional_field_is_blank_half_the_time_and_another_never():
    size, source = 4_000, Source(7, 1)
    optional = fill(Field("count", Integer(0, 9), "A count", required=False), source, size)
    always = fill(Field("count", Integer(0, 9), "A count"), source, size)
    assert 0.45 < optional.is_null().mean() < 0.55
    assert always.null_count() == 0
    both = pl.DataFrame({"optional": optional, "always": always}).drop_nulls()
    assert both["optional"].equals(both["always"], check_names=False)
