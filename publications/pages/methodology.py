"""The methodology: who is counted, where, and how figures are protected, from the declarations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from markupsafe import Markup

import reference
from publications.commentary.compose import compose
from publications.commentary.prose import list_and
from publications.data.protection_record import protection_record
from publications.data.records import records
from publications.pages.templating import release_page
from publications.release.model import Release
from publications.release.public import PublicRelease
from publications.tables import populations
from publications.wording.explanations import shorthand
from publications.wording.format import SHORTHAND, in_sentence, number_in_words
from publications.wording.protection import limits
from publications.words import Words

Record = Mapping[str, Any]


def methodology(release: Release) -> dict[str, bytes]:
    """Write the page on background and methodology."""
    counted, words = populations(release.declarations), release.words
    lines = tuple(dict.fromkeys(line for p in counted for line in limits(p, words)))
    return methodology_of(release, records(release), protection_record(release), lines)


def methodology_of(
    release: PublicRelease,
    record: Record,
    report: Record,
    limits_of_use: Sequence[str],
) -> dict[str, bytes]:
    """Write the page from what the manifest says of policies and populations, and the report.

    `limits_of_use` is what users cannot do with changed figures.
    """
    words, counted = release.words, record["populations"]
    written = compose(release)
    least = int(reference.threshold("job_start_hours", release.quarter.end))
    figures = {"job_starts": {"job_hours": number_in_words(least, words)}}
    context = {
        "about": written.paragraphs("about"),
        "uncertainty": written.paragraphs("uncertainty"),
        "populations": [
            {
                "title": population["title"],
                "definition": words.say(f"definitions.{name}", **figures.get(name, {})),
            }
            for name, population in counted.items()
        ],
        "sections": [(key.replace("_", "-"), key) for key in words.section("methodology.headings")],
        "policies": [_policy(*one, report, words) for one in _by_policy(record)],
        "reports": report["populations"],
        "best_fit": _best_fit(release),
        "attacked": release.attack is not None,
        "shorthand": shorthand(SHORTHAND, words),
        "limits": tuple(limits_of_use),
    }
    name, summary = words.say("methodology.title"), words.say("methodology.summary")
    html = release_page(release, "methodology.html", name, summary, context)
    return {"methodology.html": html}


def _by_policy(record: Record) -> Iterator[tuple[str, Record, dict[str, Record]]]:
    """Give each policy with its name and its populations, in order of first use.

    One without a population protects nothing, and has no place on the page.
    """
    for name, policy in record["policies"].items():
        group = {key: p for key, p in record["populations"].items() if p["policy"] == name}
        if group:
            yield name, policy, group


def _policy(
    name: str, policy: Record, group: Mapping[str, Record], report: Record, words: Words
) -> dict[str, Any]:
    """Say how the populations of a policy are protected, and what an attacker can still bound."""
    first = next(iter(group.values()))
    return {
        "name": name,
        "title": list_and(
            _titles([population["title"] for population in group.values()], words), words
        ),
        "because": policy["because"],
        "users_lose": policy["users_lose"],
        "methods": first["words"],
        "decisions": policy["decisions"],
        "small": first["small_figures"],
        "attacker": [
            line
            for population in report["populations"]
            if population["name"] in group
            for line in population["attacker"]
        ],
    }


def _titles(titles: Sequence[str], words: Words) -> list[str]:
    """Return the titles of populations as they stand in a list: the first one with a capital."""
    first, *others = titles
    return [first, *(in_sentence(title, words) for title in others)]


def _best_fit(release: PublicRelease) -> Markup:
    """Name the areas that lie in more than one region."""
    areas = reference.delivery_areas(release.quarter.end)
    named = [
        release.words.label("areas", name)
        for name, basis in areas.select("delivery_area_name", "region_basis").rows()
        if basis != "whole"
    ]
    return list_and(named, release.words) if named else Markup("")
