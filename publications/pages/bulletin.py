"""The bulletin: commentary, charts, excerpts and links, and the index of its numbers."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from markupsafe import Markup

from publications.commentary.citations import CitationContext
from publications.commentary.compose import compose, figures_index
from publications.data.open_data import LICENCE, as_json
from publications.errors import UnknownFigure
from publications.pages.charts import drawn
from publications.pages.drawing import drawing
from publications.pages.excerpts import Excerpt, Pick, by_measure, excerpt
from publications.pages.templating import release_page
from publications.release.public import PublicRelease
from publications.wording.explanations import synthetic
from publications.wording.format import day, months
from publications.wording.naming import (
    CODES,
    contact,
    csv_path,
    metadata_path,
    series,
    series_title,
    workbook_path,
)
from publications.words import declared
from schemas.quarter import PROGRAMME_START

ENGLAND, WALES = "E92000001", "W92000004"


def bulletin(release: PublicRelease) -> dict[str, bytes]:
    """Write the bulletin and `figures.json`, which binds every number of its text to its cell."""
    words, commentary = release.words, compose(release)
    context = {
        "heading": words.say(
            "bulletin.heading", series=series(words), period=months(release.quarter, words)
        ),
        "commentary": commentary,
        "contents": _contents(release),
        "workbook": workbook_path(release.quarter),
        "downloads": _downloads(release),
        "codes": CODES,
        "dataset": _dataset(release),
    }
    summary = words.say(
        "bulletin.summary_of_page",
        designation=release.designation,
        quarter=release.quarter.label,
    )
    name = words.say("page.names.bulletin")
    html = release_page(release, "bulletin.html", name, summary, context)
    return {"index.html": html, "figures.json": as_json(figures_index(commentary))}


def _contents(release: PublicRelease) -> list[dict[str, Any]]:
    """Arrange the sections with the charts and tables that the release can fill."""
    citations = CitationContext.of(release)
    charts = {chart.key: chart for chart in drawn(release)}
    return [
        {
            **section,
            "title": release.words.section("bulletin.headings")[section["words"]],
            "charts": [
                (charts[key], drawing(charts[key])) for key in section["charts"] if key in charts
            ],
            "tables": [t for key in section["tables"] for t in _excerpt(citations, key)],
        }
        for section in declared("pages")["section"]
    ]


def _excerpt(citations: CitationContext, key: str) -> list[Excerpt]:
    """Make an excerpt; None when the release does not have the table."""
    try:
        return [EXCERPTS[key](citations)]
    except UnknownFigure:
        return []


def _settings(citations: CitationContext) -> Excerpt:
    measure, words = "settings_embedded", citations.words
    named = words.section("bulletin.columns")
    picks = (
        Pick(named["both_nations"], measure, {"quarter": "now"}),
        Pick(named["england"], measure, {"quarter": "now", "delivery_area": ENGLAND}),
        Pick(named["wales"], measure, {"quarter": "now", "delivery_area": WALES}),
        Pick(named["quarter_before"], measure, {"quarter": "before"}),
    )
    when = day(citations.release.quarter.end, words)
    caption = words.say("bulletin.captions.settings", day=when)
    return excerpt(citations, "health_settings", "setting_type", picks, caption)


def _routes(citations: CitationContext) -> Excerpt:
    words, label = citations.words, citations.release.quarter.label
    referrals = words.say("bulletin.columns.referrals_in", quarter=label)
    starts = words.say("bulletin.columns.starts_in", quarter=label)
    named = words.section("bulletin.columns")
    picks = (
        Pick(referrals, "referrals", {"quarter": "now"}),
        Pick(named["referrals_to_date"], "referrals", {"quarter": "to_date"}),
        Pick(starts, "starts", {"quarter": "now"}),
        Pick(named["starts_to_date"], "starts", {"quarter": "to_date"}),
    )
    caption = words.say("bulletin.captions.routes")
    return excerpt(citations, "referral_routes", "referral_route", picks, caption)


def _key(citations: CitationContext) -> Excerpt:
    to_date = citations.words.say("bulletin.columns.to_date")
    periods = {citations.release.quarter.label: "now", to_date: "to_date"}
    return by_measure(
        citations, "key_figures", periods, citations.words.say("bulletin.captions.key")
    )


def _ages(citations: CitationContext) -> Excerpt:
    named = citations.words.section("bulletin.columns")
    picks = [
        Pick(named[name], "starts", {"sex": code})
        for name, code in {"all": "total", "female": "F", "male": "M"}.items()
    ]
    caption = citations.words.say("bulletin.captions.ages")
    return excerpt(citations, "starts_by_sex_and_age", "age_band", picks, caption)


def _conditions(citations: CitationContext) -> Excerpt:
    words = citations.words
    picks = (
        Pick(words.say("bulletin.columns.starts"), "starts", {}),
        Pick(words.say("bulletin.columns.disabled"), "starts", {"disability_ea2010": "Y"}),
    )
    caption = words.say("bulletin.captions.conditions")
    return excerpt(citations, "starts_by_condition", "condition_primary", picks, caption)


def _areas(citations: CitationContext) -> Excerpt:
    label = citations.release.quarter.label
    picks = (
        Pick(label, "starts", {"quarter": "now"}),
        Pick(citations.words.say("bulletin.columns.to_date"), "starts", {"quarter": "to_date"}),
    )
    caption = citations.words.say("bulletin.captions.areas")
    return excerpt(citations, "starts_by_delivery_area", "delivery_area", picks, caption)


def _rollout(citations: CitationContext) -> Excerpt:
    table = citations.layout("rollout").table
    picks = [Pick(column.title, column.id, {}) for column in table.measures]
    caption = citations.words.say("bulletin.captions.rollout")
    return excerpt(citations, "rollout", "delivery_area", picks, caption)


EXCERPTS: dict[str, Callable[[CitationContext], Excerpt]] = {
    "settings": _settings,
    "routes": _routes,
    "key": _key,
    "ages": _ages,
    "conditions": _conditions,
    "areas": _areas,
    "rollout": _rollout,
}


def _downloads(release: PublicRelease) -> list[dict[str, Any]]:
    return [
        {
            "number": table.number,
            "title": table.title,
            "csv": csv_path(release.quarter, table),
            "metadata": metadata_path(release.quarter, table),
        }
        for table in release.tables
    ]


def _dataset(release: PublicRelease) -> Markup:
    """Describe the release for search engines (schema.org Dataset)."""
    quarter, words, statement = release.quarter, release.words, synthetic(release)
    description = words.say("bulletin.dataset.description")
    files = [("text/csv", csv_path(quarter, table)) for table in release.tables]
    files.append(("text/csv", CODES))
    files.append(("application/vnd.oasis.opendocument.spreadsheet", workbook_path(quarter)))
    content = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": series_title(quarter, words),
        "description": f"{statement} {description}" if statement else description,
        "creator": {"@type": "Organization", "name": contact(release).organisation},
        "license": LICENCE,
        "temporalCoverage": f"{PROGRAMME_START.start.isoformat()}/{quarter.end.isoformat()}",
        "spatialCoverage": words.say("bulletin.dataset.place"),
        "isAccessibleForFree": True,
        "version": str(release.version),
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": path}
            for kind, path in files
        ],
    }
    text = json.dumps(content, ensure_ascii=False).replace("</", "<\\/")
    return Markup(text)  # noqa: S704 - JSON that cannot close its script element
