"""One changed figure, date or word in each kind of place of a release, sealed again."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from dataclasses import dataclass

from schemas.opendocument import packed

MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
DAY = r"\d{1,2} [A-Z][a-z]+ \d{4}"


@dataclass(frozen=True)
class Change:
    """A place: a file by a part of its path, and a pattern whose group is changed there.

    `part` names the part of a spreadsheet. `new` replaces the group; the last digit of the group
    goes up by one where it is None.
    """

    where: str
    file: str
    pattern: str
    new: str | None = None
    part: str = ""


def cell(of: str) -> str:
    """A numeric cell with a figure in a table of the bulletin."""
    return rf'id="{of}".*?data-cell="[\d,]+">([\d,]*[1-9][\d,]*)</td>'


PAGES = (
    Change("a figure in a sentence", "index.html", r"<data [^>]*>([\d,]+)</data>"),
    Change("a figure in a sentence, for programs", "index.html", r'<data value="(\d+)"'),
    Change("a date in a sentence", "index.html", rf"<li>On <time [^>]*>({DAY})</time>"),
    Change("a date in a sentence, for programs", "index.html", r'On <time datetime="([\d-]+)"'),
    Change("a period in a sentence", "index.html", r'<span class="period">[\w ]*(\d{4})</span>'),
    Change("an age in a sentence", "index.html", r">(18 to 24)</span>"),
    Change("the headline", "index.html", r"<h1>[^<]*(\d{4})</h1>"),
    Change("the title of the window", "index.html", r"<title>[^<]*Q(\d)</title>"),
    Change("the summary of a page", "index.html", r'<meta name="description" content="[^"]*Q(\d)'),
    Change("the planned release", "index.html", rf"Planned release</dt><dd><time [^>]*>.*?({DAY})"),
    Change(
        "the planned release, for programs",
        "index.html",
        r'Planned release</dt><dd><time datetime="\d{4}-\d\d-(\d\d)T',
    ),
    Change("the next release", "index.html", rf"Next release planned</dt><dd><time [^>]*>({DAY})"),
    Change(
        "the next release, as this one",
        "index.html",
        r"(Next release planned</dt><dd><time .*?</time>)",
        'Next release planned</dt><dd><time datetime="2026-12-17T09:30:00+00:00" '
        'data-source="manifest.json#/next_release">9:30am on 17 December 2026</time>',
    ),
    Change("the licence", "quality.html", r"Open Government Licence, version (3\.0)"),
    Change("the way back", "quality.html", r"Release of \d{4}-\d\d Q(\d)"),
    Change("a cell of a table", "index.html", cell("excerpt-referral-routes")),
    Change("a marker of a table", "index.html", r'data-cell="[\d,]+">(\[[cxz]\])</td>', "25"),
    Change("a figure in place of a marker", "index.html", cell("excerpt-health-settings"), "[c]"),
    Change(
        "a cell of a folded table",
        "index.html",
        r"<details>\n<summary>Show the table.*?data-cell=\"[\d,]+\">([\d,]*[1-9][\d,]*)</td>",
    ),
    Change("a date of a folded table", "index.html", rf'class="date"[^>]*>({DAY})'),
    Change("the heading of a row", "index.html", r'id="excerpt-starts-by-sex.*?>(25 to 34)</th>'),
    Change("the area of a row", "index.html", r'class="leaf">(West London)</th>', "East London"),
    Change("the heading of a column", "index.html", r'class="numeric">Referrals, \d{4}-\d\d Q(\d)'),
    Change("the caption of a table", "index.html", rf"specialist, ({DAY})</caption>"),
    Change("the number of a table", "index.html", r">Table (\d+): [^<]*\(CSV\)</a>"),
    Change("the number of a table in a sentence", "index.html", r">table (\d+)</a>"),
    Change("the source of a table", "index.html", r"Source: <a[^>]*>table (\d+) as CSV"),
    Change("the dates for search engines", "index.html", r'"temporalCoverage": "[^"]*-(\d\d)"'),
    Change(
        "the version for search engines", "index.html", r'"@type": "Dataset".*"version": "(\d)"'
    ),
    Change("a number of returns", "quality.html", r"<data [^>]*>(\d+)</data> delivery areas"),
    Change("a table of the quality report", "quality.html", r'data-cell="/returns/0/areas">(\d+)<'),
    Change(
        "the return of an area",
        "quality.html",
        r'data-cell="\d+,3"><span class="tag good">([^<]*)</span>',
        "Rejected",
    ),
    Change("the outcome of a check", "quality.html", r">(Not passed)</span>", "Passed"),
    Change("the day returns are due", "quality.html", rf"due by <time [^>]*>({DAY})<"),
    Change("the planned release, quality", "quality.html", rf"planned for <time [^>]*>.*?({DAY})<"),
    Change("a parameter in words", "methodology.html", r"multiple of (\d+)"),
    Change("a decision", "methodology.html", r'/decisions/0/value">(\d+)<'),
    Change("a decision of a population", "disclosure-control.html", r'/decisions/0/value">(\d+)<'),
    Change("what a zero stands for", "methodology.html", r"stands for a count of \d to (\d+)"),
    Change("a fact on the programme", "methodology.html", r"about <data [^>]*>([\d,]+)</data>"),
    Change("a table of the methodology", "methodology.html", r'/cells">(\d+)</td>'),
    Change("what can be worked out", "methodology.html", r"<li data-source[^>]*>([^<]*\d[^<]*)<"),
    Change("a number of cells", "disclosure-control.html", r'/withheld">(\d+)</td>'),
    Change("a cost", "disclosure-control.html", r'/cost">(\d+)%</td>'),
    Change("a gap", "disclosure-control.html", r'/gap">([\d.]+)</td>'),
    Change("a certificate", "disclosure-control.html", r'/certified">(None needed)<', "Checked"),
    Change("a reason", "disclosure-control.html", r'/by_reason/[^"]*">(\d+)</td>'),
    Change("the outcome of the attack", "disclosure-control.html", r'/outcome/0/1">([\d,]+)</td>'),
    Change("a change of an earlier figure", "disclosure-control.html", r"Since [^,]*, (\d+) of"),
    Change("a method", "disclosure-control.html", r"variance is at most ([\d.]+)"),
    Change(
        "a fingerprint",
        "disclosure-control.json",
        r'"fingerprint": "([0-9a-f]{64})"',
        "0" * 64,
    ),
    Change("a date of the calendar", "calendar.html", rf"<time [^>]*>({DAY}) "),
    Change("a date for programs", "calendar.html", r'<td [^>]*><time datetime="(\d{4})'),
    Change("a period of the calendar", "calendar.html", r'/title">[^<]*(\d{4})</th>'),
    Change("the hour of release", "calendar.html", r">9:(30)am</time>, London"),
    Change("a state of the calendar", "calendar.html", r">(Confirmed)</td>", "Cancelled"),
    Change("the planned release, access", "pre-release-access.html", rf"release: <time .*?({DAY})"),
    Change("the period, access", "pre-release-access.html", r"statistics for [\w ]*(\d{4})"),
    Change(
        "a planned change", "statistical-work-programme.html", rf"<dd><span [^>]*> ?.*?({DAY})<"
    ),
    Change(
        "the date of the entry", "statistical-work-programme.html", rf"planned for <time.*?({DAY})"
    ),
    Change(
        "a number added to a page", "accessibility.html", r"(<h2>Pages</h2>)", "<h2>9 pages</h2>"
    ),
    Change("a number added to a heading", "methodology.html", r"(>Limits</h2>)", ">70 limits</h2>"),
    Change(
        "a number added as words aloud",
        "quality.html",
        r'(aria-label="Breadcrumb")',
        'aria-label="Page 7"',
    ),
    Change(
        "a chart on another page", "quality.html", r"(</main>)", "<svg><text>7</text></svg></main>"
    ),
    Change("a cell added to a table", "quality.html", r'(<td data-cell="\d+,1">)', "<td>"),
)
CHARTS = (
    Change("a label in a chart", "index.html", r"<svg.*?font-weight=\"bold\">(\d[\d,]*)[ <]"),
    Change("a date in the title of a chart", "index.html", rf"<svg[^>]*><title[^>]*>[^<]*({DAY})"),
    Change("a figure in the description", "index.html", r"<desc[^>]*>[^<]* at ([\d,]+)[^<]* and"),
    Change("the number of bars", "index.html", r"<desc[^>]*>[^<]* with (\d+) bars"),
    Change("the number of a chart", "index.html", r"<figcaption>Figure (\d)"),
    Change("the heading of a chart", "index.html", rf"<figcaption>Figure \d: [^<]*({DAY})"),
    Change("the length of a bar", "index.html", r'<rect x="0" y="\d+" width="(\d+)\.\d+%"'),
    Change(
        "a label of the narrow drawing",
        "index.html",
        r'class="narrow"><svg.*?font-weight="bold">([\d,]*\d)</text></svg>',
    ),
    Change("the table of a chart", "index.html", r"<figure.*?</svg>.*?<td[^>]*>([\d,]+)</td>"),
    Change("a label of a chart file", "charts/figure-1.svg", r">(\d[\d,]*)(?: \[i\])?</text>"),
    Change("the title of a chart file", "charts/figure-1.svg", rf"<title[^>]*>[^<]*({DAY})"),
    Change(
        "the description of a chart file", "charts/figure-2.svg", r" at ([\d,]+)(?: \[i\])?\. All"
    ),
    Change("a bar of a chart file", "charts/figure-3.svg", r'height="(\d+)" fill="#1d4f91"', "77"),
    Change("a year of a chart file", "charts/figure-3.svg", r">(\d{4}-\d\d)</text>"),
    Change("a figure of a chart's CSV", "charts/figure-1.csv", r",(\d+),i?\n"),
    Change("a marker of a chart's CSV", "charts/figure-4.csv", r",(i)\n", ""),
    Change(
        "a bar that is named as incomplete",
        "index.html",
        r"<desc[^>]*>[^<]*bars\. (South East)",
        "X",
    ),
    Change("a name in a chart's CSV", "charts/figure-4.csv", r"(North East)", "North Eats"),
    Change("a quarter in a chart's CSV", "charts/figure-3.csv", r"(Q1)"),
)
DATA = (
    Change(
        "a value of the open data", "table-02-starts-by-quarter.csv", r"people,(\d+),,\d+,\d+\n"
    ),
    Change("a marker of the open data", "table-21-health-settings.csv", r",settings,,(c),,\n", "x"),
    Change("a withheld value", "table-21-health-settings.csv", r",settings,(,c),,\n", "12,"),
    Change("a date of the open data", "table-25-rollout.csv", r",,,(\d{4}-\d\d-\d\d)\n"),
    Change(
        "a label of the open data", "table-06-starts-by-delivery-area.csv", r"(West London)", "X"
    ),
    Change("a return in the open data", "returns.csv", r",(accepted),", "rejected"),
    Change(
        "the date of a description",
        "table-24-funding.csv-metadata.json",
        r'"@value": "\d+-\d\d-(\d\d)T',
    ),
    Change(
        "a note of a description",
        "table-24-funding.csv-metadata.json",
        r"divided by is under (\d+)",
    ),
    Change(
        "the title of a description",
        "table-24-funding.csv-metadata.json",
        r'dc:title": "[^"]*Q(\d)"',
    ),
    Change(
        "the file of a description",
        "table-24-funding.csv-metadata.json",
        r'"url": "[^"]*table-(\d\d)',
    ),
    Change("a figure in the index", "figures.json", r'"raw": "(\d+)"'),
    Change("a figure as shown in the index", "figures.json", r'"shown": "(\d+)"'),
    Change("a cell of the index", "figures.json", r"#cell=(\d+),"),
    Change("a code of the index", "figures.json", r'"quarter": "\d{4}-\d\dQ(\d)"'),
    Change("a fact", "facts.json", r"Equality Act (\d{4})"),
    Change("a number of the report", "disclosure-control.json", r'"withheld": (\d+)'),
    Change("a number of the attack", "disclosure-control.json", r'"earlier_figures": (\d+)'),
    Change("the version of the report", "disclosure-control.json", r'"version": (\d+)'),
    Change("a number of the quality report", "quality.json", r'"areas": (\d+)'),
    Change("a check of the quality report", "quality.json", r'"passed": (true)', "false"),
    Change("a result of the quality report", "quality.json", r'"result": "(Passed)"', "Not passed"),
    Change("a date of the calendar as data", "calendar.json", r'"release_at": "\d+-\d\d-(\d\d)T'),
    Change("a shown date of the calendar", "calendar.json", rf'"display_date": "({DAY})'),
    Change("a period of the calendar as data", "calendar.json", r'"title": "[^"]*(\d{4})"'),
    Change("the start of an event", "calendar.ics", r"DTSTART:\d{6}(\d\d)T"),
    Change("the end of an event", "calendar.ics", r"DTEND:\d{8}T(\d\d)"),
    Change("the stamp of an event", "calendar.ics", r"DTSTAMP:(\d{8})T"),
    Change("the name of an event", "calendar.ics", r"SUMMARY:[^\r]*(\d{4})"),
    Change("the words of an event", "calendar.ics", r"confirmed: (\d+)"),
    Change("a planned change as data", "programme.json", rf'"planned": "[^"]*({DAY})"'),
    Change("the date of the entry as data", "programme.json", r'"as_at": "\d+-\d\d-(\d\d)T'),
    Change("a planned change as text", "programme.md", rf"Planned date: .*?({DAY})"),
    Change("the date of the entry as text", "programme.md", rf"planned for .*?({DAY})"),
    Change("the planned release in the manifest", MANIFEST, r'"release_at": "\d+-\d\d-(\d\d)T'),
    Change("the period in the manifest", MANIFEST, r'"end": "\d+-\d\d-(\d\d)"'),
    Change("the next release in the manifest", MANIFEST, r'"next_release": "\d+-\d\d-(\d\d)"'),
    Change("the version in the manifest", MANIFEST, r'"version": (\d+)'),
    Change("a parameter in the manifest", MANIFEST, r'"CellKey",\s+"base": (\d+)'),
    Change("how a figure is read", MANIFEST, r'"kind": "distribution",\s+"base": (\d+)'),
    Change("a note in the manifest", MANIFEST, r"stands for a count of \d to (\d+)"),
    Change("a decision in the manifest", MANIFEST, r'"value": "(\d+)"'),
)
BOOK = "content.xml"
SPREADSHEET = (
    Change("a figure of a worksheet", ".ods", r'office:value="(\d{3,})"', part=BOOK),
    Change("a figure of a worksheet as text", ".ods", r'value="\d+"><text:p>([\d,]+)<', part=BOOK),
    Change("a date of a worksheet", ".ods", r'date-value="\d{4}-\d\d-(\d\d)"', part=BOOK),
    Change("a marker of a worksheet", ".ods", r"<text:p>\[(c)\]</text:p>", "x", BOOK),
    Change("the date of the cover", ".ods", rf"Planned release: .*?({DAY})", part=BOOK),
    Change("the period of the cover", ".ods", r"Reference period: [^<(]*(\d{4})", part=BOOK),
    Change("the title of a worksheet", ".ods", r">Table 3: [^<]*Q(\d) \[note", part=BOOK),
    Change("the number of a worksheet", ".ods", r">Table (\d+): [^<]*\[note", part=BOOK),
    Change("a heading of a worksheet", ".ods", r'"ce3"[^>]*><text:p>\d{4}-\d\d Q(\d)', part=BOOK),
    Change("a word of a worksheet", ".ods", r"<text:p>(West London)<", "East London", BOOK),
    Change("a note", ".ods", r"A 0 stands for a count of 0 to (\d+)", part=BOOK),
    Change("the tables of a note", ".ods", r"<text:p>Table \d+, (\d+)", part=BOOK),
    Change("a note of a title", ".ods", r"\[note (\d+)\]</text:p>", part=BOOK),
    Change("the day in a source line", ".ods", rf"planned for release on ({DAY})", part=BOOK),
    Change("the date of the document", ".ods", r"<dc:date>\d{4}-\d\d-(\d\d)", part="meta.xml"),
)
CHANGES = (*PAGES, *CHARTS, *DATA, *SPREADSHEET)


def changed(files: dict[str, bytes], change: Change) -> dict[str, bytes]:
    """The files of a release with one place changed, and the manifest sealed again."""
    path = next(path for path in files if path.endswith(change.file))
    content = files[path]
    if change.part:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        parts[change.part] = edited(parts[change.part], change)
        content = packed(parts, stored=("mimetype",))
    else:
        content = edited(content, change)
    return sealed({**files, path: content})


def is_there(files: dict[str, bytes], change: Change) -> bool:
    """Whether a release has such a place."""
    try:
        changed(files, change)
    except (AssertionError, StopIteration):
        return False
    return True


def edited(content: bytes, change: Change) -> bytes:
    """The text with the first match changed."""
    text = content.decode()
    found = re.search(change.pattern, text, re.DOTALL)
    assert found, f"{change.where} is not in {change.file}"
    old = found[1]
    new = bumped(old) if change.new is None else change.new
    assert new != old, change.where
    return f"{text[: found.start(1)]}{new}{text[found.end(1) :]}".encode()


def bumped(text: str) -> str:
    """The same text with another last digit."""
    place = max(i for i, letter in enumerate(text) if letter.isdigit())
    return f"{text[:place]}{(int(text[place]) + 1) % 10}{text[place + 1 :]}"


def sealed(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files with hashes and sizes that agree, so that no gate can find the change by them."""
    manifest = json.loads(files[MANIFEST])
    for entry in manifest["files"]:
        content = files[entry["path"]]
        entry |= {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    text = (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode()
    sums = {entry["path"]: entry["sha256"] for entry in manifest["files"]}
    sums[MANIFEST] = hashlib.sha256(text).hexdigest()
    lines = "".join(f"{digest}  {path}\n" for path, digest in sorted(sums.items()))
    return {**files, MANIFEST: text, SUMS: lines.encode()}
