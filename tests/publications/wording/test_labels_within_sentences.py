"""Every label within a sentence: names keep their capital, and ordinary words lose it.

A new label fails here until its first word is known: as a name of the catalogue, as a word that
another label or text has in small letters, or as a line of `ORDINARY`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

import reference
from publications.tables import TABLES
from publications.wording.format import in_sentence
from publications.words import words_in

WORDS = words_in()
NAMES = WORDS.listed("format.names")
FIRST = re.compile(r"[^\W\d_][\w-]*(?:'s)?")
SMALL = re.compile(r"(?<![\w'-])[a-z][\w-]*(?:'s)?")
BEGINNINGS = """
accommodation accounts active administrative agreement agriculture apprentice arts autism benefits
cardiovascular carer completed confidence construction debt declared declined delegate dexterity
died drug education electricity employee equipment ex-carer external extraterritorial fidelity
hearing homeless hospital households human in-work jobcentre learning letter library lost
manufacturing memory mining mobility musculoskeletal neurological offender payslip peer private
probation professional refugee registered reviewer self-assessment self-employed self-referral
sensory set-up severe skills stamina transportation victim virtual vision waiting water wholesale
withdrew yes
"""
ORDINARY = frozenset(BEGINNINGS.split())
"""First words of labels that are no names, and that no other label or text has in small letters."""
NAMES_INSIDE = {
    "Any other Asian background",
    "Any other Black, Black British or Caribbean background",
    "Any other White background",
}
"""Labels that begin with an ordinary word and hold a name further on."""


def texts_of(content):
    """The texts of one entry of the catalogue: a string, plural forms or a list."""
    if isinstance(content, Mapping):
        return list(content.values())
    return [content] if isinstance(content, str) else list(content)


def titles():
    """The titles of every table, and of all that it counts and shows."""
    for table in TABLES:
        yield table.title
        yield from (measure.title for measure in table.measures)
        yield from (population.title for population in table.populations)
        for by in table.by:
            yield from (by.dimension.title, by.dimension.total)


CODES = {label for name in reference.code_lists() for label in reference.code_list(name)["label"]}
LABELS = sorted({*CODES, *titles()})
PLACES = reference.place_names().union(reference.geography()["label"])
TEXTS = [text for content in WORDS.texts.values() for text in texts_of(content)]
IN_SMALL = {word for text in (*LABELS, *TEXTS) for word in SMALL.findall(text)}


def begins_with(name, label):
    return re.match(rf"{re.escape(name)}(?!\w)", label) is not None


def is_name(label):
    return label in PLACES or any(begins_with(name, label) for name in NAMES)


def is_ordinary(label):
    """Whether its first word is known in small letters, or there is no letter to make small."""
    first = FIRST.match(label)
    return first is None or first[0].lower() in IN_SMALL | ORDINARY


def is_short(label):
    """Whether it begins with an abbreviation."""
    return label[1:2].isupper()


def test_the_first_word_of_every_label_is_known():
    unknown = [
        label for label in LABELS if not (is_short(label) or is_name(label) or is_ordinary(label))
    ]
    assert unknown == [], "add the name to format.names, or the ordinary word to ORDINARY"


def test_names_keep_their_capital_and_ordinary_words_lose_it():
    kept = {label for label in LABELS if is_short(label) or is_name(label)}
    small = {label: label[0].lower() + label[1:] for label in LABELS if label not in kept}
    shown = {label: in_sentence(label, WORDS) for label in LABELS}
    assert shown == {label: label for label in kept} | small
    assert {place: in_sentence(place, WORDS) for place in PLACES} == {p: p for p in PLACES}


def test_a_label_with_a_capital_further_on_is_a_name_or_known_to_hold_one():
    """So that a new benefit is not taken for ordinary because its first word is: `Income`."""
    inner = {label for label in LABELS if label[1:] != label[1:].lower()}
    assert {one for one in inner if not is_short(one) and not is_name(one)} == NAMES_INSIDE


def test_every_name_and_every_ordinary_word_of_the_lists_begins_a_label():
    firsts = {found[0].lower() for label in LABELS if (found := FIRST.match(label))}
    assert set() == ORDINARY - firsts
    labels = [*LABELS, *PLACES]
    assert [n for n in NAMES if not any(begins_with(n, label) for label in labels)] == []
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Universal Credit, other", "Universal Credit, other"),
        ("Jobcentre", "jobcentre"),
        ("Whitewash", "whitewash"),
        ("Universal service", "universal service"),
        ("Mixed or multiple ethnic groups", "mixed or multiple ethnic groups"),
    ],
)
def test_a_name_is_found_by_whole_words(label, expected):
    assert in_sentence(label, WORDS) == expected


@pytest.mark.parametrize("label", ["Cornish", "Kickstart Scheme", "Bereavement Support Payment"])
def test_a_label_that_nobody_has_listed_is_found(label):
    """The checks above would name such a label, were it added to a code list."""
    assert not is_name(label)
    assert not is_ordinary(label)
