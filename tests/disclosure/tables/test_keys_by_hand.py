"""Keys of records, cells and empty cells: what they depend on, and what they must not tell."""

from __future__ import annotations

import hashlib
from collections import Counter

import duckdb
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure import KEY_MODULUS, CellKey, protect, record_keys
from disclosure.errors import DesignError, TableError
from disclosure.methods.cell_key import CELL_KEY_SQL, PERTURB_SQL, cells, perturbed, sql_parameters
from disclosure.methods.treated import untreated
from disclosure.perturbation.ptable import design
from disclosure.tables.drawn import draw
from disclosure.tables.keys import RECORD_KEYS_SQL, empty_cell_keys
from disclosure.tables.keys import sql_parameters as key_parameters

SECRET = b"a secret of the office, kept apart"
quick = settings(max_examples=40, deadline=None)


def key(name: str, secret: bytes = SECRET) -> int:
    return int(record_keys(pl.Series("id", [name]), secret)[0])


def hmac_by_hand(name: bytes, secret: bytes) -> bytes:
    """RFC 2104, from its definition: H(K ^ opad, H(K ^ ipad, text)) with blocks of 64 bytes."""
    if len(secret) > 64:
        secret = hashlib.sha256(secret).digest()
    padded = secret + bytes(64 - len(secret))
    inner = hashlib.sha256(bytes(b ^ 0x36 for b in padded) + name).digest()
    return hashlib.sha256(bytes(b ^ 0x5C for b in padded) + inner).digest()


@quick
@given(st.text(max_size=30), st.binary(min_size=16, max_size=130))
def test_a_key_is_the_first_sixty_bits_of_the_hmac_for_a_secret_of_any_length(name, secret):
    bits = int.from_bytes(hmac_by_hand(name.encode(), secret), "big") >> (256 - 60)
    assert key(name, secret) == bits % KEY_MODULUS


@pytest.mark.parametrize("length", [63, 64, 65])
def test_a_secret_of_a_block_more_or_less_gives_one_key_in_python_and_duckdb(length):
    secret = bytes(range(1, length + 1))
    with duckdb.connect() as connection:
        connection.execute("create table records as select 'episode é' as id")
        ((_, found),) = connection.execute(RECORD_KEYS_SQL, key_parameters(secret)).fetchall()
    assert found == key("episode é", secret)


def test_the_sixty_bits_are_so_many_that_no_key_is_noticeably_more_frequent():
    """2^60 = q * modulus + r: the most and the least frequent key differ by one in q."""
    assert 2**60 // KEY_MODULUS > 10**8


@pytest.mark.parametrize("length", [0, 1, 15])
def test_a_secret_that_could_be_tried_out_is_refused(length):
    for use in (
        lambda: key("a", bytes(length)),
        lambda: key_parameters(bytes(length)),
        lambda: empty_cell_keys(pl.DataFrame({"area": ["A"]}), bytes(length)),
    ):
        with pytest.raises(DesignError, match="at least 16 bytes"):
            use()


def test_ids_that_differ_by_anything_visible_have_keys_of_their_own():
    names = ["7", "07", " 7", "7 ", "seven", "SEVEN", "é", "e", ""]
    assert len({key(name) for name in names}) == len(names)


