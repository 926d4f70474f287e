"""Where Dagster keeps what assets return: true cells apart from protected ones, files apart."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import dagster as dg

from assets.errors import StoreError
from assets.partitions import quarter_of
from assets.settings import Settings
from assets.stores import get, get_words, put, put_words, reading, schema_of, writing
from disclosure import CellTable, ProtectedTable
from disclosure.protection.store import dump, restore
from publications.release.model import AttackOutcome, PlausibilityCheck, Quality, ReturnStatus
from publications.release.table import Gap
from schemas.quarter import Quarter


def settings() -> Settings:
    """Read the settings of this process."""
    return Settings.read()


class ConfidentialStore(dg.ConfigurableIOManager):
    """True cells, in the private database, one schema a quarter."""

    def handle_output(self, context: dg.OutputContext, obj: CellTable) -> None:
        """Write the true cells of a population."""
        schema = schema_of("statistics", quarter_of(context.partition_key))
        words = {
            "name": obj.name,
            "dimensions": obj.dimensions,
            "hierarchies": {name: dict(codes) for name, codes in obj.hierarchies.items()},
            "statistics": obj.statistics,
        }
        with writing(settings().confidential) as connection:
            put(connection, schema, obj.name, obj.cells)
            put_words(connection, schema, obj.name, words)

    def load_input(self, context: dg.InputContext) -> CellTable:
        """Read the true cells of a population."""
        return true_cells(quarter_of(context.partition_key), context.asset_key.path[-1])


def true_cells(quarter: Quarter, name: str) -> CellTable:
    """Read the true cells of a population: confidential."""
    schema = schema_of("statistics", quarter)
    with reading(settings().confidential) as connection:
        cells, words = get(connection, schema, name), get_words(connection, schema, name)
    return CellTable(
        name=words["name"],
        dimensions=tuple(words["dimensions"]),
        hierarchies=words["hierarchies"],
        statistics=tuple(words["statistics"]),
        cells=cells,
    )


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
        with writing(settings().protected) as connection:
            if not isinstance(obj, ProtectedTable):
                put_words(connection, schema, context.asset_key.path[-1], asdict(obj))
                return
            cells, words = dump(obj)
            for name in (obj.name, kept_name(obj.name, obj.fingerprint)):
                put(connection, schema, name, cells)
                put_words(connection, schema, name, words)

    def load_input(
        self, context: dg.InputContext
    ) -> ProtectedTable | Quality | AttackOutcome | None:
        """Read a protected table, checked against its fingerprint, or public facts."""
        name = context.asset_key.path[-1]
        quarter = quarter_of(context.partition_key)
        if name == "attack":
            return attack_outcome(quarter)
        return quality(quarter) if name == "quality" else protected_table(quarter, name)


def kept_name(name: str, fingerprint: str) -> str:
    """Name the table that holds exactly what has this fingerprint."""
    return f"{name}__{fingerprint}"


def protected_table(quarter: Quarter, name: str, fingerprint: str | None = None) -> ProtectedTable:
    """Read a protected table as it is, or as it was with a fingerprint; checked against it."""
    schema = schema_of("protected", quarter)
    name = name if fingerprint is None else kept_name(name, fingerprint)
    with reading(settings().protected) as connection:
        return restore(get(connection, schema, name), get_words(connection, schema, name))


def quality(quarter: Quarter) -> Quality:
    """Read the public facts of quality of a quarter."""
    with reading(settings().protected) as connection:
        words = get_words(connection, schema_of("protected", quarter), "quality")
    return Quality(
        returns=tuple(ReturnStatus(**row) for row in words["returns"]),
        checks=tuple(PlausibilityCheck(**row) for row in words["checks"]),
        synthetic=words["synthetic"],
        gaps=tuple(
            Gap(row["population"], row["statistic"], tuple((n, c) for n, c in row["part"]))
            for row in words["gaps"]
        ),
    )


def attack_outcome(quarter: Quarter) -> AttackOutcome | None:
    """Read how the attack on a quarter's release went; None where it has not been made."""
    with reading(settings().protected) as connection:
        try:
            words = get_words(connection, schema_of("protected", quarter), "attack")
        except StoreError:
            return None
    return AttackOutcome.from_dict(words)


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
        folder = self._folder(context.partition_key, context.asset_key)
        paths = json.loads((folder / "paths.json").read_text())
        return {path: (folder / f"{n:04d}").read_bytes() for n, path in enumerate(paths)}

    def _folder(self, partition: str, key: dg.AssetKey) -> Path:
        return settings().home / "parts" / quarter_of(partition).id / key.path[-1]
