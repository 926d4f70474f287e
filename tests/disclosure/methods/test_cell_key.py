"""Cell keys and the perturbation of counts: three forms with one result, always the same."""

from __future__ import annotations

from collections import Counter

import duckdb
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure import KEY_MODULUS, CellKey, cell_keys, protect, record_keys
from disclosure.errors import DesignError, TableError
from disclosure.methods.cell_key import (
    PEOPLE_KEY_SQL,
    PERTURB_SQL,
    cells,
    look_up_parameters,
    perturbed,
)
from disclosure.methods.treated import untreated
from disclosure.perturbation.ptable import design
from disclosure.tables.drawn import draw

TABLE = design(5, 8.0, 9)

counts_and_keys = st.lists(
    st.tuples(st.integers(0, 10**7), st.integers(0, KEY_MODULUS - 1)), min_size=1, max_size=40
)

quick = settings(max_examples=25, deadline=None)


def frame(pairs: list[tuple[int, int]]) -> pl.DataFrame:
    schema = {"value": pl.Int64, "cell_key": pl.Int64}
    return pl.DataFrame(pairs, schema=schema, orient="row").with_row_index("row")


OTHER_SECRET = b"a secret of the office, kept apart"


def key(name: str, secret: bytes = OTHER_SECRET) -> int:
    return int(record_keys(pl.Series("id", [name]), secret)[0])


people = st.lists(
    st.tuples(st.sampled_from("ABC"), st.sampled_from("xy"), st.integers(0, KEY_MODULUS - 1)),
    min_size=1,
    max_size=25,
)


def counted(rows: list[tuple[str, str, int]], by: list[str]) -> pl.DataFrame:
    schema = {"area": pl.String, "sex": pl.String, "record_key": pl.Int64}
    records = pl.LazyFrame(rows, schema=schema, orient="row")
    return cells(records, by).collect()


@quick
@given(counts_and_keys)
def test_the_three_forms_agree_to_the_last_bit(pairs):
    given_cells = frame(pairs)
    plain = TABLE.perturb(given_cells["value"].to_numpy(), given_cells["cell_key"].to_numpy())
    by_polars = perturbed(given_cells.lazy(), TABLE).collect()
    assert by_polars["published"].to_list() == plain.tolist()
    assert by_polars.columns == ["row", "value", "cell_key", "published"]
    with duckdb.connect() as connection:
        connection.register("cells", given_cells.to_arrow())
        connection.register("ptable", TABLE.frame.to_arrow())
        rows = connection.execute(PERTURB_SQL, look_up_parameters(TABLE)).fetchall()
    assert [row[-1] for row in sorted(rows)] == plain.tolist()


def test_cells_are_counted_alike_by_polars_and_duckdb():
    rng = np.random.default_rng(3)
    records = pl.DataFrame(
        {"area": rng.integers(0, 7, 5000), "record_key": rng.integers(0, KEY_MODULUS, 5000)}
    )
    by_polars = cells(records.lazy(), ["area"]).collect().sort("area")
    assert by_polars.dtypes[1:] == [pl.Int64, pl.Int64]
    with duckdb.connect() as connection:
        connection.register("records", records.to_arrow())
        rows = connection.execute(
            f"select area, count(*), {PEOPLE_KEY_SQL} from records group by area order by area"
        ).fetchall()
    assert by_polars.rows() == rows


def test_the_people_keys_of_parts_add_to_those_of_totals():
    records = pl.DataFrame({"area": ["A", "B", "B"], "record_key": [KEY_MODULUS - 1, 5, 7]})
    parts = cells(records.lazy(), ["area"]).collect()
    total = cells(records.lazy().with_columns(area=pl.lit("All")), ["area"]).collect()
    assert parts["people_key"].sum() % KEY_MODULUS == total["people_key"][0] == 11


def test_a_count_without_a_key_is_refused_and_zero_needs_none():
    with pytest.raises(TableError, match=r"area=A\) has no cell key"):
        CellKey().treat(untreated(draw("area value\nA 3")))
    treated = CellKey().treat(untreated(draw("area value\nA 0\nB x")))
    assert treated.cells["published"].to_list() == [0, None]
    assert treated.cells["most"].to_list() == [9, None]


def test_parameters_are_checked_when_the_method_is_declared():
    with pytest.raises(DesignError):
        CellKey(variance=1.0)


@quick
@given(people, st.randoms(use_true_random=False))
def test_the_people_key_of_a_cell_depends_on_who_is_in_it_and_on_no_order(rows, random):
    mixed = list(rows)
    random.shuffle(mixed)
    by = ["area", "sex"]
    assert counted(rows, by).sort(by).equals(counted(mixed, by).sort(by))
    for area, sex, value, people_key in counted(rows, by).iter_rows():
        inside = [k for a, s, k in rows if (a, s) == (area, sex)]
        assert (value, people_key) == (len(inside), sum(inside) % KEY_MODULUS)


