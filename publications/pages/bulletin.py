"""The bulletin: commentary, charts, excerpts and links, and the index of its numbers."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from markupsafe import Markup

from publications.commentary.compose import compose, figures_index
from publications.commentary.desk import Desk
from publications.data.open_data import LICENCE, as_json
from publications.errors import UnknownFigure
from publications.pages.charts import drawn
from publications.pages.drawing import drawing
from publications.pages.excerpts import Excerpt, Pick, by_measure, excerpt
from publications.pages.templating import release_page
from publications.release.model import Release
from publications.wording.explanations import SYNTHETIC
from publications.wording.format import day, months
from publications.wording.naming import (
    CODES,
    SERIES,
    csv_path,
    metadata_path,
    series_title,
    workbook_path,
)
from publications.words import words
from schemas.quarter import PROGRAMME_START

ENGLAND, WALES = "E92000001", "W92000004"


def bulletin(release: Release) -> dict[str, bytes]:
    """Write the bulletin and `figures.json`, which binds every number of its text to its cell."""
    commentary = compose(release)
    context = {
        "heading": f"{SERIES}, England and Wales: {months(release.quarter)}",
        "commentary": commentary,
        "contents": _contents(release),
        "workbook": workbook_path(release.quarter),
        "downloads": _downloads(release),
        "codes": {"csv": CODES, "title": words("codes")["link"]},
        "dataset": _dataset(release),
    }
    summary = f"{release.designation} on the Connect to Work programme to {release.quarter.label}."
    html = release_page(release, "bulletin.html", "Bulletin", summary, context)
    return {"index.html": html, "figures.json": as_json(figures_index(commentary))}


def _contents(release: Release) -> list[dict[str, Any]]:
    """Set out the sections with the charts and tables that the release can fill."""
    desk = Desk.of(release)
    charts = {chart.key: chart for chart in drawn(release)}
    return [
        {
            **section,
            "charts": [
                (charts[key], drawing(charts[key])) for key in section["charts"] if key in charts
            ],
            "tables": [t for key in section["tables"] for t in _excerpt(desk, key)],
        }
        for section in words("pages")["section"]
    ]


def _excerpt(desk: Desk, key: str) -> list[Excerpt]:
    """Make an excerpt; none when the release has not the table."""
    try:
        return [EXCERPTS[key](desk)]
    except UnknownFigure:
        return []


def _settings(desk: Desk) -> Excerpt:
    measure = "settings_embedded"
    picks = (
        Pick("England and Wales", measure, {"quarter": "now"}),
        Pick("England", measure, {"quarter": "now", "delivery_area": ENGLAND}),
        Pick("Wales", measure, {"quarter": "now", "delivery_area": WALES}),
        Pick("England and Wales, a quarter earlier", measure, {"quarter": "before"}),
    )
    when = day(desk.release.quarter.end)
    caption = f"Health settings with an embedded employment specialist, {when}"
    return excerpt(desk, "health_settings", "setting_type", picks, caption)


def _routes(desk: Desk) -> Excerpt:
    label = desk.release.quarter.label
    picks = (
        Pick(f"Referrals, {label}", "referrals", {"quarter": "now"}),
        Pick("Referrals, to date", "referrals", {"quarter": "to_date"}),
        Pick(f"Starts, {label}", "starts", {"quarter": "now"}),
        Pick("Starts, to date", "starts", {"quarter": "to_date"}),
    )
    caption = "Referrals and starts by referral route, England and Wales"
    return excerpt(desk, "referral_routes", "referral_route", picks, caption)


def _key(desk: Desk) -> Excerpt:
    periods = {desk.release.quarter.label: "now", "Programme to date": "to_date"}
    return by_measure(desk, "key_figures", periods, "Key figures, England and Wales")


def _ages(desk: Desk) -> Excerpt:
    picks = [
        Pick(heading, "starts", {"sex": code})
        for heading, code in {"All": "total", "Female": "F", "Male": "M"}.items()
    ]
    caption = "Starts by age and sex, England and Wales, programme to date"
    return excerpt(desk, "starts_by_sex_and_age", "age_band", picks, caption)


def _conditions(desk: Desk) -> Excerpt:
    picks = (
        Pick("Starts", "starts", {}),
        Pick("Disabled", "starts", {"disability_ea2010": "Y"}),
    )
    caption = "Starts by primary condition, England and Wales, programme to date"
    return excerpt(desk, "starts_by_condition", "condition_primary", picks, caption)


def _areas(desk: Desk) -> Excerpt:
    label = desk.release.quarter.label
    picks = (
        Pick(label, "starts", {"quarter": "now"}),
        Pick("Programme to date", "starts", {"quarter": "to_date"}),
    )
    caption = "Starts by region and delivery area"
    return excerpt(desk, "starts_by_delivery_area", "delivery_area", picks, caption)


def _rollout(desk: Desk) -> Excerpt:
    table = desk.layout("rollout").table
    picks = [Pick(column.title, column.id, {}) for column in table.measures]
    return excerpt(desk, "rollout", "delivery_area", picks, "Rollout and starts against plan")


EXCERPTS: dict[str, Callable[[Desk], Excerpt]] = {
    "settings": _settings,
    "routes": _routes,
    "key": _key,
    "ages": _ages,
    "conditions": _conditions,
    "areas": _areas,
    "rollout": _rollout,
}


def _downloads(release: Release) -> list[dict[str, Any]]:
    return [
        {
            "number": table.number,
            "title": table.title,
            "csv": csv_path(release.quarter, table),
            "metadata": metadata_path(release.quarter, table),
        }
        for table in release.tables
    ]


def _dataset(release: Release) -> Markup:
    """Describe the release for search engines (schema.org Dataset)."""
    quarter = release.quarter
    files = [("text/csv", csv_path(quarter, table)) for table in release.tables]
    files.append(("text/csv", CODES))
    files.append(("application/vnd.oasis.opendocument.spreadsheet", workbook_path(quarter)))
    content = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": series_title(release),
        "description": (f"{SYNTHETIC} " if release.synthetic else "")
        + "Statistics on the Connect to Work programme in England and Wales: referrals, starts, "
        "health settings with an embedded employment specialist, funding and rollout.",
        "creator": {"@type": "Organization", "name": release.contact.organisation},
        "license": LICENCE,
        "temporalCoverage": f"{PROGRAMME_START.start.isoformat()}/{quarter.end.isoformat()}",
        "spatialCoverage": "England and Wales",
        "isAccessibleForFree": True,
        "version": str(release.version),
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": path}
            for kind, path in files
        ],
    }
    text = json.dumps(content, ensure_ascii=False).replace("</", "<\\/")
    return Markup(text)  # noqa: S704 - JSON that cannot close its script element
