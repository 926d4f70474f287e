"""Keys of records and of empty cells: what they depend on, and what they must not reveal."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter

import duckdb
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure import KEY_MODULUS, cell_keys, record_keys
from disclosure.errors import DesignError, TableError
from disclosure.tables.keys import (
    CELL_KEYS_SQL,
    RECORD_KEYS_SQL,
    empty_cell_keys,
    key_parameters,
)

SECRET = b"sixteen bytes or more of secret!"

quick = settings(max_examples=25, deadline=None)

OTHER_SECRET = b"a secret of the office, kept apart"


def key(name: str, secret: bytes = OTHER_SECRET) -> int:
    return int(record_keys(pl.Series("id", [name]), secret)[0])


def hmac_by_hand(name: bytes, secret: bytes) -> bytes:
    """RFC 2104, from its definition: H(K ^ opad, H(K ^ ipad, text)) with blocks of 64 bytes."""
    if len(secret) > 64:
        secret = hashlib.sha256(secret).digest()
    padded = secret + bytes(64 - len(secret))
    inner = hashlib.sha256(bytes(b ^ 0x36 for b in padded) + name).digest()
    return hashlib.sha256(bytes(b ^ 0x5C for b in padded) + inner).digest()


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


def test_empty_cells_have_keys_of_their_own():
    codes = pl.DataFrame({"area": ["A", "A", "B"], "sex": ["M", "F", "M"]})
    keys = empty_cell_keys(codes, SECRET)
    assert keys.n_unique() == 3
    assert empty_cell_keys(codes.select("sex", "area"), SECRET).equals(keys)
    assert empty_cell_keys(codes, SECRET[::-1]).to_list() != keys.to_list()
    swapped = pl.DataFrame({"area": ["M"], "sex": ["A"]})
    assert empty_cell_keys(swapped, SECRET)[0] not in keys.to_list()


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


def test_ids_that_differ_in_any_character_have_different_keys():
    names = ["7", "07", " 7", "7 ", "seven", "SEVEN", "é", "e", ""]
    assert len({key(name) for name in names}) == len(names)


def test_neighbouring_ids_have_keys_that_say_nothing_of_their_order():
    """Differences of keys of P0, P1, ... fall below half the modulus as often as above it."""
    keys = record_keys(pl.Series([f"P{i}" for i in range(4000)]), OTHER_SECRET).to_numpy()
    rises = int((np.diff(keys) > 0).sum())
    assert abs(rises - 3999 / 2) < 4 * (3999 / 12) ** 0.5
    halves = Counter((keys[1:] >= KEY_MODULUS // 2).astype(int) * 2 + (keys[:-1] % 2))
    assert all(abs(count - 1000) < 130 for count in halves.values())


@pytest.mark.parametrize("base", [2, 3, 5, 10, 15, 16])
def test_keys_leave_every_remainder_equally_often(base):
    """The modulus is a multiple of 240, so a base of any of these leaves no bias behind."""
    keys = record_keys(pl.Series([f"P{i}" for i in range(6000)]), OTHER_SECRET).to_numpy()
    found = np.bincount(keys % base, minlength=base)
    expected = 6000 / base
    assert ((found - expected) ** 2 / expected).sum() < base - 1 + 5 * (2 * (base - 1)) ** 0.5
    assert KEY_MODULUS % base == 0


def test_the_keys_of_empty_cells_are_spread_and_none_is_that_of_another():
    codes = pl.DataFrame({"area": [f"E{i}" for i in range(2000)], "sex": ["M", "F"] * 1000})
    keys = empty_cell_keys(codes, OTHER_SECRET)
    assert keys.n_unique() == 2000
    found, _ = np.histogram(keys.to_numpy(), bins=10, range=(0, KEY_MODULUS))
    assert ((found - 200) ** 2 / 200).sum() < 28  # chi-square of 9 degrees, 1 in 1,000


def test_codes_that_run_together_still_have_different_keys():
    """(ab, c) is not (a, bc), and an id with the same text is no empty cell."""
    codes = pl.DataFrame({"area": ["ab", "a"], "sex": ["c", "bc"]})
    first, second = empty_cell_keys(codes, OTHER_SECRET)
    assert first != second
    assert key("areaabsexc") != first
    other = pl.DataFrame({"region": ["ab"], "sex": ["c"]})
    assert empty_cell_keys(other, OTHER_SECRET)[0] != first


def test_an_empty_cell_needs_all_of_its_codes():
    with pytest.raises(TableError, match="cell_key: 1 ids are null"):
        empty_cell_keys(pl.DataFrame({"area": ["A", None], "sex": ["M", "F"]}), OTHER_SECRET)


named = st.tuples(
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20),
    st.none() | st.integers(0, KEY_MODULUS - 1),
)


@quick
@given(st.lists(named, min_size=1, max_size=20))
def test_cell_keys_are_the_same_in_duckdb(drawn):
    frame = pl.DataFrame(drawn, schema={"name": pl.String, "people_key": pl.Int64}, orient="row")
    keys = cell_keys(frame["name"], frame["people_key"], SECRET)
    assert keys.dtype == pl.Int64
    with duckdb.connect() as connection:
        connection.register("cells", frame.with_row_index("place").to_arrow())
        found = connection.execute(CELL_KEYS_SQL, key_parameters(SECRET)).pl().sort("place")
    assert found["cell_key"].to_list() == keys.to_list()
    assert keys.is_null().to_list() == frame["people_key"].is_null().to_list()


def test_a_cell_key_depends_on_the_name_the_people_and_the_secret():
    def made(name: str, people: int, secret: bytes = SECRET) -> int:
        return int(cell_keys(pl.Series([name]), pl.Series([people]), secret)[0])

    keys = {made("a", 7), made("b", 7), made("a", 8), made("a", 7, OTHER_SECRET)}
    assert len(keys) == 4
    assert made("a", 7) == made("a", 7) == key("cell\x1fa\x1f7", SECRET)


def test_a_cell_without_a_name_has_no_key():
    with pytest.raises(TableError, match="1 cells have no name"):
        cell_keys(pl.Series(["a", None]), pl.Series([1, 2]), SECRET)
