"""What of a person stands where a code or reference should: an NHS number, a name.

National Insurance and telephone numbers are in `schemas.personal`.
"""

from __future__ import annotations

from functools import cache

import polars as pl

import reference

# Three, three and four digits, whatever sign parts them; none beside it.
TEN_DIGITS = r"(?:^|[^0-9])([0-9]{3}[^0-9A-Za-z]?[0-9]{3}[^0-9A-Za-z]?[0-9]{4})(?:$|[^0-9])"
# Numbers given in England and Wales begin with these; 9 is that of examples.
GIVEN_OUT = r"^[4679]"
TITLED = r"^(?:MR|MRS|MISS|MS|MX|DR)[^\pL]+\pL{3}"
# When this share of the ten-digit references of a pack are NHS numbers, it is no chance: of
# numbers that an area gives itself one in eleven has a right check digit.
SHARE_BY_CHANCE = 1 / 3


def is_nhs_number(digits: pl.Expr) -> pl.Expr:
    """Say whether ten digits are an NHS number of England or Wales: modulus 11, check digit last.

    Source: NHS Data Dictionary, NHS NUMBER.
    """
    plain = digits.str.replace_all("[^0-9]", "")
    weighted = [plain.str.slice(at, 1).cast(pl.Int64, strict=False) * (10 - at) for at in range(10)]
    is_right = pl.sum_horizontal(weighted, ignore_nulls=False) % 11 == 0
    return (is_right & plain.str.contains(GIVEN_OUT)).fill_null(value=False)


def holds_nhs_number(text: pl.Expr) -> pl.Expr:
    """Say whether a text holds ten digits that are an NHS number; false for a null."""
    runs = text.str.extract_all(TEN_DIGITS)
    return runs.list.eval(is_nhs_number(pl.element())).list.any().fill_null(value=False)


def looks_like_nhs_number(code: pl.Expr) -> pl.Expr:
    """Say which codes of a pack (column `pack`) are NHS numbers, and not by chance."""
    plain = code.str.normalize("NFKC")
    found = holds_nhs_number(plain)
    of_that_form = plain.str.contains(TEN_DIGITS).fill_null(value=False)
    share = found.sum().over("pack") / of_that_form.sum().over("pack")
    return found & (share > SHARE_BY_CHANCE)


def looks_like_name(code: pl.Expr) -> pl.Expr:
    """Say whether a code is the name of a person: a given name with a surname or alone, a title.

    A surname alone is none, as companies bear it; nor is what is listed as named after a person.
    """
    plain = code.str.normalize("NFKC").str.to_uppercase()
    words = plain.str.extract_all(r"\pL{3,}")
    given, surnames = _how_many(words, _given()), _how_many(words, _surnames())
    alone = (words.list.len() == 1) & plain.str.contains(r"\pL{4}")
    named = (given > 0) & (alone | (given + surnames >= 2))
    bearer = words.list.join(" ").is_in(_bearers().implode())
    return ((named & ~bearer) | plain.str.contains(TITLED)).fill_null(value=False)


def _how_many(words: pl.Expr, of: pl.Series) -> pl.Expr:
    return words.list.eval(pl.element().is_in(of.implode())).list.sum().fill_null(0)


@cache
def _given() -> pl.Series:
    return pl.Series([name.upper() for name in reference.given_names("name")])


@cache
def _surnames() -> pl.Series:
    return pl.Series([name.upper() for name in reference.surnames()])


@cache
def _bearers() -> pl.Series:
    return pl.Series([name.upper() for name in reference.named_after_people()])
