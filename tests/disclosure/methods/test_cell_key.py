"""Keys and perturbation: three forms with one result, and the same cell always the same."""

from __future__ import annotations

import hmac

import duckdb
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure import KEY_MODULUS, CellKey, record_keys
from disclosure.errors import DesignError, TableError
from disclosure.methods.cell_key import CELL_KEY_SQL, PERTURB_SQL, cells, perturbed, sql_parameters
from disclosure.methods.magnitudes import (
    PERTURB_MAGNITUDES_SQL,
    STEPS,
    CellKeyMagnitude,
    noisy,
    noisy_frame,
)
from disclosure.methods.treated import untreated
from disclosure.perturbation.ons import read_ons_table
from disclosure.perturbation.ptable import design
from disclosure.tables.drawn import draw
from disclosure.tables.keys import RECORD_KEYS_SQL, empty_cell_keys
from disclosure.tables.keys import sql_parameters as key_parameters

SECRET = b"sixteen bytes or more of secret!"
TABLE = design(5, 8.0, 9)
counts_and_keys = st.lists(
    st.tuples(st.integers(0, 10**7), st.integers(0, KEY_MODULUS - 1)), min_size=1, max_size=40
)
quick = settings(max_examples=25, deadline=None)


def frame(pairs: list[tuple[int, int]]) -> pl.DataFrame:
    schema = {"value": pl.Int64, "cell_key": pl.Int64}
    return pl.DataFrame(pairs, schema=schema, orient="row").with_row_index("row")


@quick
@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=20), min_size=1, max_size=20))
def test_record_keys_are_hmac_and_the_same_in_duckdb(ids):
    keys = record_keys(pl.Series("id", ids), SECRET)
    plain = [
        (int(hmac.new(SECRET, name.encode(), "sha256").hexdigest()[:15], 16)) % KEY_MODULUS
        for name in ids
    ]
    assert keys.to_list() == plain
    assert keys.dtype == pl.Int64
    usable = [name for name in ids if "\0" not in name]
    with duckdb.connect() as connection:
        connection.execute("create table records (id varchar, place integer)")
        for place, name in enumerate(usable):
            connection.execute("insert into records values ($1, $2)", [name, place])
        rows = connection.execute(RECORD_KEYS_SQL, key_parameters(SECRET)).fetchall()
    assert sorted(rows) == sorted(
        (name, key) for name, key in zip(ids, plain, strict=True) if "\0" not in name
    )


def test_keys_depend_on_the_id_and_the_secret_alone():
    ids = pl.Series("id", ["a", "b", "a"])
    first, second, third = record_keys(ids, SECRET)
    assert first == third != second
    assert record_keys(ids, b"another secret of enough length")[0] != first
    assert record_keys(ids, SECRET * 3)[0] != first
    assert record_keys(pl.Series("id", [7]), SECRET)[0] == record_keys(pl.Series(["7"]), SECRET)[0]


def test_keys_are_spread_evenly():
    keys = record_keys(pl.Series("id", [f"p{i}" for i in range(20_000)]), SECRET).to_numpy()
    found, _ = np.histogram(keys, bins=20, range=(0, KEY_MODULUS))
    assert ((found - 1000) ** 2 / 1000).sum() < 45  # chi-square of 19 degrees, 1 in 1,000
    assert len(set(keys.tolist())) > 19_990


def test_a_missing_id_and_a_short_secret_are_refused():
    with pytest.raises(TableError, match="1 ids are null"):
        record_keys(pl.Series("id", ["a", None]), SECRET)
    with pytest.raises(DesignError, match="at least 16 bytes"):
        record_keys(pl.Series("id", ["a"]), b"short")


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
        rows = connection.execute(PERTURB_SQL, sql_parameters(TABLE)).fetchall()
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
            f"select area, count(*), {CELL_KEY_SQL} from records group by area order by area"
        ).fetchall()
    assert by_polars.rows() == rows


def test_the_keys_of_parts_add_to_the_keys_of_totals():
    records = pl.DataFrame({"area": ["A", "B", "B"], "record_key": [KEY_MODULUS - 1, 5, 7]})
    parts = cells(records.lazy(), ["area"]).collect()
    total = cells(records.lazy().with_columns(area=pl.lit("All")), ["area"]).collect()
    assert parts["cell_key"].sum() % KEY_MODULUS == total["cell_key"][0] == 11


def test_a_count_without_a_key_is_refused_and_zero_needs_none():
    with pytest.raises(TableError, match=r"area=A\) has no cell key"):
        CellKey().treat(untreated(draw("area value\nA 3")))
    treated = CellKey().treat(untreated(draw("area value\nA 0\nB x")))
    assert treated.cells["published"].to_list() == [0, None]
    assert treated.cells["most"].to_list() == [9, None]


def test_parameters_are_checked_when_the_method_is_declared():
    with pytest.raises(DesignError):
        CellKey(variance=1.0)


def test_empty_cells_have_keys_of_their_own():
    codes = pl.DataFrame({"area": ["A", "A", "B"], "sex": ["M", "F", "M"]})
    keys = empty_cell_keys(codes, SECRET)
    assert keys.n_unique() == 3
    assert empty_cell_keys(codes.select("sex", "area"), SECRET).equals(keys)
    assert empty_cell_keys(codes, SECRET[::-1]).to_list() != keys.to_list()
    swapped = pl.DataFrame({"area": ["M"], "sex": ["A"]})
    assert empty_cell_keys(swapped, SECRET)[0] not in keys.to_list()


