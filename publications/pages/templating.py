"""The environment of the page templates: strict, escaped, with texts by id and their formats."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache, partial
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from publications.data.open_data import LICENCE
from publications.release.public import PublicRelease
from publications.views.style import style
from publications.wording import format as formats
from publications.wording.explanations import rehearsal, shorthand
from publications.wording.naming import contact, series_name
from publications.words import Words, declared

ALL_VERSIONS, HOME = "../index.html", "../../index.html"


@cache
def environment(words: Words) -> Environment:
    """Return the environment of a language; an unknown name in a template is an error."""
    made = Environment(
        loader=PackageLoader("publications"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"say": words.html, "listed": words.listed, "language": words.language}
    made.filters |= {
        "number": formats.number,
        "exact": formats.exact,
        "shown": partial(formats.shown, words=words),
        "heading": partial(formats.heading, words=words),
        "explained": partial(shorthand, words=words),
        "in_sentence": partial(formats.in_sentence, words=words),
        "status": partial(_status, words, formats.OF_RETURNS),
        "state": partial(_status, words, formats.OF_RELEASES),
        "withheld_because": partial(_status, words, formats.OF_REASONS),
    }
    return made


def _status(words: Words, of: str, recorded: str) -> str:
    return formats.capital(formats.status(recorded, words, of))


def render_page(
    template: str, title: str, summary: str, words: Words, context: dict[str, Any]
) -> bytes:
    """Render one page in a language."""
    shared = {
        "title": title,
        "summary": summary,
        "css": style(),
        "series": series_name(words),
        "licence": LICENCE,
        "rehearsal": "",
    }
    return environment(words).get_template(template).render(shared | context).encode()


def release_page(
    release: PublicRelease, template: str, name: str, summary: str, context: dict[str, Any]
) -> bytes:
    """Render one page of a release, with what all its pages carry."""
    words, label = release.words, release.quarter.label
    following, asked = release.next_release, contact(release)
    shared = {
        "home": HOME,
        "breadcrumbs": _breadcrumbs(release, template),
        "pages": [
            (words.section("page.names")[entry["name"]], entry["file"])
            for entry in declared("pages")["page"]
        ],
        "rehearsal": rehearsal(release) or "",
        "synthetic": statement(words) if release.synthetic else "",
        "organisation": asked.organisation,
        "contact": asked,
        "designation": release.designation,
        "period": formats.months(release.quarter, words),
        "quarter_label": label,
        "version": release.version,
        "all_versions": ALL_VERSIONS,
        "released": when(release.release_at, words),
        "next_release": when(following, words) if following else None,
    }
    title = words.say("page.title", name=name, series=series_name(words), quarter=label)
    return render_page(template, title, summary, words, shared | context)


def _breadcrumbs(release: PublicRelease, template: str) -> list[tuple[str, str]]:
    """Return the way from the front page to a page of a release."""
    words = release.words
    crumbs = [(words.say("page.home"), HOME)]
    if template != "bulletin.html":
        this = words.say("page.release", quarter=release.quarter.label)
        crumbs.append((this, "index.html"))
    return crumbs


def statement(words: Words) -> str:
    """Return the synthetic statement without its first words, which the page sets apart."""
    return words.say("release.synthetic.apart")


def when(moment: date | datetime, words: Words) -> dict[str, str]:
    """Return a day or moment for `<time>`: what machines read and what people read."""
    if isinstance(moment, datetime):
        return {"iso": moment.isoformat(), "text": formats.moment(moment, words)}
    return {"iso": moment.isoformat(), "text": formats.day(moment, words)}
