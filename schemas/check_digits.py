"""Check digits of numbers that are given to people."""

from __future__ import annotations

import polars as pl


def is_right_for_nhs(digits: pl.Expr) -> pl.Expr:
    """Say whether ten digits, without signs between, are right by modulus 11; null for a null.

    Source: NHS Data Dictionary, NHS NUMBER. Numbers of Scotland and Northern Ireland keep it too.
    """
    number = digits.cast(pl.Int64)
    weighted = [number // 10 ** (9 - at) % 10 * (10 - at) for at in range(10)]
    return pl.sum_horizontal(weighted, ignore_nulls=False) % 11 == 0
