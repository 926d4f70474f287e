"""A small release drawn by hand and written as files, with nothing of the project in the path.

Seven areas in three regions and Wales, five kinds of settings, two quarters. `world()` draws the
figures; a test changes some of them, and `write` makes a release folder that is whole.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from dataclasses import dataclass, field
from html import escape

from tests.verification.methods import methods_of

BEFORE, LATEST = "2026-27Q1", "2026-27Q2"
SETTINGS, CLAIMED = "settings_embedded", "funding_claimed"
AREAS = {
    "K04000001": ("England and Wales", "Country group"),
    "E92000001": ("England", "Nation"),
    "W92000004": ("Wales", "Nation"),
    "E12000001": ("North East", "Region"),
    "E12000002": ("North West", "Region"),
    "A1": ("Tyne", "Delivery area"),
    "A2": ("Tees", "Delivery area"),
    "A3": ("Mersey", "Delivery area"),
    "A4": ("Ribble", "Delivery area"),
    "A5": ("Lune", "Delivery area"),
    "W1": ("Gwynedd", "Delivery area"),
    "W2": ("Gwent", "Delivery area"),
}
ABOVE = {
    **{"A1": "E12000001", "A2": "E12000001"},
    **{"A3": "E12000002", "A4": "E12000002", "A5": "E12000002"},
    **{"W1": "W92000004", "W2": "W92000004", "E12000001": "E92000001", "E12000002": "E92000001"},
    **{"E92000001": "K04000001", "W92000004": "K04000001"},
}
TYPES = {
    "total": ("All health settings", "Total"),
    "GP": ("GP surgeries and networks", "Group"),
    "GP_PRACTICE": ("GP surgery", "Category"),
    "PCN": ("Primary care network", "Category"),
    "HOSPITAL": ("Hospital", "Category"),
}
TYPE_ABOVE = {"GP_PRACTICE": "GP", "PCN": "GP", "GP": "total", "HOSPITAL": "total"}
SEXES = {
    "total": ("All", "Total"),
    "F": ("Female", "Category"),
    "M": ("Male", "Category"),
    "NS": ("Not stated", "Category"),
}
SEX_ABOVE = {"F": "total", "M": "total", "NS": "total"}
PARENTS = ABOVE | TYPE_ABOVE | SEX_ABOVE
LEAVES = ["A1", "A2", "A3", "A4", "A5", "W1", "W2"]
PERTURBED = {"kind": "distribution", "base": 5, "below": 9, "above": 9}


@dataclass
class Drawn:
    """One table: dimensions with their codes, measures, and figures as [value, marker]."""

    number: int
    slug: str
    dimensions: dict[str, dict[str, tuple[str, str]]]
    measures: dict[str, tuple[str, str]]
    figures: dict[tuple[str, ...], list] = field(default_factory=dict)
    across: str | None = None
    rates: dict[str, tuple[str, str, int, int]] = field(default_factory=dict)
    """Numerator, denominator, per and decimals of each measure that is a rate."""

    def put(self, *place, value=None, marker=""):
        assert place in self.figures
        self.figures[place] = [value, marker]

    def withhold(self, *places):
        for place in places:
            self.put(*place, marker="c")


def withhold(table, quarter=LATEST, areas=("A3", "A4")):
    """Withhold a square of settings, which cannot be calculated."""
    for kind in ("GP_PRACTICE", "PCN"):
        table.withhold(*((kind, area, quarter, SETTINGS) for area in areas))


def times(*quarters):
    codes = {"total": ("Programme to date", "Total")}
    return codes | {quarter: (quarter.replace("Q", " Q"), "Quarter") for quarter in quarters}


def added(leaves, *ladders):
    """Every total of leaf figures: keys are code tuples, ladders say what is above each code."""
    found = {}
    for key, value in leaves.items():
        keys = [()]
        for code, ladder in zip(key, ladders, strict=True):
            line = [code]
            while line[-1] in ladder:
                line.append(ladder[line[-1]])
            keys = [(*k, c) for k in keys for c in line]
        for full in keys:
            found[full] = found.get(full, 0) + value
    return found


def settings_of(area, kind, quarter):
    """How many settings an area has: small in few places, all different enough."""
    base = {"GP_PRACTICE": 4, "PCN": 5, "HOSPITAL": 3}[kind]
    step = LEAVES.index(area)
    return base + (step * (2 if kind == "PCN" else 3)) % 11 + (2 if quarter.endswith("Q2") else 0)


def starts_of(area, sex, quarter):
    size = 40 + 37 * LEAVES.index(area) + (23 if quarter.endswith("Q2") else 0)
    return {"F": size, "M": size + 31, "NS": 12}[sex]


def claimed_of(area, quarter):
    return 90_000 + 41_003 * LEAVES.index(area) ** 2 + (7_919 if quarter.endswith("Q2") else 0)


def rounded(base):
    """How a manifest states conventional rounding."""
    return {"kind": "rounded", "base": base, "before": {"kind": "exact"}}


def fives(count):
    return (count + 2) // 5 * 5


def world(*quarters, **changed):
    """Draw the tables of the release of the last of some quarters, additive and safe.

    `changed` holds leaf figures of settings other than those drawn, by (type, area, quarter).
    """
    quarters = quarters or ("2026-27Q1", "2026-27Q2")
    own = changed.get("settings", {})
    year = dict.fromkeys(quarters, "total")
    settings = added(
        {(t, a, q): own.get((t, a, q), settings_of(a, t, q))
         for t in ("GP_PRACTICE", "PCN", "HOSPITAL") for a in LEAVES for q in quarters},
        TYPE_ABOVE, ABOVE, {},
    )  # fmt: skip
    starts = added(
        {(a, s, q): starts_of(a, s, q) for a in LEAVES for s in SEX_ABOVE for q in quarters},
        ABOVE, SEX_ABOVE, year,
    )  # fmt: skip
    claimed = added({(a, q): claimed_of(a, q) for a in LEAVES for q in quarters}, ABOVE, year)
    return {
        6: _starts(starts, quarters),
        9: _sexes(starts),
        21: _settings(settings, quarters),
        22: _latest(settings, quarters[-1]),
        24: _funding(claimed, starts),
    }


def _starts(starts, quarters):
    table = Drawn(
        6, "starts", {"delivery_area": AREAS, "quarter": times(*quarters)},
        {"starts": ("Starts", "people")}, across="quarter",
    )  # fmt: skip
    table.figures = {
        (a, q, "starts"): [fives(starts[a, "total", q]), ""]
        for a in AREAS
        for q in times(*quarters)
    }
    return table


def _sexes(starts):
    areas = {a: AREAS[a] for a in ("K04000001", "E92000001", "W92000004")}
    table = Drawn(
        9, "starts-by-sex", {"delivery_area": areas, "sex": SEXES}, {"starts": ("Starts", "people")}
    )
    table.figures = {
        (a, s, "starts"): [fives(starts[a, s, "total"]), ""] for a in areas for s in SEXES
    }
    return table


def _settings(settings, quarters):
    table = Drawn(
        21, "health-settings",
        {"setting_type": TYPES, "delivery_area": AREAS, "quarter": times(*quarters)},
        {"settings_embedded": ("Settings", "settings")}, across="quarter",
    )  # fmt: skip
    table.figures = {
        (t, a, q, "settings_embedded"): [None, "z"] if q == "total" else [settings[t, a, q], ""]
        for t in TYPES
        for a in AREAS
        for q in times(*quarters)
    }
    for kind in ("GP_PRACTICE", "PCN"):
        for area in ("A3", "A4"):
            table.withhold((kind, area, quarters[-1], "settings_embedded"))
    return table


def _latest(settings, quarter):
    latest = {quarter: times(quarter)[quarter]}
    table = Drawn(
        22, "settings-by-area", {"delivery_area": AREAS, "quarter": latest},
        {"settings_embedded": ("Settings", "settings")},
    )  # fmt: skip
    table.figures = {
        (a, quarter, "settings_embedded"): [settings["total", a, quarter], ""] for a in AREAS
    }
    return table


def _funding(claimed, starts):
    measures = {
        "funding_claimed": ("Funding claimed", "pounds"),
        "starts": ("Starts", "people"),
        "claimed_per_start": ("Funding claimed per start", "pounds"),
    }
    made = {"claimed_per_start": ("funding_claimed", "starts", 1, 0)}
    table = Drawn(24, "funding", {"delivery_area": AREAS}, measures, rates=made)
    for area in AREAS:
        people = fives(starts[area, "total", "total"])
        table.figures[area, "funding_claimed"] = [claimed[area, "total"], ""]
        table.figures[area, "starts"] = [people, ""]
        table.figures[area, "claimed_per_start"] = [round(claimed[area, "total"] / people), ""]
    return table


def as_csv(table):
    """The open data of a table."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    words = [w for d in table.dimensions for w in (f"{d}_code", d, f"{d}_level")]
    writer.writerow([*words, "measure", "measure_label", "unit", "value", "marker"])
    for (*codes, measure), (value, marker) in table.figures.items():
        named = zip(table.dimensions.values(), codes, strict=True)
        row = [word for known, code in named for word in (code, *known[code])]
        shown = "" if value is None else value
        writer.writerow([*row, measure, *table.measures[measure], shown, marker])
    return text.getvalue().encode()


