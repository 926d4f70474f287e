"""What Great Expectations says of a quarter: each expectation, and where its pages lie."""

from __future__ import annotations

from dataclasses import dataclass

from operations.desk.rendering import words
from operations.home.kinds import database_kind
from operations.home.settings import Settings
from operations.stores.databases import reading
from pipelines.database import schema_of
from schemas.quarter import Quarter


@dataclass(frozen=True)
class JudgedExpectation:
    """One expectation of the whole quarter; `is_judged` is false when it had nothing to judge.

    `is_public` tells whether its outcome stands on the quality page of a release.
    """

    suite: str
    text: str
    is_blocking: bool
    is_met: bool
    is_judged: bool
    is_public: bool


@dataclass(frozen=True)
class Expectations:
    """The expectations of a quarter, and the pages of Great Expectations by name.

    `pages` hold a name and the path within the folder of the quarter; the newest of each kind.
    """

    quarter: Quarter
    checks: tuple[JudgedExpectation, ...]
    pages: tuple[tuple[str, str], ...]


def gather_expectations(settings: Settings, quarter: Quarter) -> Expectations:
    """Gather the expectations of a quarter as its last build judged them, none before the first."""
    return Expectations(quarter, _checks(settings, quarter), _pages(settings, quarter))


def _checks(settings: Settings, quarter: Quarter) -> tuple[JudgedExpectation, ...]:
    schema = schema_of("quality", quarter)
    if not database_kind().is_there(settings.confidential):
        return ()
    with reading(settings.confidential) as database:
        if "checks" not in database.tables(schema):
            return ()
        checks = database.get(schema, "checks")
    return tuple(
        JudgedExpectation(
            row["suite"],
            row["description"],
            row["severity"] == "block",
            row["passed"],
            row["is_judged"],
            row["is_public"],
        )
        for row in checks.iter_rows(named=True)
    )


def _pages(settings: Settings, quarter: Quarter) -> tuple[tuple[str, str], ...]:
    """List the newest page of results of each suite, and its page of expectations."""
    folder = settings.data_docs / quarter.id
    results = {
        path.parents[2].name: path for path in sorted(folder.glob("validations/*/*/*/*.html"))
    }
    found = [("results", name, path) for name, path in sorted(results.items())]
    suites = sorted(folder.glob("expectations/*.html"))
    found += [("expectations", path.stem, path) for path in suites]
    return tuple(
        (
            words().say(f"docs.pages.{kind}", suite=name.replace("_", " ")),
            path.relative_to(folder).as_posix(),
        )
        for kind, name, path in found
    )
