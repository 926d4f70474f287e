"""What the manifest says of small figures, policies and populations follows from its own records.

The words on small figures are held to a count of every way in which a figure can have been made.
"""

from __future__ import annotations

import json
from fractions import Fraction
from math import floor

import pytest

from disclosure import Distribution, Exact, Proportion, Range, Rounded, design
from tests.publications.gates.finished import problems_of, with_json

GATE = "same_policies"
MANIFEST, REPORT = "manifest.json", "disclosure-control.json"
COUNTS = range(160)
SMALL = "A 0 stands for a count of {} to {} and a {} for a count of {} to {}."
NOT_THEIRS = "manifest.json: the small figures of starts are not as its readings have them."
EXACT = {"kind": "exact"}


@pytest.fixture
def said_of_starts(release, files):
    """What the gate says where the starts are read like this and explained in these words."""

    def examine(text, *readings):
        def edit(manifest):
            starts = manifest["populations"]["starts"]
            starts["readings"] = {f"starts_{i}": one for i, one in enumerate(readings)}
            starts["small_figures"] = text

        return problems_of(GATE, release, with_json(files, MANIFEST, edit))

    return examine


# ---- how figures are made, count by count ----


def nearest(value, base):
    """The nearest multiple of a base, halves up."""
    return floor(Fraction(value, base) + Fraction(1, 2)) * base


def made(record):
    """Every figure that each count can be published as, by the record of a reading."""
    kind = record["kind"]
    if kind == "exact":
        return {count: {count} for count in COUNTS}
    if kind == "rounded":
        before = made(record["before"])
        return {c: {nearest(f, record["base"]) for f in before[c]} for c in COUNTS}
    below, above = record["below"], record["above"]
    figures = range(0, COUNTS.stop, record["base"])
    near = {c: {f for f in figures if f - below <= c <= f + above} for c in COUNTS}
    if kind == "distribution":
        near[0] = {0}
    return near


def explained(record):
    """The sentence on small figures, from every count that can be published as one of them."""
    base, figures = record["base"], made(record)
    zero, first = ([c for c in COUNTS if figure in figures[c]] for figure in (0, base))
    return SMALL.format(min(zero), max(zero), base, min(first), max(first))


def within(kind, base, below, above):
    return {"kind": kind, "base": base, "below": below, "above": above}


def rounded(base, before):
    return {"kind": "rounded", "base": base, "before": before}


READINGS = {
    "ones within two": within("range", 1, 2, 2),
    "fives within four": within("range", 5, 4, 4),
    "threes, one under and two over": within("range", 3, 1, 2),
    "tens, only over": within("range", 10, 0, 9),
    "tens, only under": within("range", 10, 9, 0),
    "fives further than a step": within("range", 5, 12, 12),
    "fives that keep zeros": within("distribution", 5, 9, 9),
    "threes that keep zeros": within("distribution", 3, 2, 2),
    "ones that keep zeros": within("distribution", 1, 4, 3),
    "tens that keep zeros": within("distribution", 10, 12, 7),
    **{f"rounded to {base}": rounded(base, EXACT) for base in (2, 3, 5, 7, 10, 25)},
    **{f"fives, then {b}": rounded(b, within("range", 5, 4, 4)) for b in (5, 7, 10, 25)},
    **{f"fives with zeros, then {b}": rounded(b, within("distribution", 5, 9, 9)) for b in (5, 10)},
    "rounded three times": rounded(20, rounded(10, rounded(5, EXACT))),
    "rounded to fives and then to sevens": rounded(7, rounded(5, EXACT)),
}


@pytest.mark.parametrize("name", READINGS)
def test_small_figures_stand_for_every_count_that_can_be_published_so(said_of_starts, name):
    record = READINGS[name]
    assert said_of_starts(explained(record), record) == []


@pytest.mark.parametrize("name", READINGS)
@pytest.mark.parametrize("place", range(4))
def test_an_end_that_is_one_off_is_found(said_of_starts, name, place):
    text = explained(READINGS[name])
    numbers = [word.strip(".") for word in text.split() if word.strip(".").isdigit()]
    _, *ends = (int(number) for number in numbers)
    ends[place if place < 2 else place + 1] += 1
    assert said_of_starts(SMALL.format(*ends), READINGS[name]) == [NOT_THEIRS]


