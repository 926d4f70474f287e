"""What of a person stands where a code or reference should: a number of theirs, or a name.

Free text is searched by `schemas.personal`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import polars as pl

import reference
from schemas.check_digits import is_right_for_nhs
from schemas.personal import FIRST, SECOND, WHOLE

# A pack has a million references, and hardly one of them is suspect: the tests below, which take
# signs in any writing, are asked of those that one fast pattern finds.
OTHER_SIGNS = r"[^\x00-\x7f]"
ANY_SIGNS = r"[\x00-/:-@\[-`{-\x7f]*"
MAY_BE_A_NINO = (
    rf"{OTHER_SIGNS}|[A-Za-z]{ANY_SIGNS}[A-Za-z](?:{ANY_SIGNS}[0-9]){{6}}{ANY_SIGNS}(?:[A-Da-d]|$)"
)
MAY_BE_A_TELEPHONE = rf"{OTHER_SIGNS}|^[\s(+]*[04]"
MAY_BE_AN_NHS_NUMBER = rf"{OTHER_SIGNS}|[0-9]{{3}}{ANY_SIGNS}[0-9]{{3}}{ANY_SIGNS}[0-9]{{4}}"
MAY_BE_A_NAME = rf"{OTHER_SIGNS}|[A-Za-z]{{3}}"
# A reference that is a number without its last letter. Numbers that areas give themselves are
# padded with noughts, or begin with two letters of which none is issued.
WITHOUT_LETTER = rf"^{FIRST}{SECOND}(?:[1-9]\d|0[1-9])\d{{4}}$"
# A company's number has such a form too, after one of these (Companies House, prefixes in use).
REGISTERED = r"^(?:COMPANY|CHARITY)"
OF_COMPANIES = (
    "AC", "CE", "CS", "FC", "GE", "GS", "IC", "IP", "LP", "NC", "NF", "NI", "NL", "NO", "NP", "NR",
    "NV", "NZ", "OC", "OE", "PC", "RC", "RS", "SA", "SC", "SE", "SF", "SG", "SI", "SL", "SO", "SP",
    "SR", "SZ", "ZC",
)  # fmt: skip
NEVER_ISSUED = ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ")
# Digits alone are a telephone number when they are those of a mobile; else they are references.
MOBILE = r"^(?:\+?44|0)7\d{9}$"
TELEPHONE = r"^\(?(?:\+?44|0)[\s()-]*[1-37](?:[\s()-]*\d){8,9}$"


# Three, three and four digits, whatever sign parts them; none beside it.
TEN_DIGITS = r"(?:^|[^0-9])([0-9]{3}[^0-9A-Za-z]?[0-9]{3}[^0-9A-Za-z]?[0-9]{4})(?:$|[^0-9])"
# Numbers given in England and Wales begin with these; 9 is that of examples.
GIVEN_OUT = r"^[4679]"
# When this share of the ten-digit references of a pack are NHS numbers, it is no chance: of
# numbers that an area gives itself one in eleven has a right check digit.
SHARE_BY_CHANCE = 1 / 3
TITLED = r"^(?:MR|MRS|MISS|MS|MX|DR)[^\pL]+\pL{3}"


def looks_like_nino(code: pl.Expr) -> pl.Expr:
    """Say whether a code is or holds a National Insurance number; false for a null.

    Without the last letter a number is known only when it is the whole code, and its digits
    do not begin with two noughts, as those of numbers do that an area gives itself.
    """
    return _among(code, MAY_BE_A_NINO, _is_nino)


def looks_like_telephone(code: pl.Expr) -> pl.Expr:
    """Say whether a code as a whole is a telephone number of the United Kingdom; false for null."""
    return _among(code, MAY_BE_A_TELEPHONE, _is_telephone)


def looks_like_nhs_number(code: pl.Expr) -> pl.Expr:
    """Say which codes of a pack (column `pack`) are NHS numbers, and not by chance.

    False for a null.
    """
    found = _among(code, MAY_BE_AN_NHS_NUMBER, _is_nhs_number)
    of_that_form = _among(code, MAY_BE_AN_NHS_NUMBER, lambda c: _plain(c).str.contains(TEN_DIGITS))
    return found & (found.sum().over("pack") > SHARE_BY_CHANCE * of_that_form.sum().over("pack"))


def looks_like_name(code: pl.Expr) -> pl.Expr:
    """Say whether a code is the name of a person: a given name with a surname or alone, a title.

    A surname alone does not, as companies bear it; nor does what is listed as named after a person.
    False for a null.
    """
    return _among(code, MAY_BE_A_NAME, _has_words_of_a_name)


def _among(code: pl.Expr, suspect: str, test: Callable[[pl.Expr], pl.Expr]) -> pl.Expr:
    """Say for which codes the test holds; it is asked once of each that the pattern finds."""
    asked = code.filter(code.str.contains(suspect)).unique()
    held = asked.implode().list.eval(pl.element().filter(test(pl.element())))
    return code.is_in(held).fill_null(value=False)


def _has_words_of_a_name(code: pl.Expr) -> pl.Expr:
    """Say whether the words of a code are a name: digits and signs between them do not matter."""
    words = code.str.replace_all(r"[^\pL\pM]+", " ")
    held = words.unique().implode().list.eval(pl.element().filter(_is_name(pl.element())))
    return words.is_in(held)


def _plain(code: pl.Expr) -> pl.Expr:
    return code.str.normalize("NFKC")


def _is_nino(code: pl.Expr) -> pl.Expr:
    bare = _plain(code).str.replace_all(r"[\W_]", "").str.to_uppercase()
    number = bare.str.replace(REGISTERED, "")
    companies = bare.str.contains(REGISTERED) & number.str.head(2).is_in(OF_COMPANIES)
    without = number.str.contains(WITHOUT_LETTER) & ~number.str.head(2).is_in(NEVER_ISSUED)
    whole = _plain(code).str.contains(f"(?i){WHOLE}") | bare.str.contains(r"^[A-Z]{2}\d{6}[A-D]$")
    return whole | (without & ~companies)


def _is_telephone(code: pl.Expr) -> pl.Expr:
    plain = _plain(code).str.strip_chars()
    apart = plain.str.contains(TELEPHONE) & plain.str.contains(r"[\s()+]")
    return plain.str.contains(MOBILE) | apart


def _is_nhs_number(code: pl.Expr) -> pl.Expr:
    digits = _plain(code).str.extract(TEN_DIGITS).str.replace_all("[^0-9]", "")
    # In a list of one row, so that Polars reads the digits once and not for each of their places.
    right = is_right_for_nhs(pl.element()) & pl.element().str.contains(GIVEN_OUT)
    held = digits.implode().list.eval(right)
    return held.explode(empty_as_null=False)


def _is_name(code: pl.Expr) -> pl.Expr:
    plain = _plain(code).str.strip_chars().str.to_uppercase()
    words = plain.str.extract_all(r"\pL{3,}")
    given, surnames = _how_many(words, _given()), _how_many(words, _surnames())
    alone = (words.list.len() == 1) & plain.str.contains(r"\pL{4}")
    named = (given > 0) & (alone | (given + surnames >= 2))
    bearer = words.list.join(" ").is_in(_bearers().implode())
    return (named & ~bearer) | plain.str.contains(TITLED)


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