def sheet_of(table):
    """The rows of a table's sheet: words, then figures, one dimension across if so declared."""
    down = [d for d in table.dimensions if d != table.across]
    heading = [w for d in down for w in (d.title(), f"{d} code", f"{d} level")]
    titles = [f"{label} ({unit})" for label, unit in table.measures.values()]
    if table.across:
        titles = [label for label, _ in table.dimensions[table.across].values()]
    both = any(marker and value is not None for value, marker in table.figures.values())
    titles = [word for t in titles for word in ((t, f"{t}: shorthand") if both else (t,))]
    rows = {}
    for (*codes, _), (value, marker) in table.figures.items():
        at = dict(zip(table.dimensions, codes, strict=True))
        key = tuple(w for d in down for w in (table.dimensions[d][at[d]][0], at[d], "level"))
        shown = [f"[{marker}]" if value is None else value]
        beside = [f"[{marker}]" if marker and value is not None else ""] if both else []
        rows.setdefault(key, []).extend([*shown, *beside])
    lines = [*(([*key, *shown]) for key, shown in rows.items())]
    return [[f"Table {table.number}"], ["This worksheet contains one table."],
            [*heading, *titles], *lines]  # fmt: skip


def as_ods(sheets):
    """An OpenDocument spreadsheet of rows of words and numbers."""
    names = {
        "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
        "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    }
    spaces = " ".join(f'xmlns:{name}="{uri}"' for name, uri in names.items())
    body = "".join(
        f'<table:table table:name="{name}">'
        + "".join(f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>" for row in rows)
        + "</table:table>"
        for name, rows in sheets.items()
    )
    content = (
        f'<?xml version="1.0"?><office:document-content {spaces}><office:body>'
        f"<office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return out.getvalue()


def _cell(content):
    if isinstance(content, str):
        kind = f'office:value-type="string"><text:p>{escape(content)}</text:p>'
    else:
        kind = f'office:value-type="float" office:value="{content}"><text:p>{content}</text:p>'
    return f"<table:table-cell {kind}</table:table-cell>"


def codes_of(tables, parents=PARENTS):
    """Every code of the tables with its parent, and the codes in between that no table shows."""
    shown = {}
    for table in tables.values():
        for name, own in table.dimensions.items():
            shown.setdefault(name, {}).update(own)
    return [row for name, own in shown.items() for row in _codes_of(name, own, parents)]


def _codes_of(name, own, parents):
    """A code is part of what `parents` say, a quarter of its year, all others of the total."""
    root = next(code for code in (*own, "total") if code not in parents and code[:2] != "20")
    above = {}
    waiting = [code for code in own if code != root]
    while waiting:
        code = waiting.pop(0)
        above[code] = code[:7] if code[4:5] == "-" and len(code) > 7 else parents.get(code, root)
        if above[code] not in (root, *above):
            waiting.append(above[code])
    known = AREAS | TYPES | own
    return [
        (name, code, *known.get(code, (code, "In between")), above.get(code, ""))
        for code in (root, *above)
    ]


def as_codes(rows):
    """The file of codes."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([("dimension", "code", "label", "level", "parent"), *rows])
    return text.getvalue().encode()


def write(folder, tables, period="2026-27Q2", sheets=None, codes=None, **said):
    """Write a whole release folder; `sheets` replaces some sheets, `codes` the rows of codes."""
    names = {t.number: f"Table_{t.number}_{t.slug}" for t in tables.values()}
    book = {"Cover": [["A cover"]]} | {names[n]: sheet_of(t) for n, t in tables.items()}
    files = {"index.html": b"<p>A bulletin.</p>", "tables/all.ods": as_ods(book | (sheets or {}))}
    files["data/codes.csv"] = as_codes(codes_of(tables) if codes is None else codes)
    for table in tables.values():
        files[f"data/ctw-table-{table.number:02}-{table.slug}.csv"] = as_csv(table)
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    seal(folder, period, tables=[stated(table) for table in tables.values()], **said)
    return folder


def stated(table):
    """What the manifest states of a table."""
    measures = [
        {"id": name, "title": title, "unit": unit, "kind": "count", "population": "drawn"}
        for name, (title, unit) in table.measures.items()
    ]
    for measure in measures:
        if measure["id"] in table.rates:
            parts = table.rates[measure["id"]]
            names = ("numerator", "denominator", "per", "decimals")
            measure |= {"kind": "rate", **dict(zip(names, parts, strict=True))}
            del measure["population"]
    return {"number": table.number, "title": f"Drawn {table.slug}", "measures": measures}


def seal(folder, period="2026-27Q2", readings=None, proved=None, tables=None, people=False):
    """Write the manifest and the sums of what is in a folder.

    Without `tables` the manifest says of them what it said before.
    """
    there = folder / "manifest.json"
    if tables is None:
        tables = json.loads(there.read_bytes()).get("tables", []) if there.is_file() else []
    skipped = ("manifest.json", "SHA256SUMS")
    found = sorted(p for p in folder.rglob("*") if p.is_file() and p.name not in skipped)
    sums = {p.relative_to(folder).as_posix(): sha256(p) for p in found}
    stated = {"starts": PERTURBED} if readings is None else readings
    populations = {"drawn": {"methods": methods_of(stated), "readings": stated, "people": people}}
    if proved:
        read = {"settings_embedded": {"kind": "exact"}, "funding_claimed": {"kind": "exact"}}
        proving = {"method": "ComplementarySuppression", "protect": proved}
        populations["proved"] = {"methods": [proving], "readings": read, "certificate": proved}
    manifest = {
        "period": {"id": period},
        "populations": populations,
        "tables": tables,
        "files": [{"path": path, "sha256": digest} for path, digest in sums.items()],
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    sums["manifest.json"] = sha256(folder / "manifest.json")
    lines = "".join(f"{sums[path]}  {path}\n" for path in sorted(sums))
    (folder / "SHA256SUMS").write_text(lines)


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()
