"""The methodology: who is counted, where, and how figures are protected, from the declarations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

import reference
from disclosure import ProtectedTable
from publications.commentary.compose import compose
from publications.commentary.prose import list_and
from publications.pages.templating import release_page
from publications.release.model import Release
from publications.tables import populations
from publications.wording.explanations import shorthand
from publications.wording.format import SHORTHAND, in_sentence
from publications.wording.protection import decisions, in_words, limits, small_figures, text_of
from publications.words import Words
from schemas.policy import Policy
from schemas.population import Population


def methodology(release: Release) -> dict[str, bytes]:
    """Write the page on background and methodology."""
    protected = {table.name: table for table in release.protected}
    counted, words = populations(release.declarations), release.words
    definitions = words.section("definitions")
    context = {
        "about": compose(release).paragraphs("about"),
        "populations": [
            {"title": words.label("populations", p.title), "definition": definitions[p.relation]}
            for p in counted
        ],
        "sections": [(key.replace("_", "-"), key) for key in words.section("methodology.headings")],
        "policies": [_policy(group, protected, words) for group in _by_policy(counted)],
        "reports": [
            {"title": words.label("populations", p.title), **_sizes(protected[p.relation])}
            for p in counted
            if p.relation in protected
        ],
        "best_fit": _best_fit(release),
        "attacked": release.attack is not None,
        "shorthand": shorthand(SHORTHAND, words),
        "limits": tuple(dict.fromkeys(line for p in counted for line in limits(p, words))),
    }
    name, summary = words.say("methodology.title"), words.say("methodology.summary")
    html = release_page(release, "methodology.html", name, summary, context)
    return {"methodology.html": html}


def _by_policy(counted: Sequence[Population]) -> list[tuple[Population, ...]]:
    """Put populations of the same policy together, in order of first use."""
    groups: dict[Policy, list[Population]] = {}
    for population in counted:
        groups.setdefault(population.policy, []).append(population)
    return [tuple(group) for group in groups.values()]


def _policy(
    group: Sequence[Population], protected: Mapping[str, ProtectedTable], words: Words
) -> dict[str, Any]:
    """Say how the populations of a group are protected, and what an attacker can still bound."""
    policy = group[0].policy
    return {
        "name": policy.name,
        "title": list_and(_titles(group, words), words),
        "because": text_of(policy.because, words),
        "users_lose": text_of(policy.users_lose, words),
        "methods": [in_words(method, words) for method in policy.methods],
        "decisions": decisions(policy, words),
        "small": small_figures(group[0], words),
        "attacker": [
            line
            for population in group
            if population.relation in protected
            for line in protected[population.relation].report.attacker
        ],
    }


def _titles(group: Sequence[Population], words: Words) -> list[str]:
    """Return the titles of populations as they stand in a list: the first one with a capital."""
    first, *others = (words.label("populations", population.title) for population in group)
    return [first, *(in_sentence(title, words) for title in others)]


def _sizes(protected: ProtectedTable) -> dict[str, int]:
    report = protected.report
    return {
        "cells": report.cells,
        "shown": report.shown,
        "withheld": report.withheld,
        "marked": report.marked,
    }


def _best_fit(release: Release) -> Markup:
    """Name the areas that lie in more than one region."""
    areas = reference.delivery_areas(release.quarter.end)
    named = [
        release.words.label("areas", name)
        for name, basis in areas.select("delivery_area_name", "region_basis").rows()
        if basis != "whole"
    ]
    return list_and(named, release.words) if named else Markup("")
