"""Names of the series, its team, files, sheets and titles, by rule."""

from __future__ import annotations

from dataclasses import replace

from publications.release.model import Contact
from publications.release.public import PublicRelease
from publications.release.table import PublishedTable
from publications.wording.format import months, slug
from publications.words import Words
from schemas import worksheet
from schemas.quarter import Quarter

CSV_FOLDER = "data"
CODES = f"{CSV_FOLDER}/codes.csv"
"""The file that lists every code of the tables. Its name is the same in every release."""


def series_title(quarter: Quarter, words: Words) -> str:
    """Return the title of a release: `Connect to Work statistics: July to September 2026`."""
    return words.say("release.title", series=series_name(words), period=months(quarter, words))


def series_name(words: Words) -> str:
    """Return the name of the statistics: `Connect to Work statistics`."""
    return words.say("release.series")


def contact(release: PublicRelease) -> Contact:
    """Return whom readers ask; what was not configured has its usual name."""
    own, words = release.contact, release.words
    return replace(
        own,
        organisation=own.organisation or words.say("release.organisation"),
        team=own.team or words.say("release.team"),
    )


def csv_name(quarter: Quarter, table: PublishedTable) -> str:
    """Return the name of a table's CSV file."""
    words = table.id.replace("_", "-")
    return f"connect-to-work-{slug(quarter)}-table-{table.number:02d}-{words}.csv"


def csv_path(quarter: Quarter, table: PublishedTable) -> str:
    """Return the path of a table's CSV file in the release folder."""
    return f"{CSV_FOLDER}/{csv_name(quarter, table)}"


def metadata_path(quarter: Quarter, table: PublishedTable) -> str:
    """Return the path of a table's CSVW metadata, where CSVW readers look for it."""
    return f"{csv_path(quarter, table)}-metadata.json"


def workbook_path(quarter: Quarter) -> str:
    """Return the path of the spreadsheet in the release folder."""
    return f"tables/connect-to-work-{slug(quarter)}-tables.ods"


def returns_path(quarter: Quarter) -> str:
    """Return the path of the CSV file that says what became of each area's return."""
    return f"{CSV_FOLDER}/connect-to-work-{slug(quarter)}-returns.csv"


def revisions_path(quarter: Quarter) -> str:
    """Return the path of the CSV file that lists what a release revises, figure by figure."""
    return f"{CSV_FOLDER}/connect-to-work-{slug(quarter)}-revisions.csv"


def sheet_name(table: PublishedTable) -> str:
    """Return the name of a table's worksheet: `Table_3_Referral_routes`, cut at a whole word."""
    return worksheet.sheet_name(table.number, table.id)
