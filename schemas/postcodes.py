"""What a full postcode looks like in free text, with gaps in odd places and in any letters."""

from __future__ import annotations

# The areas of postcodes of the United Kingdom, Jersey, Guernsey and the Isle of Man.
_LISTED = """
AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH
EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M
ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST
SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE
"""
AREAS = _LISTED.split()
# In small letters these are words or parts of words, as in "so 2 1 at".
_WORDS = frozenset(("AL", "HA", "ME", "PA", "PO", "SO", "ST"))
_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
# After a figure these are no postcode: which one of a row, or hours.
_AFTER_FIGURES = frozenset(("ST", "ND", "RD", "TH", "HR"))
_GAP = r"[\s.-]{0,2}"


def _one_of(texts: list[str]) -> str:
    return f"(?:{'|'.join(texts)})"


def _pairs() -> str:
    """Return a pattern of the last two letters, without those that say something after a figure."""
    listed = [
        f"{one}[{''.join(two for two in _LETTERS if one + two not in _AFTER_FIGURES)}]"
        for one in _LETTERS
    ]
    return _one_of(listed)


_LETTER = f"[{_LETTERS}]"
_SPACED = _one_of([_GAP.join(area) for area in AREAS])
_NO_WORDS = _one_of([area for area in AREAS if len(area) == 2 and area not in _WORDS])
WRITTEN_TOGETHER = (
    r"(?i)\b[A-PR-UWYZ][A-HK-Z]?\d[A-Z\d]?\s?[-.]?\s?\d[ABD-HJLNP-UW-Z]{2}\b",
    r"(?i)\bGIR\s?0AA\b",
)
# In capitals a gap may be anywhere; in small letters only around the figure of the district.
WITH_GAPS = (
    rf"\b{_SPACED}{_GAP}\d{_GAP}(?:[A-Z\d]{_GAP})?\d{_GAP}{_LETTER}{_GAP}{_LETTER}\b",
    rf"(?i)\b{_NO_WORDS}[\s.-]{{1,2}}\d[A-Z\d]?{_GAP}\d{_pairs()}\b",
)
