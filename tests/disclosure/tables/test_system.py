"""What is a table system, what is refused and in which words, and how tables become one."""

import numpy as np
import polars as pl
import pytest
from scipy import sparse

from disclosure import TableSystem
from disclosure.errors import DisclosureError, TableError
from disclosure.tables import known_together
from disclosure.tables.coordinates import Cell
from tests.disclosure.drawn_systems import counts, crossed, cube, grid

AREAS = {"England": None, "North": "England", "South": "England", "York": "North", "Hull": "North"}
AGES = {"young": "all ages", "old": "all ages"}


def given(**other):
    parts = {
        "values": np.array([10, 4, 6]),
        "constraints": sparse.csr_matrix([[1, -1, -1]]),
        "sensitive": np.array([False, True, False]),
        "lower_protection": np.ones(3),
        "upper_protection": np.ones(3),
        "cost": np.array([10.0, 4.0, 6.0]),
        "publish": np.zeros(3, dtype=bool),
    }
    return parts | other


def refused(**other):
    with pytest.raises(TableError) as found:
        TableSystem(**given(**other))
    return found.value


def test_a_system_keeps_what_it_was_given():
    system = TableSystem(**given(single_contributor=np.array([False, True, False])))
    assert len(system) == 3
    assert system.values.dtype == np.int64
    assert system.singles.tolist() == [False, True, False]
    assert system.name(1) == "cell 1"
    assert TableSystem(**given(labels=["all", "a", "b"])).name(1) == "a"


def test_without_contributors_no_cell_counts_as_known():
    assert not TableSystem(**given()).singles.any()


def test_levels_of_counts_are_whole_and_never_reach_below_zero():
    levels = {"lower_protection": np.array([9, 5, 9]), "upper_protection": np.array([9, 1.2, 9])}
    system = TableSystem(**given(**levels))
    assert system.down.tolist() == [0, 4, 0]
    assert system.up.tolist() == [0, 2, 0]


def test_a_level_below_zero_is_one_down_to_zero_however_large():
    system = TableSystem(**given(lower_protection=np.array([0, 1e300, 0])))
    assert system.down.tolist() == [0, 4, 0]


def test_a_sensitive_cell_without_levels_must_still_not_be_known():
    nothing = {"lower_protection": np.zeros(3), "upper_protection": np.zeros(3)}
    assert TableSystem(**given(**nothing)).up.tolist() == [0, 1, 0]
    magnitudes = TableSystem(**given(**nothing, integer=False))
    assert magnitudes.up.tolist() == [0, 4e-6, 0]
    assert magnitudes.values.dtype == np.float64


def test_a_sum_that_does_not_add_up_names_its_cells():
    error = refused(values=np.array([11, 4, 6]), labels=["total", "men", "women"])
    assert error.cells == (0, 1, 2)
    assert "off by 1" in str(error)
    assert "total, men, women" in str(error)
    assert isinstance(error, DisclosureError)