PRODUCT = {
    "a range": Range(below=4, above=4, base=5),
    "a range of ones": Range(below=2, above=3),
    "the cell keys of the policy": Distribution(design(5, 8.0, 9)),
    "cell keys to threes": Distribution(design(3, 2.0, 4)),
    "rounded": Rounded(5, Exact()),
    "rounded cell keys": Rounded(10, Distribution(design(5, 8.0, 9))),
    "rounded amounts": Rounded(100, Proportion(100)),
    "rounded in thousands": Rounded(2_000, Range(below=9, above=9)),
}


@pytest.mark.parametrize("name", PRODUCT)
def test_the_words_of_the_product_on_its_own_readings_pass(said_of_starts, name):
    """The gate reads the record of a reading with code of its own, thousands with a comma."""
    reading = PRODUCT[name]
    figures = reading.words().figures
    shown = (f"{figures[key]:,}" for key in ("zero_least", "zero_most", "base", "least", "most"))
    assert said_of_starts(SMALL.format(*shown), reading.as_dict()) == []


def test_rounded_amounts_are_explained_no_narrower_than_they_can_be_made(said_of_starts):
    """Amounts of 45 to 166 can be changed by a tenth and then rounded to a hundred."""
    share, figures = Fraction(1, 10), {}
    for amount in range(300):
        least, most = (floor(amount * (1 + n) + Fraction(1, 2)) for n in (-share, share))
        for figure in range(least, most + 1):
            figures.setdefault(nearest(figure, 100), []).append(amount)
    assert (min(figures[100]), max(figures[100])) == (45, 166)
    assert max(figures[0]) <= 55
    record = rounded(100, {"kind": "proportion", "thousandths": 100})
    assert said_of_starts(SMALL.format(0, 55, 100, 45, 166), record) == []
    assert said_of_starts(SMALL.format(0, 49, 100, 50, 149), record) == [NOT_THEIRS]


# ---- several readings, exact ones and shares ----


def test_exact_figures_need_no_words(said_of_starts):
    assert said_of_starts("", EXACT) == []
    assert said_of_starts("", EXACT, EXACT) == []
    assert said_of_starts(SMALL.format(0, 0, 1, 1, 1), EXACT) == [NOT_THEIRS]


@pytest.mark.parametrize(("thousandths", "percent"), [(20, "2"), (25, "2.5"), (1, "0.1")])
def test_a_share_is_said_in_per_cent(said_of_starts, thousandths, percent):
    record = {"kind": "proportion", "thousandths": thousandths}
    text = "Each is at most {}% away from the true amount."
    assert said_of_starts(text.format(percent), record) == []
    assert said_of_starts(text.format(thousandths), record) == [NOT_THEIRS]
    assert said_of_starts("", record) == [NOT_THEIRS]


def test_two_readings_are_both_explained_and_a_repeated_one_once(said_of_starts):
    fives, tens = rounded(5, EXACT), rounded(10, EXACT)
    one, other = explained(fives), explained(tens)
    assert said_of_starts(f"{one} {other}", fives, tens) == []
    assert said_of_starts(one, fives, EXACT, fives) == []
    for text in (one, other, f"{other} {one}", f"{one} {other} {one}"):
        assert said_of_starts(text, fives, tens) == [NOT_THEIRS]


def test_a_reading_of_a_kind_that_nobody_knows_is_not_passed(said_of_starts):
    (problem,) = said_of_starts("", {"kind": "guess"})
    assert problem == "same_policies could not read the files of the release (KeyError('base'))."


# ---- populations and policies of manifest and report ----


def of_manifest(*path, value):
    return MANIFEST, _put(path, value)


def of_report(*path, value):
    return REPORT, _put(path, value)


def _put(path, value):
    def edit(document):
        for name in path[:-1]:
            document = document[name]
        document[path[-1]] = value

    return edit


def _renamed(document):
    populations = document["populations"]
    populations["begins"] = populations.pop("starts")


