"""What a reader sees of the files of a release, as texts with the place of each."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from lxml import etree, html

SPOKEN = ("alt", "title", "aria-label", "placeholder", "label")
SILENT = frozenset({"script", "style", "code"})
CODED = ("_code", "measure", "value", "marker", "date", "status", "dimension", "code", "parent")
TECHNICAL = frozenset(
    {
        *(
            "language",
            "@context",
            "@id",
            "@type",
            "url",
            "name",
            "datatype",
            "dialect",
            "primaryKey",
        ),
        *("dc:license", "dc:language", "dc:available", "path", "sha256", "media_type", "id"),
        *("release", "release_at", "methods", "readings", "fingerprint", "policy", "code_list"),
        *("source", "kind", "population", "statistic", "numerator", "denominator", "record"),
        *("by_reason", "gaps", "severity", "status", "state", "document_type", "cells"),
        *("format_sub_type", "reference_period", "operation", "reason", "raw", "code_version"),
        *(
            "type",
            "attack",
            "license",
            "contentUrl",
            "encodingFormat",
            "temporalCoverage",
            "sentence",
            "as_at",
        ),
    }
)
"""Names of entries that programs read: identifiers, addresses and records."""


def visible(path: str, content: bytes) -> Iterator[str]:
    """Give every text of a file that a reader sees."""
    suffix = path.rpartition(".")[2]
    if suffix in READERS:
        yield from READERS[suffix](content, path)


def _page(content: bytes, path: str) -> Iterator[str]:
    page = html.document_fromstring(content.decode())
    for element in page.iter(etree.Element):
        yield from (element.get(name, "") for name in SPOKEN)
        if element.tag == "meta" and element.get("name") == "description":
            yield element.get("content", "")
        if element.get("type") == "application/ld+json":
            yield from _leaves(json.loads(element.text))
        if element.tag not in SILENT:
            yield element.text or ""
        yield element.tail or ""


def _drawing(content: bytes, path: str) -> Iterator[str]:
    yield from map(str, etree.fromstring(content).itertext())


def _table(content: bytes, path: str) -> Iterator[str]:
    for row in csv.DictReader(io.StringIO(content.decode())):
        for name, text in row.items():
            if not name.endswith(CODED) or path.startswith("charts/"):
                yield text


def _record(content: bytes, path: str) -> Iterator[str]:
    yield from _leaves(json.loads(content))


def _leaves(content: Any) -> Iterator[str]:
    if isinstance(content, dict):
        for name, inner in content.items():
            if name == "titles":
                yield from (title for both in inner.values() for title in both[1:])
            elif name not in TECHNICAL:
                yield from _leaves(inner)
    elif isinstance(content, list):
        for inner in content:
            yield from _leaves(inner)
    elif isinstance(content, str):
        yield content


def _lines(content: bytes, path: str) -> Iterator[str]:
    yield from content.decode().splitlines()


def _calendar(content: bytes, path: str) -> Iterator[str]:
    for line in content.decode().replace("\r\n ", "").split("\r\n"):
        name, _, value = line.partition(":")
        if name in ("SUMMARY", "DESCRIPTION"):
            yield value


def _spreadsheet(content: bytes, path: str) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        text = archive.read("content.xml").decode() + archive.read("meta.xml").decode()
    yield from re.findall(r"<(?:text:p|text:a|dc:title|dc:creator)\b[^>]*>([^<]+)<", text)


READERS = {
    "html": _page,
    "svg": _drawing,
    "csv": _table,
    "json": _record,
    "md": _lines,
    "txt": _lines,
    "ics": _calendar,
    "ods": _spreadsheet,
}