@quick
@given(people)
def test_the_people_key_of_a_total_is_that_of_its_parts_along_any_dimension(rows):
    """So no table need be counted again for its margins."""
    whole = sum(k for *_, k in rows) % KEY_MODULUS
    for by in (["area"], ["sex"], ["area", "sex"]):
        assert counted(rows, by)["people_key"].sum() % KEY_MODULUS == whole


def test_the_same_people_in_two_cells_have_figures_that_are_independent():
    """Of 4,000 groups of three, published under two names, the pairs are as products of chances."""
    sums = pl.Series([key(f"P{i}") for i in range(4000)])
    threes = np.full(4000, 3)
    keys = [cell_keys(pl.Series([name] * 4000), sums, OTHER_SECRET).to_numpy() for name in "AB"]
    pairs = Counter(zip(*(TABLE.perturb(threes, found).tolist() for found in keys), strict=True))
    for one in (0, 5, 10):
        for other in (0, 5, 10):
            chance = float(TABLE.chance(3, one) * TABLE.chance(3, other))
            assert abs(pairs[one, other] - 4000 * chance) < 5 * (4000 * chance) ** 0.5


def test_one_person_more_or_less_gives_new_noise():
    """Of 300 people each left out in turn: the changes of the 299 are spread as the table says."""
    rows = [("A", "x", key(f"P{i}")) for i in range(300)]
    left = [counted(rows[:i] + rows[i + 1 :], ["area"]).row(0)[1:] for i in range(300)]
    table = design(5, 8.0, 9)
    found = table.perturb(*(np.array(column, dtype=np.int64) for column in zip(*left, strict=True)))
    shares = Counter(found.tolist())
    for figure, count in shares.items():
        chance = float(table.chance(299, figure))
        assert abs(count - 300 * chance) < 5 * (300 * chance * (1 - chance)) ** 0.5 + 1


@pytest.mark.parametrize("base", [2, 3, 10])
def test_sql_and_polars_agree_at_every_edge_of_every_row_of_other_tables(base):
    table = design(base, base * base / 2, 2 * base - 1)
    frame = table.frame
    edges = pl.concat([frame["first_key"], frame["last_key"]]).unique()
    counts = pl.DataFrame({"value": [*range(3 * base), 10**9, 10**9 + 1]})
    given_cells = counts.join(pl.DataFrame({"cell_key": edges}), how="cross").with_row_index("row")
    plain = table.perturb(given_cells["value"].to_numpy(), given_cells["cell_key"].to_numpy())
    assert perturbed(given_cells.lazy(), table).collect()["published"].to_list() == plain.tolist()
    with duckdb.connect() as connection:
        connection.register("cells", given_cells.to_arrow())
        connection.register("ptable", table.frame.to_arrow())
        rows = connection.execute(PERTURB_SQL, look_up_parameters(table)).fetchall()
    assert [row[-1] for row in sorted(rows)] == plain.tolist()


def test_sums_of_keys_are_exact_for_ten_million_people():
    """Ten million of the greatest key add to 4.3 * 10^16, far below 2^63; DuckDB adds wider."""
    most = KEY_MODULUS - 1
    assert 70_000_000 * most < 2**63
    with duckdb.connect() as connection:
        query = (
            f"select {PEOPLE_KEY_SQL} from (select {most}::bigint as record_key from range(9999))"
        )
        ((found,),) = connection.execute(query).fetchall()
    assert found == 9999 * most % KEY_MODULUS


def test_a_cell_whose_key_is_missing_is_named_without_its_count():
    table = draw("area value cell_key\nAshby 0 .\nByley 41 .\nCorby 17 5")
    with pytest.raises(TableError) as error:
        CellKey().treat(untreated(table))
    assert "count (area=Byley) has no cell key" in str(error.value)
    assert "41" not in str(error.value)


def test_only_the_named_statistics_are_perturbed():
    table = draw("area statistic value cell_key\nA people 13 5\nA places 13 .")
    treated = CellKey(statistics=("people",)).treat(untreated(table))
    figures = dict(treated.cells.select("statistic", "published").iter_rows())
    assert figures["people"] % 5 == 0
    assert figures["places"] == 13
    assert treated.bases == {"people": 5}


@quick
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, KEY_MODULUS - 1)), min_size=1))
def test_a_figure_says_the_same_of_every_cell_that_has_it(rows):
    lines = [f"A{i} {value} {cell_key}" for i, (value, cell_key) in enumerate(rows)]
    found = CellKey().treat(untreated(draw("\n".join(["area value cell_key", *lines])))).cells
    readings = found.select("published", "least", "most").unique()
    assert readings["published"].n_unique() == readings.height
    assert ((found["least"] <= found["value"]) & (found["value"] <= found["most"])).all()


def test_a_second_release_of_the_same_people_publishes_the_same_figures():
    text = "area value cell_key\nAll 25 60\nA 12 10\nB 13 50"
    first = protect(draw(text, area="All: A B"), [CellKey()])
    again = protect(draw(text, area="All: A B"), [CellKey()])
    assert first.fingerprint == again.fingerprint
