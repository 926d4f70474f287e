"""The data dictionary of the return, written from its declarations."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import reference
from schemas.fields import Code, Field
from schemas.returns.aggregate import MEASURES
from schemas.returns.declaration import CATEGORIES, Pack, Return
from schemas.returns.pack import PACK
from schemas.returns.rule_list import CATALOGUE_VERSION, catalogue

ILLUSTRATIVE = "Illustrative specification, not DWP's"
_REGISTERS = ("local_authority", "delivery_area")


def dictionary(pack: Pack = PACK) -> str:
    """Return the data dictionary as Markdown: files, fields, measures, code lists, rules."""
    parts = [
        f"# Data dictionary of the return `{pack.template_id}` {pack.template_version}",
        f"**{ILLUSTRATIVE}.** This page is written from the declarations in `schemas/returns/`; "
        "do not edit it. Write it again with `python -m schemas.returns.dictionary`.",
        "A pack is named `<delivery_area_code>_<period_id>_v<submission_sequence>`. It is one "
        "workbook (`.xlsx` or `.ods`), or a folder or zip file with `manifest.json` and three CSV "
        "files in UTF-8, and stands for the whole programme to date.",
        *(_file(declared) for declared in pack.returns),
        _measures(),
        *_code_lists(pack),
        _rules(pack),
    ]
    return "\n\n".join(parts) + "\n"


def write_dictionary(path: Path, pack: Pack = PACK) -> None:
    """Write the data dictionary to a file."""
    path.write_text(dictionary(pack), encoding="utf-8")


def _file(declared: Return) -> str:
    rows = [
        (
            f"`{field.name}`",
            field.description,
            _expected(field),
            field.needed,
            field.introduced,
            "not kept" if field.stays else "kept",
        )
        for field in declared.fields
    ]
    head = ("Field", "What it holds", "What to write", "Filled", "Since", "After arrival")
    return f"## {declared.title}\n\nOne row: {declared.grain}.\n\n" + _table(head, rows)


def _expected(field: Field) -> str:
    if isinstance(field.kind, Code) and field.kind.name not in _REGISTERS:
        many = "codes, apart by semicolons, of" if ";" in field.kind.example else "a code of"
        return f"{many} [{field.kind.name}](#{field.kind.name})"
    return field.kind.expected


def _measures() -> str:
    rows = [
        (f"`{m.code}`", m.unit, ", ".join(f"`{b}`" for b in m.breakdowns) or "none")
        for m in MEASURES
    ]
    return "## Measures of the aggregate file\n\n" + _table(
        ("Measure", "Unit", "Breakdowns, in order"), rows
    )


def _code_lists(pack: Pack) -> list[str]:
    fields = [field for declared in pack.returns for field in declared.fields]
    kinds = [field.kind for field in fields]
    names = {kind.name for kind in kinds if isinstance(kind, Code)} - set(_REGISTERS)
    parts = ["## Code lists"]
    for name in sorted(names):
        allowed = set(reference.leaves(name))
        listed = reference.code_list(name).select("code", "label").rows()
        rows = [(f"`{code}`", label) for code, label in listed if code in allowed]
        parts.append(f"### {name}\n\n" + _table(("Code", "Label"), rows))
    return parts


def _rules(pack: Pack) -> str:
    parts = [
        f"## Rules\n\nCatalogue {CATALOGUE_VERSION}. Severities: `reject_file` refuses the pack, "
        "`reject_row` the row, `query` asks the area, `note` needs no answer. A finding of a "
        "waivable rule may be accepted for a time."
    ]
    rules = catalogue(pack)
    for category, title in CATEGORIES.items():
        rows = [
            (
                f"`{rule['rule_id']}`",
                rule["severity"],
                "yes" if rule["is_waivable"] else "no",
                rule["message"],
                rule["fix"],
                rule["source"],
            )
            for rule in rules.filter(category=category).iter_rows(named=True)
        ]
        head = ("Rule", "Severity", "Waivable", "What was found", "What to do", "Source")
        parts.append(f"### {category} {title}\n\n" + _table(head, rows))
    return "\n\n".join(parts)


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    titles = list(head)
    lines = ["| " + " | ".join(titles) + " |", "|" + " --- |" * len(titles)]
    cells = ([cell.replace("|", "\\|") for cell in row] for row in rows)
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in cells)])


if __name__ == "__main__":
    write_dictionary(Path("docs/data-dictionary.md"))
