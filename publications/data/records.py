"""What the manifest says of policies, populations and tables, so that programs need not guess.

docs/publishing.md describes each entry. A folder can be read back from these records alone.
"""

from __future__ import annotations

from typing import Any

from disclosure import ProtectedTable
from publications.release.model import Release
from publications.release.table import Column
from publications.tables import populations
from publications.views.layout import Axis, Layout, layouts
from publications.wording.protection import decisions, method_in_words, small_figures, text_of
from publications.words import Words
from schemas.dimension import Breakdown
from schemas.policy import Policy
from schemas.population import Population
from schemas.table import Measure, Rate, StatisticalTable


def records(release: Release) -> dict[str, Any]:
    """Return policies by name, populations by relation, and tables in order, as JSON values."""
    counted = populations(release.declarations)
    protected = {table.name: table for table in release.protected}
    return {
        "policies": {p.policy.name: _policy(p.policy, release.words) for p in counted},
        "populations": {
            p.relation: _population(p, protected[p.relation], release.words)
            for p in counted
            if p.relation in protected
        },
        "tables": [
            _table(declared, layout)
            for declared, layout in zip(release.declarations, layouts(release), strict=True)
        ],
    }


def _policy(policy: Policy, words: Words) -> dict[str, Any]:
    return {
        "because": text_of(policy.because, words),
        "users_lose": text_of(policy.users_lose, words),
        "minimum_denominator": policy.minimum_denominator,
        "minimum_behind_change": policy.minimum_behind_change,
        "decisions": [decision.as_dict() for decision in decisions(policy, words)],
    }


def _population(population: Population, table: ProtectedTable, words: Words) -> dict[str, Any]:
    return {
        "title": words.label("populations", population.title),
        "unit": words.label("units", population.unit),
        "people": population.people,
        "settles_after": population.settles_after,
        "policy": population.policy.name,
        "methods": list(table.methods),
        "words": [method_in_words(method, words) for method in population.protection],
        "readings": {s.name: population.reading(s.name).as_dict() for s in population.statistics},
        "small_figures": small_figures(population, words),
        "certificate": _certificate(population, table),
        "fingerprint": table.fingerprint,
    }


def _certificate(population: Population, table: ProtectedTable) -> str | None:
    """Say what a certificate proves of every cell that the rules withhold; None without one."""
    proved = (method.proves for method in population.protection if method.proves)
    return next(proved, None) if table.report.certified else None


def _table(declared: StatisticalTable, layout: Layout) -> dict[str, Any]:
    return {
        "number": declared.number,
        "id": declared.id,
        "title": layout.table.title,
        "is_latest": declared.latest,
        "dimensions": [
            _dimension(breakdown, axis)
            for breakdown, axis in zip(declared.by, layout.axes, strict=True)
        ],
        "measures": [
            _measure(measure, column)
            for measure, column in zip(declared.measures, layout.table.measures, strict=True)
        ],
        "notes": list(layout.notes),
        "reading": list(layout.reading),
    }


def _dimension(breakdown: Breakdown, axis: Axis) -> dict[str, str]:
    """Describe a dimension; the label of its total is the one that its codes have."""
    return {
        "id": axis.name,
        "title": axis.title,
        "total": axis.codes.labels[axis.root],
        "source": axis.source,
        "code_list": breakdown.dimension.code_list,
    }


def _measure(measure: Measure | Rate, column: Column) -> dict[str, Any]:
    shown = {"id": column.id, "title": column.title, "kind": column.kind, "unit": column.unit}
    if isinstance(measure, Rate):
        parts = {"numerator": measure.numerator, "denominator": measure.denominator}
        return {**shown, "decimals": column.decimals, **parts, "per": measure.per}
    of = {"population": measure.population.relation, "statistic": measure.statistic}
    return {**shown, "decimals": column.decimals, **of}
