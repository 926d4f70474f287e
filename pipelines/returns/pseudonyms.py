"""Pseudonymise at the door: keyed hashes stand for people, episodes, events and specialists.

A key may be several, one after the other: a new one is put beside those before it, and pseudonyms
are hashed again with it. So the pseudonyms that are kept can be brought under the new key without
the returns that they were made from, and the next return of the same people still finds them.
"""

from __future__ import annotations

import hashlib

import polars as pl

from pipelines.returns.errors import KeyTooShort
from schemas.returns import Pseudonym, Return, landing_columns

LEAST_KEY_BYTES = 32
THEN = b"\n-- then --\n"
"""Stands between the keys of a chain, the oldest first."""


def check_key(key: bytes) -> None:
    """Refuse a key, or one of a chain, that could be guessed."""
    for part in key.split(THEN):
        if len(part) < LEAST_KEY_BYTES:
            raise KeyTooShort(
                f"The pseudonym key has {len(part)} bytes; it needs {LEAST_KEY_BYTES} random bytes."
            )


def pseudonymise(rows: pl.DataFrame, declared: Return, key: bytes) -> pl.DataFrame:
    """Return the landing columns of accepted rows; identifiers are left behind.

    One row per row given. `rows` holds the typed fields, the provenance columns and the context
    columns that pseudonyms name. A pseudonym is null when one of the fields it stands for is null,
    or in doubt.
    """
    check_key(key)
    made = [_hashed(rows, pseudonym, key) for pseudonym in declared.pseudonyms]
    derived = [d.value.cast(d.dtype).alias(d.name) for d in declared.derived]
    names = [column.name for column in landing_columns(declared)]
    return rows.with_columns(derived).with_columns(made).select(names)


def _hashed(rows: pl.DataFrame, pseudonym: Pseudonym, key: bytes) -> pl.Series:
    """Return 32 hexadecimal characters a row: keyed BLAKE2b of the area and the fields."""
    parts = ["delivery_area_code"] if pseudonym.within_area else []
    made = rows.select(
        pl.when(~pl.any_horizontal(pl.lit(value=False), *pseudonym.unless)).then(
            pl.concat_str(
                [pl.col(p).cast(pl.String) for p in (*parts, *pseudonym.fields)], separator="|"
            )
        )
    ).to_series()
    for one in key.split(THEN):
        made = hashed_again(made.alias(pseudonym.name), one)
    return made


def hashed_again(texts: pl.Series, key: bytes) -> pl.Series:
    """Return the keyed BLAKE2b of each text under one key; null stays null.

    The name of the series, which is that of the pseudonym, keeps the hashes of different things
    apart.
    """
    blank = hashlib.blake2b(key=key[:64], digest_size=16, person=texts.name.encode()[:16])

    def digest(value: str) -> str:
        whole = blank.copy()
        whole.update(value.encode())
        return whole.hexdigest()

    return pl.Series(
        texts.name,
        [None if value is None else digest(value) for value in texts.to_list()],
        dtype=pl.String,
    )
