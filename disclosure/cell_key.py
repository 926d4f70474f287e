"""Cell-key perturbation: record keys, cell keys and the method. Table design is in `ptable`."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import polars as pl

from disclosure.errors import DesignError, TableError
from disclosure.ptable import PerturbationTable, design
from disclosure.tables import KEY_MODULUS
from disclosure.treated import TreatedTable

BLOCK = 64  # bytes of a SHA-256 block, for HMAC


def pads(secret: bytes) -> tuple[bytes, bytes]:
    """Return the inner and the outer block of HMAC-SHA256 with `secret`."""
    if len(secret) < 16:
        raise DesignError("The secret of the record keys needs at least 16 bytes.")
    key = hashlib.sha256(secret).digest() if len(secret) > BLOCK else secret
    key = key.ljust(BLOCK, b"\0")
    return bytes(b ^ 0x36 for b in key), bytes(b ^ 0x5C for b in key)


def record_keys(ids: pl.Series, secret: bytes) -> pl.Series:
    """One key in [0, KEY_MODULUS) for each stable id: the same id always has the same key.

    The key is the first 60 bits of HMAC-SHA256(secret, id in UTF-8) modulo KEY_MODULUS. Nothing
    random is stored, so nothing can be lost or drawn again; who has no secret cannot tell it.
    Source: RFC 2104 (HMAC).
    """
    if ids.null_count():
        raise TableError(f"{ids.name}: {ids.null_count()} ids are null; every unit needs its own.")
    inner, outer = (hashlib.sha256(pad) for pad in pads(secret))
    text = ids.cast(pl.String)
    keys = [key_of(name, inner, outer) for name in text]
    return pl.Series(ids.name, keys, dtype=pl.Int64)


def key_of(name: str, inner: hashlib._Hash, outer: hashlib._Hash) -> int:
    """Return the key of one id, from the two prepared halves of the HMAC."""
    first, second = inner.copy(), outer.copy()
    first.update(name.encode())
    second.update(first.digest())
    return (int.from_bytes(second.digest()[:8], "big") >> 4) % KEY_MODULUS


@dataclass(frozen=True)
class CellKey:
    """Publish counts as multiples of `base`, changed at random but always in the same way.

    The cell key, the sum of the keys of the units in the cell, picks the change from a table that
    `ptable.design` makes: no bias for any true count, zeros stay, `variance` at most, no change
    beyond `largest_change`. The same units give the same figure in every table and every release,
    so nothing is gained by asking again. Parts need not add to totals.

    Source: Fraser and Wooton (2005), A proposed method for confidentialising tabular output to
    protect against differencing; Thompson, Broadfoot and Elazar (2013), the ABS TableBuilder.
    """

    base: int = 5
    variance: float = 8.0
    largest_change: int = 9
    statistics: tuple[str, ...] = ()

    @property
    def ptable(self) -> PerturbationTable:
        """The perturbation table of these parameters."""
        return design(self.base, self.variance, self.largest_change)

    def treat(self, table: TreatedTable) -> TreatedTable:
        """Perturb every figure of `statistics` (of all, when none are named)."""
        where = table.among(self.statistics)
        keyless = where & table.mask(pl.col("cell_key").is_null() & (pl.col("value") > 0))
        if keyless.any():
            row = int(np.flatnonzero(keyless)[0])
            raise TableError(f"{table.source.name}: {table.source.key(row)} has no cell key.")
        counts = table.cells["value"].fill_null(0).to_numpy()
        keys = table.cells["cell_key"].fill_null(0).to_numpy()
        published = self.ptable.perturb(counts, keys)
        ranges = {int(v): self.ptable.plausible(int(v)) for v in np.unique(published[where])}
        least, most = (
            [ranges[v][end] if hit else 0 for v, hit in zip(published.tolist(), where, strict=True)]
            for end in (0, 1)
        )
        return table.shown(where, published, np.array(least), np.array(most), self.base)
