"""The report to an area as a page."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import jinja2
import polars as pl

from pipelines.returns.answers.content import FINDINGS, RULES, Report, labels, totals
from pipelines.returns.answers.earlier import CHANGES, RETURNS

MOST_ROWS_IN_HTML = 2_000
_TEMPLATE = Path(__file__).with_name("page.html")


def as_html(made: Report) -> str:
    """Return the report as a page: what came, what became of it, what was found, what to do."""
    return _template().render(
        made=made,
        submission=made.submission,
        labels=" ".join(labels(made)),
        totals=totals(made),
        rules=_table(RULES, made.rules),
        findings=_table(FINDINGS, made.findings.head(MOST_ROWS_IN_HTML)),
        left_out=max(made.findings.height - MOST_ROWS_IN_HTML, 0),
        returns=_table(RETURNS, made.returns),
        changes=_table(CHANGES, made.changes),
    )


@cache
def _template() -> jinja2.Template:
    """Return the page to fill in; a quarter has a hundred reports, and it is compiled for all."""
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
    )
    return environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))


def _table(headings: dict[str, str], frame: pl.DataFrame | None) -> dict[str, list[object]]:
    """Return the headings and the rows of a table; no rows where there is no frame."""
    rows = [] if frame is None else [["" if c is None else c for c in row] for row in frame.rows()]
    return {"headings": list(headings.values()), "rows": list(rows)}
