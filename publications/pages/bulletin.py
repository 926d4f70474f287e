"""The bulletin: commentary, charts, excerpts and links, and the index of its numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from publications.commentary.citations import CitationContext
from publications.commentary.compose import compose, figures_index
from publications.data.open_data import LICENCE, as_json
from publications.pages.charts import drawn
from publications.pages.drawing import drawing
from publications.pages.excerpts import AlongDimension, ByMeasure, Excerpt, Pick, excerpt
from publications.pages.templating import release_page
from publications.release.public import PublicRelease
from publications.wording.explanations import synthetic
from publications.wording.format import months
from publications.wording.naming import (
    CODES,
    contact,
    csv_path,
    metadata_path,
    series_name,
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
            "bulletin.heading", series=series_name(words), period=months(release.quarter, words)
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
    """Make an excerpt; none when the release does not have the table."""
    wanted = EXCERPTS[key]
    held = {table.id for table in citations.release.tables}
    return [excerpt(citations, key, wanted)] if wanted.table in held else []


EXCERPTS: Mapping[str, AlongDimension | ByMeasure] = {
    "settings": AlongDimension(
        "health_settings",
        "setting_type",
        (
            Pick("both_nations", "settings_embedded", {"quarter": "now"}),
            Pick("england", "settings_embedded", {"quarter": "now", "delivery_area": ENGLAND}),
            Pick("wales", "settings_embedded", {"quarter": "now", "delivery_area": WALES}),
            Pick("quarter_before", "settings_embedded", {"quarter": "before"}),
        ),
    ),
    "routes": AlongDimension(
        "referral_routes",
        "referral_route",
        (
            Pick("referrals_in", "referrals", {"quarter": "now"}),
            Pick("referrals_to_date", "referrals", {"quarter": "to_date"}),
            Pick("starts_in", "starts", {"quarter": "now"}),
            Pick("starts_to_date", "starts", {"quarter": "to_date"}),
        ),
    ),
    "key": ByMeasure("key_figures", {"in_quarter": "now", "to_date": "to_date"}),
    "ages": AlongDimension(
        "starts_by_sex_and_age",
        "age_band",
        (
            Pick("all", "starts", {"sex": "total"}),
            Pick("female", "starts", {"sex": "F"}),
            Pick("male", "starts", {"sex": "M"}),
        ),
    ),
    "conditions": AlongDimension(
        "starts_by_condition",
        "condition_primary",
        (Pick("starts", "starts"), Pick("disabled", "starts", {"disability_ea2010": "Y"})),
    ),
    "areas": AlongDimension(
        "starts_by_delivery_area",
        "delivery_area",
        (
            Pick("in_quarter", "starts", {"quarter": "now"}),
            Pick("to_date", "starts", {"quarter": "to_date"}),
        ),
    ),
    "rollout": AlongDimension("rollout", "delivery_area"),
}
"""The excerpts of the bulletin, by the id of the caption."""


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
