"""The environment of the page templates: strict, escaped, with the filters of `format`."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from publications.data.open_data import LICENCE
from publications.release.model import Release
from publications.views.style import style
from publications.wording import format as formats
from publications.wording.explanations import SYNTHETIC, shorthand
from publications.wording.naming import SERIES
from publications.words import declared

if TYPE_CHECKING:
    from jinja2 import Environment

ALL_VERSIONS, HOME = "../index.html", "../../index.html"


@cache
def environment() -> Environment:
    """Return the environment; an unknown name in a template is an error."""
    from jinja2 import (  # noqa: PLC0415 - slow to import
        Environment,
        PackageLoader,
        StrictUndefined,
    )

    made = Environment(
        loader=PackageLoader("publications"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "day": formats.day,
        "number": formats.number,
        "shown": formats.shown,
        "heading": formats.heading,
        "months": formats.months,
        "explained": shorthand,
    }
    return made


def page(template: str, title: str, summary: str, context: dict[str, Any]) -> bytes:
    """Render one page."""
    shared = {
        "title": title,
        "summary": summary,
        "css": style(),
        "series": SERIES,
        "licence": LICENCE,
        "licence_version": formats.number(3, 1),
    }
    return environment().get_template(template).render(shared | context).encode()


def release_page(
    release: Release, template: str, name: str, summary: str, context: dict[str, Any]
) -> bytes:
    """Render one page of a release, with what all its pages carry."""
    label = release.quarter.label
    bulletin = template == "bulletin.html"
    crumbs = [("Home", HOME)] + ([] if bulletin else [(f"Release of {label}", "index.html")])
    shared = {
        "home": HOME,
        "breadcrumbs": crumbs,
        "pages": [(entry["name"], entry["file"]) for entry in declared("pages")["page"]],
        "synthetic": statement() if release.synthetic else "",
        "organisation": release.contact.organisation,
        "contact": release.contact,
        "designation": release.designation,
        "period": formats.months(release.quarter),
        "quarter_label": label,
        "version": release.version,
        "all_versions": ALL_VERSIONS,
        "released": when(release.release_at),
        "next_release": when(release.next_release) if release.next_release else None,
    }
    return page(template, f"{name} - {SERIES}, {label}", summary, shared | context)


def statement() -> str:
    """Return the synthetic statement without its first words, which the page sets apart."""
    text = SYNTHETIC.removeprefix("Synthetic data: ")
    return text[:1].upper() + text[1:]


def when(moment: date | datetime) -> dict[str, str]:
    """Return a day or moment for `<time>`: what machines read and what people read."""
    text = formats.moment(moment) if isinstance(moment, datetime) else formats.day(moment)
    return {"iso": moment.isoformat(), "text": text}