def test_neighbouring_ids_have_keys_that_say_nothing_of_their_order():
    """Differences of keys of P0, P1, ... fall below half the modulus as often as above it."""
    keys = record_keys(pl.Series([f"P{i}" for i in range(4000)]), SECRET).to_numpy()
    rises = int((np.diff(keys) > 0).sum())
    assert abs(rises - 3999 / 2) < 4 * (3999 / 12) ** 0.5
    halves = Counter((keys[1:] >= KEY_MODULUS // 2).astype(int) * 2 + (keys[:-1] % 2))
    assert all(abs(count - 1000) < 130 for count in halves.values())


@pytest.mark.parametrize("base", [2, 3, 5, 10, 15, 16])
def test_keys_leave_every_remainder_equally_often(base):
    """The modulus is a multiple of 240, so a base of any of these leaves no bias behind."""
    keys = record_keys(pl.Series([f"P{i}" for i in range(6000)]), SECRET).to_numpy()
    found = np.bincount(keys % base, minlength=base)
    expected = 6000 / base
    assert ((found - expected) ** 2 / expected).sum() < base - 1 + 5 * (2 * (base - 1)) ** 0.5
    assert KEY_MODULUS % base == 0


# ---- cells ----

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
@given(people, st.randoms(use_true_random=False))
def test_the_key_of_a_cell_depends_on_who_is_in_it_and_on_no_order(rows, random):
    mixed = list(rows)
    random.shuffle(mixed)
    by = ["area", "sex"]
    assert counted(rows, by).sort(by).equals(counted(mixed, by).sort(by))
    for area, sex, value, cell_key in counted(rows, by).iter_rows():
        inside = [k for a, s, k in rows if (a, s) == (area, sex)]
        assert (value, cell_key) == (len(inside), sum(inside) % KEY_MODULUS)


@quick
@given(people)
def test_the_key_of_a_total_is_that_of_its_parts_along_any_dimension(rows):
    """So no table need be counted again for its margins."""
    whole = sum(k for *_, k in rows) % KEY_MODULUS
    for by in (["area"], ["sex"], ["area", "sex"]):
        assert counted(rows, by)["cell_key"].sum() % KEY_MODULUS == whole


@quick
@given(people)
def test_the_same_people_under_another_heading_have_the_same_figure(rows):
    """Everybody in one area is also everybody: town and country are published alike."""
    table = design(5, 8.0, 9)
    by_area = counted([("A", s, k) for _, s, k in rows], ["area"])
    everybody = counted([(a, "x", k) for a, _, k in rows], ["sex"])
    one, other = (perturbed(found.lazy(), table).collect() for found in (by_area, everybody))
    assert one["published"].to_list() == other["published"].to_list()


def test_one_person_more_or_less_draws_the_noise_anew():
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
        rows = connection.execute(PERTURB_SQL, sql_parameters(table)).fetchall()
    assert [row[-1] for row in sorted(rows)] == plain.tolist()


def test_sums_of_keys_are_exact_for_more_people_than_there_are():
    """Ten million of the greatest key add to 4.3 * 10^16, far below 2^63; DuckDB adds wider."""
    most = KEY_MODULUS - 1
    assert 70_000_000 * most < 2**63
    with duckdb.connect() as connection:
        query = f"select {CELL_KEY_SQL} from (select {most}::bigint as record_key from range(9999))"
        ((found,),) = connection.execute(query).fetchall()
    assert found == 9999 * most % KEY_MODULUS


# ---- empty cells ----


def test_the_keys_of_empty_cells_are_spread_and_none_is_that_of_another():
    codes = pl.DataFrame({"area": [f"E{i}" for i in range(2000)], "sex": ["M", "F"] * 1000})
    keys = empty_cell_keys(codes, SECRET)
    assert keys.n_unique() == 2000
    found, _ = np.histogram(keys.to_numpy(), bins=10, range=(0, KEY_MODULUS))
    assert ((found - 200) ** 2 / 200).sum() < 28  # chi-square of 9 degrees, 1 in 1,000


def test_codes_that_run_together_are_still_told_apart():
    """(ab, c) is not (a, bc), and an id of the same words is no empty cell."""
    codes = pl.DataFrame({"area": ["ab", "a"], "sex": ["c", "bc"]})
    first, second = empty_cell_keys(codes, SECRET)
    assert first != second
    assert key("areaabsexc") != first
    other = pl.DataFrame({"region": ["ab"], "sex": ["c"]})
    assert empty_cell_keys(other, SECRET)[0] != first


def test_an_empty_cell_needs_all_of_its_codes():
    with pytest.raises(TableError, match="cell_key: 1 ids are null"):
        empty_cell_keys(pl.DataFrame({"area": ["A", None], "sex": ["M", "F"]}), SECRET)


# ---- the method ----


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
    told = found.select("published", "least", "most").unique()
    assert told["published"].n_unique() == told.height
    assert ((found["least"] <= found["value"]) & (found["value"] <= found["most"])).all()


def test_a_second_release_of_the_same_people_publishes_the_same_figures():
    text = "area value cell_key\nAll 25 60\nA 12 10\nB 13 50"
    first = protect(draw(text, area="All: A B"), [CellKey()])
    again = protect(draw(text, area="All: A B"), [CellKey()])
    assert first.fingerprint == again.fingerprint