def test_a_long_list_of_cells_is_cut():
    with pytest.raises(TableError, match="and 2 more"):
        counts([7, 1, 1, 1, 1, 1, 1], [(0, range(1, 7))])


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"values": np.array([10, 14, -4])}, "cell 2 has a negative value"),
        ({"values": np.array([10.5, 4.5, 6])}, r"fractional value.*\(2 cells in all\)"),
        ({"values": np.array([np.nan, 4, 6])}, "cell 0 has a value that is missing"),
        ({"values": np.array([np.inf, 4, 6])}, "infinite"),
        ({"values": np.array([1e16, 1e16, 0])}, "above 2"),
        ({"values": np.array([])}, "at least one cell"),
        ({"values": np.array([[1, 2]])}, "at least one cell"),
        ({"sensitive": np.array([True])}, r"sensitive has shape \(1,\)"),
        ({"single_contributor": np.array([True])}, "single_contributor has shape"),
        ({"constraints": sparse.csr_matrix([[1, -1]])}, "3 columns"),
        ({"constraints": sparse.csr_matrix([[2, -2, -2]])}, "only"),
        ({"constraints": sparse.csr_matrix([[2, -2, -2]])}, "not 2, as for cell 0, cell 1"),
        ({"constraints": np.array([[1, -1, None]])}, "no matrix of numbers"),
        ({"values": np.array(["10", "4", "6"])}, "values are not numbers"),
        ({"values": np.array([10, 4, 6], dtype=complex)}, "values are not numbers"),
        ({"values": [10, 4, None]}, "cell 2 has a value that is missing"),
        ({"values": [10, 4, "6 or so"]}, "values are not numbers"),
        ({"cost": ["dear"] * 3}, "cost are not numbers"),
        ({"sensitive": np.array([0, np.nan, 0])}, "cell 1 has a sensitive that is neither true"),
        ({"publish": ["no"] * 3}, "publish are not numbers"),
        ({"upper_protection": np.array([0, 1e19, 0])}, "cell 1 has an upper_protection above 2"),
        ({"values": np.array([2e300, 1e300, 1e300]), "integer": False}, "above 2.52"),
        ({"values": np.array([9e-9, 1e-9, 1e-9]), "integer": False}, "do not add up"),
        ({"labels": ["a"]}, "1 labels for 3 cells"),
        ({"lower_protection": np.array([0, -1, 0])}, "lower_protection that is not 0 or more"),
        ({"upper_protection": np.array([0, np.nan, 0])}, "upper_protection"),
        ({"cost": np.array([-1.0, 0, 0])}, "cost that is not 0 or more"),
        ({"publish": np.array([False, True, False])}, "cell 1 is sensitive and must be published"),
    ],
)
def test_bad_input_is_refused_in_plain_words(other, words):
    with pytest.raises(TableError, match=words):
        TableSystem(**given(**other))


def test_magnitudes_may_be_fractions_and_add_up_as_floats_do():
    values = np.array([0.3, 0.1, 0.2])
    assert TableSystem(**given(values=values, integer=False)).values[0] == 0.3
    with pytest.raises(TableError, match="do not add up"):
        TableSystem(**given(values=values + [0.001, 0, 0], integer=False))


def test_tables_of_one_release_share_their_cells():
    by_area = pl.DataFrame(
        {"area": ["England", "North", "South", "York", "Hull"], "value": [20, 12, 8, 9, 3]}
    )
    by_age = pl.DataFrame({"age": ["young", "old", "all ages"], "value": [6, 14, 20]})
    system = TableSystem.from_tables(
        {"areas": by_area, "ages": by_age}, {"area": AREAS, "age": AGES}
    )
    assert len(system) == 7
    assert system.rows["ages"].tolist() == [5, 6, 0]
    assert system.labels[0] == Cell((), "", "", "")
    assert system.name(0) == "the total"
    assert system.name(1) == "area North"
    assert system.constraints.toarray().tolist() == [
        [1, -1, -1, 0, 0, 0, 0],
        [0, 1, 0, -1, -1, 0, 0],
        [1, 0, 0, 0, 0, -1, -1],
    ]


def test_a_sum_needs_all_its_parts():
    part = pl.DataFrame({"area": ["England", "North"], "value": [20, 12]})
    system = TableSystem.from_tables({"areas": part}, {"area": AREAS})
    assert system.constraints.shape == (0, 2)


def test_a_code_has_sums_along_each_of_its_hierarchies():
    sizes = {"North": "England", "South": "England"}
    towns = {"York": "England", "Hull": "England", "Bath": "England"}
    frame = pl.DataFrame(
        {
            "area": ["England", "North", "South", "York", "Hull", "Bath"],
            "value": [20, 12, 8, 5, 7, 8],
        }
    )
    system = TableSystem.from_tables({"areas": frame}, {"area": [sizes, towns]})
    assert system.constraints.shape == (2, 6)
    with pytest.raises(TableError, match="different tops"):
        TableSystem.from_tables({"areas": frame}, {"area": [sizes, {"York": "Wales"}]})


def test_a_variable_without_a_total_is_never_left_out():
    frame = pl.DataFrame({"age": ["young", "old"], "value": [6, 14]})
    system = TableSystem.from_tables({"ages": frame}, {"age": {"young": None, "old": None}})
    assert system.name(0) == "age young"
    assert TableSystem.from_tables({"t": frame.drop("age")[:1]}, {"age": []}).name(0) == "the total"


