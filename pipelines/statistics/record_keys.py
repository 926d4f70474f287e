"""The record keys of people: made from their pseudonyms, and kept when these are made anew."""

from __future__ import annotations

import polars as pl

from disclosure import record_keys


def keys_of_records(ids: pl.Series, secret: bytes, kept: pl.DataFrame | None = None) -> pl.Series:
    """Return the record key of each pseudonym, so that the same person always has the same one.

    `kept` has one row per `pseudonym` that was another when its person was first counted, with the
    `record_key` of then; without it, or where it has no row, the key is that of the pseudonym.
    """
    if kept is None or kept.is_empty():
        return record_keys(ids, secret)
    known = ids.rename("pseudonym").to_frame()
    found = known.join(kept, on="pseudonym", how="left", maintain_order="left")["record_key"]
    is_new = found.is_null()
    made = record_keys(ids.filter(is_new), secret)
    return found.scatter(is_new.arg_true(), made).alias(ids.name)