amounts = st.lists(
    st.tuples(st.integers(0, 10**9), st.integers(0, KEY_MODULUS - 1), st.integers(0, 10**9)).map(
        lambda t: (t[0] + t[2], t[1], t[2])
    ),
    min_size=1,
    max_size=40,
)


@quick
@given(amounts)
def test_noise_on_amounts_agrees_in_three_forms_and_keeps_its_bounds(rows):
    value, key, largest = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    plain = noisy(value, key, largest, 50, 150)
    size = np.abs(plain - value)
    assert (size >= largest * 50 // 1000).all()
    assert (size <= -(-largest * 150 // 1000)).all()
    assert (plain >= 0).all()
    table = pl.DataFrame(
        {"row": range(len(rows)), "value": value, "cell_key": key, "largest": largest}
    )
    assert noisy_frame(table.lazy(), 50, 150).collect()["published"].to_list() == plain.tolist()
    with duckdb.connect() as connection:
        connection.register("magnitudes", table.to_arrow())
        found = connection.execute(PERTURB_MAGNITUDES_SQL, {"least": 50, "most": 150}).fetchall()
    assert [row[-1] for row in sorted(found)] == plain.tolist()


@quick
@given(st.integers(0, 10**9))
def test_noise_on_amounts_has_exactly_no_bias(largest):
    middle = KEY_MODULUS // (2 * STEPS)
    keys = np.arange(2 * STEPS, dtype=np.int64) * middle  # one key of each level
    value = np.full(2 * STEPS, largest, dtype=np.int64)
    assert (noisy(value, keys, value, 50, 150) - value).sum() == 0
    assert KEY_MODULUS % (2 * STEPS) == 0
    assert str(KEY_MODULUS) in RECORD_KEYS_SQL
    assert str(KEY_MODULUS) in PERTURB_MAGNITUDES_SQL


def test_amounts_are_protected_as_a_method():
    table = draw(
        """
        area value cell_key largest largest_other
        A    1000  5        400     600
        B    500   77       .       .
        C    x     .        .       .
        """
    )
    treated = CellKeyMagnitude().treat(untreated(table))
    published, least, most = (treated.cells[c].to_list() for c in ("published", "least", "most"))
    assert 30 <= abs(published[0] - 1000) <= 90
    assert least[0] <= 1000 <= most[0]
    assert published[1:] == [500, None]
    with pytest.raises(TableError, match="no cell key"):
        CellKeyMagnitude().treat(untreated(draw("area value largest\nA 10 4")))
    with pytest.raises(TableError, match="no contribution may be above"):
        CellKeyMagnitude().treat(
            untreated(draw(f"area value cell_key largest\nA {10**14} 5 {10**14}"))
        )
    for least_noise, most_noise in [(0, 5), (9, 5), (5, 1000)]:
        with pytest.raises(DesignError, match="thousandths"):
            CellKeyMagnitude(least_noise, most_noise)


@pytest.mark.parametrize("share", [150, 500, 999])
def test_the_range_behind_a_noisy_amount_holds_it_also_when_rounding_moves_it(share):
    keys = [key * (KEY_MODULUS // 120) for key in range(120)]
    rows = [f"P{key}_{value} {value} {key} {value} 0" for key in keys for value in range(1, 9)]
    drawn = draw("\n".join(["place value cell_key largest largest_other", *rows]))
    cells = CellKeyMagnitude(share, share).treat(untreated(drawn)).cells
    assert (cells["least"] <= cells["value"]).all()
    assert (cells["value"] <= cells["most"]).all()


def ten_five_rule(keys: int = 4, last: int = 750) -> pl.DataFrame:
    """ONS's sample rule: counts under 10 become 0, others go to the nearest multiple of 5."""
    nearest = {0: 0, 1: -1, 2: -2, 3: 2, 4: 1}
    rows = [
        (pcv, ckey, -pcv if pcv < 10 else nearest[pcv % 5])
        for pcv in range(1, last + 1)
        for ckey in range(keys)
    ]
    return pl.DataFrame(rows, schema=["pcv", "ckey", "pvalue"], orient="row")


def test_a_table_of_ons_gives_the_result_of_ons():
    table = read_ons_table(ten_five_rule())
    counts = np.array([0, 1, 9, 10, 12, 13, 750, 751, 999, 1000, 1003, 10**6 + 4])
    found = table.perturb(counts, np.arange(len(counts)) * 7)
    assert found.tolist() == [0, 0, 0, 10, 10, 15, 750, 750, 1000, 1000, 1005, 10**6 + 5]
    assert table.keys == 4


def test_counts_beyond_a_table_of_ons_reuse_its_last_250_rows():
    marked = ten_five_rule(keys=2).with_columns(pvalue=pl.col("pcv"))
    table = read_ons_table(marked)
    counts = np.array([750, 751, 1000, 1001, 1250])
    rows = table.perturb(counts, np.zeros(5, dtype=np.int64)) - counts
    assert rows.tolist() == [750, 501, 750, 501, 750]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.drop("ckey"), r"no \['ckey'\]"),
        (lambda t: t[1:], "one row for each pcv"),
        (lambda t: pl.concat([t, t[:1]]), "one row for each pcv"),
        (lambda t: t.filter(pl.col("pcv") <= 600), "multiple of 250"),
        (lambda t: t.with_columns(pvalue=-pl.col("pcv") - 1), "negative counts"),
    ],
)
def test_a_broken_table_of_ons_is_refused(change, message):
    with pytest.raises(DesignError, match=message):
        read_ons_table(change(ten_five_rule()))