def test_statistics_populations_and_periods_are_cells_of_their_own():
    frame = pl.DataFrame(
        {"value": [6, 14], "statistic": ["starts", "leavers"], "period": ["Q1", "Q1"]}
    )
    system = TableSystem.from_tables({"t": frame}, {})
    assert system.name(1) == "the total | leavers | Q1"


def test_the_strictest_demand_holds_where_tables_share_a_cell():
    frame = pl.DataFrame({"value": [4]})
    marked = frame.with_columns(
        is_sensitive=True, upper_protection=3.0, is_single_contributor=True, cost=9.0
    )
    system = TableSystem.from_tables({"one": frame, "two": marked}, {})
    assert system.sensitive[0]
    assert system.single_contributor[0]
    assert system.upper_protection[0] == 3
    assert system.cost[0] == 9


def test_zeros_that_are_not_sensitive_must_be_published():
    system = crossed({"age": AGES}, [0, 7])
    assert system.publish.sum() == 1
    marked = cube({"age": AGES}, [0, 7]).with_columns(must_publish=False)
    assert not TableSystem.from_tables({"t": marked}, {"age": AGES}).publish.any()


@pytest.mark.parametrize(
    ("tables", "hierarchies", "words"),
    [
        ({}, {}, "the tables are empty"),
        ({"t": pl.DataFrame({"value": []})}, {}, "the tables are empty"),
        ({"t": pl.DataFrame({"count": [1]})}, {}, "no column value"),
        (
            {"t": pl.DataFrame({"age": ["middle"], "value": [1]})},
            {"age": AGES},
            "outside its list: 'middle'",
        ),
        (
            {"t": pl.DataFrame({"age": ["a"], "value": [1]})},
            {"age": {"top": None, "a": "b", "b": "c", "c": "a"}},
            "cycle: a > b > c > a",
        ),
        (
            {"t": pl.DataFrame({"value": [1]}), "u": pl.DataFrame({"value": [2]})},
            {},
            "the value 2, and it was 1 before",
        ),
        (
            {"t": pl.DataFrame({"age": ["old", "old"], "value": [1, 2]})},
            {"age": AGES},
            "One cell has one value",
        ),
        ({"t": pl.DataFrame({"value": [None]}, schema={"value": pl.Int64})}, {}, "missing"),
    ],
)
def test_bad_tables_are_refused_in_plain_words(tables, hierarchies, words):
    with pytest.raises(TableError, match=words):
        TableSystem.from_tables(tables, hierarchies)


def test_a_drawn_grid_is_additive():
    assert grid([[3, 8], [9, 0]]).values.tolist() == [3, 8, 11, 9, 0, 9, 12, 8, 20]


def test_a_parent_and_its_only_child_that_is_not_surely_empty_are_one_fact():
    """0 = 1 + 2, and 3 = 1 + 4: that 3 is published as zero empties 1 for every reader."""
    values, sums = [5, 0, 5, 0, 0], [(0, [1, 2]), (3, [1, 4])]
    published = np.array([False, False, False, True, False])
    one = known_together(counts(values, sums, publish=published, sensitive=np.zeros(5, dtype=bool)))
    assert one[0] == one[2]
    assert len(set(one.tolist())) == 4
    several = known_together(
        counts(values, sums, publish=~published, sensitive=np.zeros(5, dtype=bool))
    )
    assert several[0] == several[2]
    apart = known_together(
        counts(values, sums, publish=np.zeros(5, dtype=bool), sensitive=np.zeros(5, dtype=bool))
    )
    assert apart[0] != apart[2]


def test_a_published_total_and_part_that_are_equal_empty_the_other_part():
    system = counts(
        [7, 7, 0, 3, 3],
        [(0, [1, 2]), (3, [2, 4])],
        publish=np.array([True, True, False, False, False]),
        sensitive=np.zeros(5, dtype=bool),
    )
    facts = known_together(system)
    assert facts[3] == facts[4] != facts[2]
