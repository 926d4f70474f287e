"""The files of a version as the desk reads them: its figures, what is withheld, area by area."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from operations.errors import StoreError
from operations.home.settings import Settings
from operations.releases.release_store import MANIFEST, files_in, folder_of
from publications.wording.format import slug
from schemas.quarter import Quarter

__all__ = ["LISTS", "MANIFEST", "ReleaseFiles", "release_files"]
DATA, LISTS = "data/", ("-returns.csv", "codes.csv")
NOT_READ = (ValueError, KeyError, TypeError, AttributeError, IndexError, csv.Error)


@dataclass(frozen=True)
class ReleaseFiles:
    """The files of one version, by their path in its folder."""

    quarter: Quarter
    number: int
    files: Mapping[str, bytes]

    @property
    def label(self) -> str:
        """What people call the version."""
        return f"{self.quarter.label} v{self.number}"

    def json(self, path: str) -> Any:
        """Read a JSON file; raises `StoreError` when it is not there or cannot be read."""
        with self.readable(path):
            return json.loads(self.files[path])

    def rows(self, path: str) -> list[dict[str, str]]:
        """Read a CSV file; raises `StoreError` when it cannot be read."""
        with self.readable(path):
            return list(csv.DictReader(io.StringIO(self.files[path].decode("utf-8"))))

    def figures(self) -> Iterator[tuple[str, list[dict[str, str]]]]:
        """Give the rows of each CSV file of figures, with its path: one row per figure."""
        for path in self.files:
            if path.startswith(DATA) and path.endswith(".csv") and not path.endswith(LISTS):
                yield path, self.rows(path)

    def named(self, ending: str) -> str:
        """Return the path of the CSV file whose name ends so; raises `StoreError` for none."""
        for path in self.files:
            if path.endswith(ending):
                return path
        raise StoreError(self._damaged(f"data/*{ending}", "it is not there"))

    def as_of(self, quarter: Quarter) -> dict[str, bytes]:
        """Return the files under the names that they have in a release of another quarter."""
        own, other = slug(self.quarter), slug(quarter)
        return {path.replace(own, other): content for path, content in self.files.items()}

    @contextmanager
    def readable(self, path: str) -> Iterator[None]:
        """Raise `StoreError` naming a file when the block cannot make sense of its content."""
        try:
            yield
        except NOT_READ as fault:
            raise StoreError(self._damaged(path, type(fault).__name__)) from None

    def _damaged(self, path: str, why: str) -> str:
        return (
            f"The file {path} of {self.label} cannot be read ({why}), so it is not as a build "
            f"wrote it. Put releases/{self.quarter.id}/v{self.number} back from a backup, or "
            f"build again: ctw build {self.quarter.id}"
        )


def release_files(settings: Settings, quarter: Quarter, number: int) -> ReleaseFiles:
    """Read the files of a version; raises `StoreError` for a folder with links or other things."""
    return ReleaseFiles(quarter, number, files_in(folder_of(settings, quarter, number)))
