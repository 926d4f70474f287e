"""The relations as a page for analysts, from the declarations."""

from __future__ import annotations

from schemas.warehouse import RELATIONS, Group, Relation

BEGIN = "<!-- relations: made from schemas/warehouse, do not edit -->"
END = "<!-- end of relations -->"
GROUPS: dict[Group, str] = {
    "population": "Populations: what is counted and published",
    "fact": "Facts",
    "dimension": "Dimensions",
    "step": "Steps: what the others are made from",
}


def relations_page() -> str:
    """Return every relation by group in Markdown: grain, key, columns with type and comment."""
    parts = [BEGIN]
    for group, title in GROUPS.items():
        parts.append(f"\n## {title}\n")
        parts += [_relation(declared) for declared in RELATIONS if declared.group == group]
    return "\n".join([*parts, END])


def documented(page: str) -> str:
    """Return a page with the part between the two marks replaced."""
    before, rest = page.split(BEGIN)
    return before + relations_page() + rest.split(END)[1]


def _relation(declared: Relation) -> str:
    rows = [
        f"| `{column.name}` | {column.sql_type} | {column.comment} |" for column in declared.columns
    ]
    return "\n".join(
        [
            f"### `{declared.name}`\n",
            f"{declared.grain} Key: {', '.join(f'`{name}`' for name in declared.key)}.\n",
            "<details><summary>Columns</summary>\n",
            "| column | type | what it holds |",
            "| --- | --- | --- |",
            *rows,
            "\n</details>\n",
        ]
    )
