"""Keys of records and of cells: hashes with a secret; nothing random is stored."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import polars as pl

from disclosure.errors import DesignError, TableError
from disclosure.tables.cells import KEY_MODULUS

if TYPE_CHECKING:
    from hashlib import _Hash

BLOCK = 64  # bytes of a SHA-256 block, for HMAC

SEPARATOR = "\x1f"

RECORD_KEYS_SQL = """
select id, ('0x' || left(sha256($outer || unhex(sha256($inner || encode(id)))), 15))::bigint
    % 4294967280 as record_key
from records
"""
"""`record_keys` for DuckDB, with one row per row of `records` (id varchar); see `key_parameters`.

The number in it is KEY_MODULUS.
"""

CELL_KEYS_SQL = """
select keyed.* exclude words, ('0x' || left(
        sha256($outer || unhex(sha256($inner || encode(words)))), 15))::bigint
    % 4294967280 as cell_key
from (
    select cells.*, 'cell' || chr(31) || name || chr(31) || people_key as words from cells
) as keyed
"""
"""`cell_keys` for DuckDB: `cells` (name varchar, people_key bigint, ...) and their `cell_key`."""


def record_keys(ids: pl.Series, secret: bytes) -> pl.Series:
    """Return one key in [0, KEY_MODULUS) for each stable id: the same id always has the same key.

    The key is the first 60 bits of HMAC-SHA256(secret, id in UTF-8) modulo KEY_MODULUS. Nothing
    random is stored, so nothing can be lost or drawn again. Without the secret nobody can compute
    it. Source: RFC 2104 (HMAC).
    """
    if ids.null_count():
        raise TableError(f"{ids.name}: {ids.null_count()} ids are null; every unit needs its own.")
    inner, outer = (hashlib.sha256(pad) for pad in pads(secret))
    keys = [key_of(name, inner, outer) for name in ids.cast(pl.String).to_list()]
    return pl.Series(ids.name, keys, dtype=pl.Int64)


def cell_keys(names: pl.Series, people_keys: pl.Series, secret: bytes) -> pl.Series:
    """Return the key of each cell, from its name and its people key.

    The people key is the sum of the record keys of the units, modulo KEY_MODULUS; null where there
    are none, and so is the key of the cell. The name says which cell it is: population, statistic
    and codes. Two cells with the same people have keys that are independent of each other, unless
    they have the same name. The key is that of `record_keys` for the text "cell", name, people key.
    """
    if names.null_count():
        raise TableError(f"{names.null_count()} cells have no name; a key needs one.")
    inner, outer = (hashlib.sha256(pad) for pad in pads(secret))
    keys = [
        None
        if people is None
        else key_of(SEPARATOR.join(("cell", name, str(people))), inner, outer)
        for name, people in zip(names.to_list(), people_keys.to_list(), strict=True)
    ]
    return pl.Series("cell_key", keys, dtype=pl.Int64)


def key_parameters(secret: bytes) -> dict[str, bytes]:
    """Return the parameters of both queries: two padded blocks of the secret. SECRET."""
    inner, outer = pads(secret)
    return {"inner": inner, "outer": outer}


def empty_cell_keys(cells: pl.DataFrame, secret: bytes) -> pl.Series:
    """Return a key for each empty cell, from its codes: columns are dimensions, rows are cells.

    A cell without units has no record keys to add. If its key were 0, all empty cells would be
    changed in the same way, and one known empty cell would reveal all the others. The order of the
    columns does not matter.
    """
    names = sorted(cells.columns)
    words = cells.select(
        pl.concat_str(
            [pl.lit("empty")] + [pl.concat_str(pl.lit(n), pl.col(n), separator="=") for n in names],
            separator=SEPARATOR,
        )
    ).to_series()
    return record_keys(words.alias("cell_key"), secret)


def pads(secret: bytes) -> tuple[bytes, bytes]:
    """Return the inner and the outer block of HMAC-SHA256 with `secret`."""
    if len(secret) < 16:
        raise DesignError("The secret of the record keys needs at least 16 bytes.")
    key = hashlib.sha256(secret).digest() if len(secret) > BLOCK else secret
    key = key.ljust(BLOCK, b"\0")
    return bytes(b ^ 0x36 for b in key), bytes(b ^ 0x5C for b in key)


def key_of(name: str, inner: _Hash, outer: _Hash) -> int:
    """Return the key of one id, from the two prepared halves of the HMAC."""
    first, second = inner.copy(), outer.copy()
    first.update(name.encode())
    second.update(first.digest())
    return (int.from_bytes(second.digest()[:8], "big") >> 4) % KEY_MODULUS
