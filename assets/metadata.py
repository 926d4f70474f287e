"""What an asset shows in the Dagster UI: tables and small plots without any personal value."""

from __future__ import annotations

import base64

import dagster as dg
import polars as pl

ROWS = 12


def preview(frame: pl.DataFrame, rows: int = ROWS) -> dg.MarkdownMetadataValue:
    """Show the first rows as a Markdown table, and say how many there are.

    Give it published figures, counts of rows or names of things, never a row about a person.
    """
    head = frame.head(rows)
    lines = [
        "| " + " | ".join(map(str, line)) + " |"
        for line in (head.columns, ["---"] * head.width, *map(_shown, head.rows()))
    ]
    if frame.height > rows:
        lines += ["", f"The first {rows} of {frame.height:,} rows."]
    return dg.MetadataValue.md("\n".join(lines))


def _shown(row: tuple[object, ...]) -> list[str]:
    return ["" if value is None else str(value).replace("|", "\\|") for value in row]


def bars(values: dict[str, int], title: str) -> dg.MarkdownMetadataValue:
    """Draw one bar per value as a small picture, for published figures."""
    most = max([*values.values(), 1])
    height = 22 * len(values) + 26
    marks = "".join(
        f'<text x="0" y="{22 * i + 40}" font-size="12">{name}</text>'
        f'<rect x="180" y="{22 * i + 28}" width="{round(300 * value / most)}" height="15" '
        f'fill="#12436d"/><text x="{190 + round(300 * value / most)}" y="{22 * i + 40}" '
        f'font-size="12">{value:,}</text>'
        for i, (name, value) in enumerate(values.items())
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="560" height="{height}" '
        f'font-family="Arial"><rect width="560" height="{height}" fill="#ffffff"/>'
        f'<text x="0" y="16" font-size="13" font-weight="bold">{title}</text>{marks}</svg>'
    )
    picture = base64.b64encode(svg.encode()).decode()
    return dg.MetadataValue.md(f"![{title}](data:image/svg+xml;base64,{picture})")
