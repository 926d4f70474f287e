"""The gate on policies and populations: manifest, report, notes and words say the same of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from publications.gates.agreement import unlike
from publications.gates.expected import Expected
from publications.gates.forms import RANGES, in_form_of
from publications.gates.limits import pattern
from publications.gates.reading import Files, json_of, rows_of
from publications.gates.recorded_readings import RecordedReading
from publications.gates.shape import Each, misshapen
from publications.gates.shapes import PROTECTED
from publications.wording.format import number
from publications.wording.naming import csv_path
from publications.words import Words

REPORT, MANIFEST = "disclosure-control.json", "manifest.json"
BEHIND = "minimum_behind_change"
LEAST = {"minimum_denominator": 1, BEHIND: 0}
PROVED = {"exact": "exact", "interval": "bounds", None: "nothing"}
Record = Mapping[str, Any]


def same_policies(release: Expected, files: Files) -> list[str]:
    """Every policy and population of the manifest is as the report and the words have it.

    A report of an earlier form has not the keys that came later, if the open data has not what
    came with them.
    """
    manifest, report = json_of(files, MANIFEST), json_of(files, REPORT)
    wrong = list(
        misshapen(report["populations"], Each(_shape(release, files, report)), "/populations")
    )
    if wrong:
        return [f"{REPORT}: {problem}" for problem in wrong]
    policies, populations = manifest["policies"], manifest["populations"]
    problems = []
    if [entry["name"] for entry in report["populations"]] != list(populations):
        problems.append(f"{REPORT}: its populations are not those of {MANIFEST}.")
    for entry in report["populations"]:
        population = populations.get(entry["name"])
        if population is not None:
            expected = _expected(population, policies.get(population["policy"], {}), release.words)
            problems += unlike(f"{REPORT}, {entry['name']}", entry, expected)
    for name, population in populations.items():
        problems += _unlike_words(name, population, release.words)
    return [*problems, *_policies(policies, populations, release.words)]


def _shape(release: Expected, files: Files, report: Record) -> dict[str, Any]:
    """Return the shape of what a report says of a population, in the form of the release."""
    headings = [list(rows_of(files, csv_path(release.quarter, t))[:1]) for t in release.tables]
    shape: dict[str, Any] = in_form_of([report["populations"], headings], PROTECTED, RANGES)
    return shape


def argued_policies(release: Expected, files: Files) -> list[str]:
    """Every argument for a policy is that of the catalogue, whatever figures it has."""
    return [
        f"{MANIFEST}: {what} of the policy {name} is not as the catalogue has it."
        for name, policy in json_of(files, MANIFEST)["policies"].items()
        for what in ("because", "users_lose")
        if not _is_argued(policy[what], release.words.texts.get(f"policies.{name}.{what}"))
    ]


def _is_argued(found: str, written: object) -> bool:
    """Whether an argument is as it is written; of one that is written nowhere nothing is known."""
    return not isinstance(written, str) or bool(pattern(written).fullmatch(found))


def _policies(policies: Record, populations: Record, words: Words) -> Iterator[str]:
    """Compare the policies with the populations that name them, and with their own words."""
    if list(policies) != list(
        dict.fromkeys(population["policy"] for population in populations.values())
    ):
        yield f"{MANIFEST}: its policies are not those that its populations name."
    for name, policy in policies.items():
        yield from _numbers(name, policy, words)
        people = any(
            population["people"]
            for population in populations.values()
            if population["policy"] == name
        )
        if policy[BEHIND] == 0 and people:
            yield f"{MANIFEST}: the policy {name} of people asks for none behind a change."


def _expected(population: Record, policy: Record, words: Words) -> dict[str, object]:
    """Return what the report should repeat of a population."""
    methods = zip(population["methods"], population["words"], strict=True)
    return {
        "title": population["title"],
        "policy": population["policy"],
        "methods": [{"record": record, "words": text} for record, text in methods],
        "decisions": policy.get("decisions"),
        "certified": population["certificate"] is not None,
        "certificate": words.say(f"protection.proved.{PROVED.get(population['certificate'])}"),
        "fingerprint": population["fingerprint"],
    }


def _numbers(name: str, policy: Record, words: Words) -> Iterator[str]:
    """Compare the numbers of a policy with its decisions, and with the least that they may be.

    A policy of the catalogue without a decision on people behind a change asks for none.
    """
    decided = {one["name"]: one["value"] for one in policy["decisions"]}
    for figure, least in LEAST.items():
        key = f"policies.{name}.decisions.policy.{figure}.name"
        shown = decided.get(words.say(key)) if key in words.texts else None
        if shown is None and figure == BEHIND and f"policies.{name}.because" in words.texts:
            shown = number(0)
        if policy[figure] < least or shown not in (None, number(policy[figure])):
            yield (
                f"{MANIFEST}: {figure} of the policy {name} is {policy[figure]}; it should be "
                f"{shown or f'{least} or more'}."
            )


def _unlike_words(name: str, population: Record, words: Words) -> Iterator[str]:
    """Compare small figures with the readings, and the unit with whether people are counted."""
    texts = [_small(reading, words) for reading in population["readings"].values()]
    expected = " ".join(dict.fromkeys(filter(None, texts)))
    if population["small_figures"] != expected:
        yield f"{MANIFEST}: the small figures of {name} are not as its readings have them."
    if population["people"] != (population["unit"] == words.label("units", "people")):
        yield f"{MANIFEST}: the unit of {name} and whether it counts people do not agree."


def _small(reading: Record, words: Words) -> str:
    """Say what the smallest figures stand for; "" where they are exact."""
    if reading["kind"] == "exact":
        return ""
    if reading["kind"] == "proportion":
        percent = f"{reading['thousandths'] / 10:g}"
        return words.say("methods.readings.proportion", percent=percent)
    base, read = reading["base"], RecordedReading(reading)
    (zero_least, zero_most), (least, most) = read.ends(0), read.ends(base)
    figures = {"zero_least": zero_least, "zero_most": zero_most, "base": base}
    figures |= {"least": least, "most": most}
    shown = {name: number(value) for name, value in figures.items()}
    return words.say("methods.readings.small_figures", **shown)
