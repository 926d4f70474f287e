"""What personal data looks like in free text. Callers never show the text that matched.

Most details are known by their form. A name has none: see `schemas.people`.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass

import polars as pl

from schemas.check_digits import is_right_for_nhs
from schemas.look_alikes import NOT_A_NAME, prepared
from schemas.people import NAME
from schemas.postcodes import WITH_GAPS, WRITTEN_TOGETHER

FIRST, SECOND = "[A-CEGHJ-PR-TW-Z]", "[A-CEGHJ-NPR-TW-Z]"
GAP = r"[\W_]{0,3}"
# With its last letter a number is known however it is written; without one, as pairs of digits.
WHOLE = rf"(?:\b|_|\d){FIRST}{GAP}{SECOND}(?:{GAP}[0-9]){{6}}{GAP}[A-D](?:\b|_)"
PAIRS = rf"\b{FIRST}{SECOND}[\s-]?\d{{2}}[\s-]?\d{{2}}[\s-]?\d{{2}}[\s-]?[A-D]?\b"

MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
    r"|ionawr|chwefror|mawrth|ebrill|mai|mehefin|gorffennaf|awst|medi|hydref|tachwedd|rhagfyr)\b\.?"
)
DAY = r"\d{1,2}(?:st|nd|rd|th)?"
APART = r"[\s,./-]{1,3}"
# The year of birth of somebody who could take part: years of quarters and laws are later.
OLD = r"(?:19\d\d|200\d|2010)"
IN_WORDS = r"(?:nineteen|two\sthousand)"
DATE = (
    rf"(?:\d{{1,4}}[/.\s-]{{1,2}}\d{{1,2}}[/.\s-]{{1,2}}\d{{2,4}}|\d{{6}}\b|\d{{8}}\b|{OLD}\b|{IN_WORDS}\b"
    rf"|{DAY}(?:\sof)?{APART}{MONTH}|{MONTH}{APART}(?:{DAY}|\d{{4}}))"
)
# A date of our time, which is nobody's date of birth.
TODAY = (
    rf"(?i:\b{DAY}\s{MONTH},?\s20[2-9]\d\b|\b{MONTH}\s(?:{DAY},?\s)?20[2-9]\d\b"
    r"|\b\d{1,2}[/.-]\d{1,2}[/.-]20[2-9]\d\b|\b20[2-9]\d-\d\d-\d\d\b)"
)
OF_BIRTH = (
    r"(?:\b(?:dob|d\.o\.b|born|b\.|birth\s?(?:day|date)|date\sof\sbirth"
    r"|ganwyd|ganed|geni|pen-blwydd)|\(b\b)"
)
FILLING = r"(?:\W{1,3}(?:is|was|on|in|the|of|to\sbe|being|given\sas|ar|yn|ym|ei|y|yr))*\W{0,4}"

# After a small number, these words make a street in any letters; the second ones with capitals.
STREET = (
    r"(?:road|rd|street|avenue|ave|lane|crescent|terrace|mews|grove|gardens|gdns|boulevard"
    r"|cul-de-sac)"
)
CAPITAL_STREET = (
    r"(?:Close|Way|Drive|Court|Place|Park|View|Hill|Rise|Walk|Row|Green|Square|House|Cottages?"
    r"|Buildings|Wharf|Quay|Yard|Parade|Heights|Fields|Meadows?|Bridge|Bank|Approach|Gate|Mount|St)"
)
HOUSE = r"\b\d{1,3}[A-Za-z]?(?:-\d{1,3})?,?\s"
WELSH_STREET = r"(?:Heol|Ffordd|Stryd|Maes|Lôn|Rhodfa|Clos|Bryn|Cae)"
NUMBER = r"(?:number|no\b\.?|nr\b\.?)?"


A_NAME = "the name of a person"


def either(*patterns: str) -> str:
    """Return a pattern that finds what any of these finds."""
    return "|".join(f"(?:{pattern})" for pattern in patterns)


@dataclass(frozen=True)
class Detail:
    """One kind of personal detail: its name, and the pattern that finds it (syntax of Rust).

    `but` matches what looks alike and is harmless: it is taken out of the text before the search.
    `prepare` makes of a plain text what both patterns are written for. `also` says whether such a
    text holds the detail in a way that no pattern can say.
    """

    name: str
    pattern: str
    but: str = ""
    prepare: Callable[[pl.Expr], pl.Expr] = lambda plain: plain
    also: Callable[[pl.Expr], pl.Expr] = lambda _: pl.lit(value=False)

    def is_in(self, plain: pl.Expr) -> pl.Expr:
        """Say whether a text in its plain form (see `plain`) holds this detail."""
        text = self.prepare(plain)
        rest = text.str.replace_all(self.but, " ; ") if self.but else text
        return rest.str.contains(self.pattern) | self.also(rest)


TEN_DIGITS = r"(?:^|[^0-9])[0-9]{3}[\s./_-]?[0-9]{3}[\s./_-]?[0-9]{4}(?:$|[^0-9])"


def _has_nhs_number(plain: pl.Expr) -> pl.Expr:
    """Say whether a text holds ten digits with the check digit of an NHS number."""
    digits = pl.element().str.replace_all("[^0-9]", "")
    return plain.str.extract_all(TEN_DIGITS).list.eval(is_right_for_nhs(digits)).list.any()


DETAILS = (
    Detail(
        "a National Insurance number",
        either(
            f"(?i)(?:{WHOLE}|{PAIRS})",
            rf"(?i)\b(?:ni|national\sinsurance)\s(?:number|no\b\.?){FILLING}[a-z]{{2}}\s?\d{{2}}",
        ),
        # "on 2026-27 Q2" and "by 30-09-26" have its form
        but=r"\b(?:on|by)\s(?:20[2-9]\d-\d\d|\d\d[ -]\d\d[ -]\d\d)\b",
    ),
    Detail(
        "an e-mail address or the name of an account",
        either(
            r"[^\s@]+\s?@\s?[^\s@]+\.\pL{2,}",
            r"\pL[\w.]*@",
            r"(?i)\b(?:mailto|skype|instagram|facebook|twitter|tiktok|snapchat|telegram)\s?:",
            r"(?i)\w\s?(?:%40|&#0*64;|&#x40;|&commat;)\s?\w",
            r"(?i)\w\s?[\[({<]\s?at\s?[\])}>]\s?\w",
            r"(?i)\w\sat\s\w+\s(?:dot|\(dot\)|\[dot\])\s\w",
            r"(?:^|[\s(,;:])@[\pL_]\w+",
        ),
    ),
    Detail(
        "a web address other than an official one",
        either(
            r"(?i)\b(?:https?|ftp)://",
            r"(?i)\bwww\.",
            r"(?i)\b[\w-]{2,}\.[a-z]{2,}/\w",
            r"(?i)\b[\w-]+\.(?:com|org|net|info|me|io|uk|wales|cymru|london|scot|eu)\b",
        ),
        # of the pages below, those of organisations: a page about a person is none of them
        but=(
            r"(?i)(?:https?://|\b)(?:[a-z0-9-]+\.)*(?:gov\.uk|gov\.wales|llyw\.cymru)(?:/?(?:[\s,;:)]|\.?$)"
            r"|/(?:government/(?:collections|statistics|publications|consultations|organisations)"
            r"|guidance|methodology|statistics|publications)(?:/[a-z0-9/-]*)?(?:[\s,;:.)]|$))"
        ),
    ),
    Detail(
        "a telephone number",
        either(
            r"(?:\+|\b00)\s?\d{1,3}(?:[\s().\-/]*\d){7,12}\b",
            r"\b0(?:[\s().\-/]*\d){9,10}\b",
            r"\b(?:44\s?)?7\d{3}[\s-]?\d{3}[\s-]?\d{3}\b",
            r"(?i)\b(?:tel|telephone|phone|mobile|mob|fax|whatsapp|call(?:\s(?:him|her|them))?|ring)\b"
            rf"\W{{0,3}}(?:on|at|is|in)?\W{{0,3}}{NUMBER}\W{{0,3}}(?:\d[\s-]?){{5,}}",
            rf"(?i)\b(?:extn?\b\.?|extension\s(?:number|no\b\.?))\W{{0,3}}{NUMBER}\W{{0,2}}\d{{3,5}}\b",
        ),
        but=either(TODAY, r"\b20[2-9]\d-\d\d\b", r"\b\d\d:\d\d\b"),
    ),
    Detail(
        "a full postcode",
        either(*WRITTEN_TOGETHER, *WITH_GAPS),
        # which revision, column or draft it is
        but=r"\s(?:1st|2nd|3rd|[4-9]th)\s(?:revision|column|row|draft|version|return|quarter|sheet|time)\b",
    ),
    Detail(
        "an address",
        either(
            rf"(?i)\b(?:\d{{1,3}}[a-z]?(?:-\d{{1,3}})?|no\.?\s\d{{1,3}}),?\s(?:[\pL.'’-]+\s){{1,3}}{STREET}\b",
            rf"{HOUSE}(?:\p{{Lu}}[\pL.'’-]+\s){{1,3}}{CAPITAL_STREET}(?:$|[^\pL\s]|\s(?:\p{{Ll}}|$))",
            rf"{HOUSE}(?:The\s){CAPITAL_STREET}\b",
            r"(?i)\b\d{1,3}[a-z]?\sthe\s(?:crescent|avenue|street|terrace|mews|grove|lane)\b",
            rf"(?i){HOUSE}{WELSH_STREET}\s\pL",
            r"(?i)\b(?:flat|apartment|apt|bedsit)\W{1,2}\d{1,3}[a-z]?\b",
            r"(?i)\bp\.?\s?o\.?\sbox\s\d",
            rf"\b\p{{Lu}}\pL+\s(?:Cottage|House|Farm|Lodge|Villa|Hall),\s(?:\p{{Lu}}[\pL'’]+\s){{1,2}}(?i:{STREET})\b",
        ),
        but=rf"(?i)\b(?:on|off|in|by|for|to|from|of|and|across|along)\s(?:the\s|a\s)?{STREET}\b",
    ),
    Detail(
        "a date of birth",
        either(
            rf"(?i){OF_BIRTH}{FILLING}{DATE}",
            rf"(?i)\b{DAY}(?:\sof)?{APART}{MONTH}{APART}{OLD}\b",
            rf"(?i)\b{MONTH}{APART}{DAY}{APART}{OLD}\b",
            rf"(?i)\b{MONTH}{APART}19\d\d\b",
            r"\b19\d\d-(?:0[1-9]|1[0-2])\b",
            rf"(?i){DATE}\W{{0,3}}(?:dob|d\.o\.b)\b",
            rf"\b\d{{1,2}}{APART}\d{{1,2}}{APART}{OLD}\b",
            rf"\b{OLD}[/.-]\d{{1,2}}[/.-]\d{{1,2}}\b",
        ),
        but=TODAY,
    ),
    Detail(
        "an NHS number",
        rf"(?i)\bnhs\s{NUMBER}{FILLING}\d{{3}}",
        also=_has_nhs_number,
    ),
    Detail(
        "a number of a passport, licence, account or card",
        either(
            rf"(?i)\b(?:passport|licence|license|sort\scode|utr|iban)\s?{NUMBER}{FILLING}[a-z]{{0,2}}\d[\d-]{{5,}}",
            rf"(?i)\baccount\s{NUMBER}{FILLING}\d{{6,}}",
            r"\b[A-Z9]{5}\d{6}[A-Z9]{2}[A-Z0-9]{3}\b",
            r"\b\d{4}(?:[\s-]\d{4}){3}\b",
        ),
    ),
    Detail(A_NAME, NAME, but=NOT_A_NAME, prepare=prepared),
)


# Greek and Cyrillic capitals that look like Latin ones.
ALIKE = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧАВЕЅІЈКМНОРСТУХ", "ABEZHIKMNOPTYXABESIJKMHOPCTYX", strict=True))


def looks_personal(text: pl.Expr) -> pl.Expr:
    """Say whether text holds anything that looks like personal data; false for a null."""
    found = [detail.is_in(plain(text)) for detail in DETAILS]
    return pl.any_horizontal(found).fill_null(value=False)


def details_in(text: str, permitted: Container[str] = ()) -> list[str]:
    """Name the kinds of personal detail that a text seems to hold; none for an ordinary one.

    Kinds that are `permitted` are not looked for, as a name in the field for a name.
    """
    sought = [detail for detail in DETAILS if detail.name not in permitted]
    found = [detail.is_in(plain(pl.lit(text))).alias(detail.name) for detail in sought]
    row = pl.select(found).row(0, named=True)
    return [name for name, is_there in row.items() if is_there]


def plain(text: pl.Expr) -> pl.Expr:
    """Return a text with each sign in its plainest form, one space between words."""
    shown = text.str.normalize("NFKC").str.replace_all(r"\p{Cf}", "")
    return shown.str.replace_many(ALIKE).str.replace_all(r"\s+", " ")
