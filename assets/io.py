"""Where Dagster keeps what assets return: true cells, protected cells and files separately."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import dagster as dg

from assets.partitions import quarter_of
from disclosure import CellTable, ProtectedTable
from disclosure.protection.store import dump
from operations.home.settings import settings
from operations.stores.cells import (
    attack_outcome,
    contributions_of,
    kept_name,
    protected_table,
    quality,
    true_cells,
)
from operations.stores.databases import writing
from pipelines.database import schema_of
from publications.release.model import AttackOutcome, Quality
from schemas.quarter import Quarter


class ConfidentialStore(dg.ConfigurableIOManager):
    """True cells, in the private database, one schema per quarter."""

    def handle_output(self, context: dg.OutputContext, obj: CellTable) -> None:
        """Write the true cells of a population."""
        schema = schema_of("statistics", quarter_of(context.partition_key))
        words = {
            "name": obj.name,
            "dimensions": obj.dimensions,
            "hierarchies": {name: dict(codes) for name, codes in obj.hierarchies.items()},
            "statistics": obj.statistics,
            "contributions": obj.contributions is not None,
            "tolerance": obj.tolerance,
        }
        with writing(settings().confidential) as database:
            database.put(schema, obj.name, obj.cells)
            if obj.contributions is not None:
                database.put(schema, contributions_of(obj.name), obj.contributions)
            database.put_words(schema, obj.name, words)

    def load_input(self, context: dg.InputContext) -> CellTable:
        """Read the true cells of a population."""
        return true_cells(quarter_of(context.partition_key), context.asset_key.path[-1])


class ProtectedStore(dg.ConfigurableIOManager):
    """Protected cells, public facts of quality, how the attack went: all that is published.

    A protected table is kept under its fingerprint too, so that what readers have of an earlier
    version is still known when the quarter is built again.
    """

    def handle_output(
        self, context: dg.OutputContext, obj: ProtectedTable | Quality | AttackOutcome
    ) -> None:
        """Write a protected table with its words, or public facts."""
        schema = schema_of("protected", quarter_of(context.partition_key))
        with writing(settings().protected) as database:
            if not isinstance(obj, ProtectedTable):
                database.put_words(schema, context.asset_key.path[-1], asdict(obj))
                return
            cells, words = dump(obj)
            for name in (obj.name, kept_name(obj.name, obj.fingerprint)):
                database.put(schema, name, cells)
                database.put_words(schema, name, words)

    def load_input(
        self, context: dg.InputContext
    ) -> ProtectedTable | Quality | AttackOutcome | None:
        """Read a protected table, checked against its fingerprint, or public facts."""
        name = context.asset_key.path[-1]
        quarter = quarter_of(context.partition_key)
        if name == "attack":
            return attack_outcome(quarter)
        return quality(quarter) if name == "quality" else protected_table(quarter, name)


class FileStore(dg.ConfigurableIOManager):
    """The files of a release before they are gathered: one folder per part, paths to bytes."""

    def handle_output(self, context: dg.OutputContext, obj: dict[str, bytes]) -> None:
        """Write the files of one part, and their list."""
        folder = self._folder(context.partition_key, context.asset_key)
        folder.mkdir(parents=True, exist_ok=True)
        for number, (_, content) in enumerate(sorted(obj.items())):
            (folder / f"{number:04d}").write_bytes(content)
        (folder / "paths.json").write_text(json.dumps(sorted(obj)))

    def load_input(self, context: dg.InputContext) -> dict[str, bytes]:
        """Read the files of one part."""
        return kept_files(quarter_of(context.partition_key), context.asset_key)

    def _folder(self, partition: str, key: dg.AssetKey) -> Path:
        return _part_of(quarter_of(partition), key)


def kept_files(quarter: Quarter, key: dg.AssetKey) -> dict[str, bytes]:
    """Read the files of a part of a release, or of the whole, as they were made last."""
    folder = _part_of(quarter, key)
    paths = json.loads((folder / "paths.json").read_text())
    return {path: (folder / f"{n:04d}").read_bytes() for n, path in enumerate(paths)}


def _part_of(quarter: Quarter, key: dg.AssetKey) -> Path:
    return settings().home / "parts" / quarter.id / key.path[-1]


class EditionStore(dg.ConfigurableIOManager):
    """Which version of a quarter's release is under way: a number."""

    def handle_output(self, context: dg.OutputContext, obj: int) -> None:
        """Write the number of the version."""
        place = self._place(context.partition_key)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(obj))

    def load_input(self, context: dg.InputContext) -> int:
        """Read the number of the version."""
        return edition_under_way(quarter_of(context.partition_key))

    def _place(self, partition: str) -> Path:
        return _edition_of(quarter_of(partition))


def edition_under_way(quarter: Quarter) -> int:
    """Return the number of the version of a quarter that was gathered last."""
    return int(json.loads(_edition_of(quarter).read_text()))


def _edition_of(quarter: Quarter) -> Path:
    return settings().home / "parts" / quarter.id / "edition.json"