PLACES = f"{REPORT}: its populations are not those of {MANIFEST}."
PROBLEMS = {
    "a population of the report in another place": (
        (REPORT, lambda report: report["populations"].reverse()),
        PLACES,
    ),
    "a population that the report leaves out": (
        (REPORT, lambda report: report["populations"].pop(0)),
        PLACES,
    ),
    "a population of the report twice": (
        (REPORT, lambda report: report["populations"].append(report["populations"][0])),
        PLACES,
    ),
    "a population of another name": ((MANIFEST, _renamed), PLACES),
    "a policy that no population names": (
        (MANIFEST, lambda m: m["policies"].update(spare=m["policies"]["public"])),
        f"{MANIFEST}: its policies are not those that its populations name.",
    ),
    "a policy that is not there": (
        of_manifest("populations", "rollout", "policy", value="none"),
        f"{MANIFEST}: its policies are not those that its populations name.",
    ),
    "no people behind a change": (
        of_manifest("policies", "people", "minimum_behind_change", value=0),
        f"{MANIFEST}: the policy people of people asks for none behind a change.",
    ),
    "fewer people behind a change than decided": (
        of_manifest("policies", "people", "minimum_behind_change", value=9),
        f"{MANIFEST}: minimum_behind_change of the policy people is 9; it should be 10.",
    ),
    "places behind a change": (
        of_manifest("policies", "public", "minimum_behind_change", value=2),
        f"{MANIFEST}: minimum_behind_change of the policy public is 2; it should be 0.",
    ),
    "a divisor of none": (
        of_manifest("policies", "public", "minimum_denominator", value=0),
        f"{MANIFEST}: minimum_denominator of the policy public is 0; it should be 1 or more.",
    ),
    "a smaller divisor than decided": (
        of_manifest("policies", "people", "minimum_denominator", value=29),
        f"{MANIFEST}: minimum_denominator of the policy people is 29; it should be 30.",
    ),
    "people that are places": (
        of_manifest("populations", "rollout", "people", value=True),
        f"{MANIFEST}: the unit of rollout and whether it counts people do not agree.",
    ),
    "people with the unit of places": (
        of_manifest("populations", "starts", "unit", value="areas"),
        f"{MANIFEST}: the unit of starts and whether it counts people do not agree.",
    ),
    "a title of the report": (
        of_report("populations", 0, "title", value="Areas"),
        f"{REPORT}, rollout: title is 'Areas', not 'Delivery areas open to participants'.",
    ),
    "a policy of the report": (
        of_report("populations", 0, "policy", value="people"),
        f"{REPORT}, rollout: policy is 'people', not 'public'.",
    ),
    "a certificate of the report": (
        of_report("populations", 0, "certified", value=True),
        f"{REPORT}, rollout: certified is True, not False.",
    ),
    "a certificate of the manifest": (
        of_manifest("populations", "rollout", "certificate", value="exact"),
        f"{REPORT}, rollout: certified is False, not True.",
    ),
    "a fingerprint of the report": (
        of_report("populations", 0, "fingerprint", value="0" * 64),
        f"{REPORT}, rollout: fingerprint is '{'0' * 64}', not ",
    ),
    "a decision that the report leaves out": (
        (REPORT, lambda report: report["populations"][1]["decisions"].pop()),
        f"{REPORT}, referrals: decisions is ",
    ),
    "a method that the report leaves out": (
        (REPORT, lambda report: report["populations"][1]["methods"].pop()),
        f"{REPORT}, referrals: methods is ",
    ),
}


@pytest.mark.parametrize("what", PROBLEMS)
def test_manifest_and_report_that_do_not_agree_are_found(release, files, what):
    (path, edit), problem = PROBLEMS[what]
    found = problems_of(GATE, release, with_json(files, path, edit))
    assert any(line.startswith(problem) for line in found), found


@pytest.mark.parametrize("what", ["because", "users_lose"])
def test_an_argument_that_the_catalogue_does_not_have_is_found(release, files, what):
    path, edit = of_manifest("policies", "people", what, value="It was always so.")
    assert problems_of("argued_policies", release, with_json(files, path, edit)) == [
        f"{MANIFEST}: {what} of the policy people is not as the catalogue has it."
    ]


def test_the_argument_of_a_policy_that_is_not_in_the_catalogue_any_more_is_not_compared(
    release, files
):
    def renamed(manifest):
        manifest["policies"]["of_another_time"] = manifest["policies"].pop("people")

    assert problems_of("argued_policies", release, with_json(files, MANIFEST, renamed)) == []


def test_a_report_of_another_shape_is_not_compared_further(release, files):
    edit = of_report("populations", 0, "certified", value="yes")[1]
    found = problems_of(GATE, release, with_json(files, REPORT, edit))
    assert found
    assert all(problem.startswith(f"{REPORT}: /populations/0") for problem in found)


def test_the_release_as_it_was_written_has_its_small_figures_explained(release, files):
    """So that no test above passes because nothing is explained at all."""
    assert problems_of(GATE, release, files) == []
    starts = json.loads(files[MANIFEST])["populations"]["starts"]
    (record,) = starts["readings"].values()
    assert starts["small_figures"] == explained(record)
