"""A further format of returns is one more reader; nothing else knows how a sheet is read."""

from __future__ import annotations

import pytest

from pipelines.returns.readers import READERS, reader_of
from pipelines.returns.readers.csv import CsvReader
from pipelines.returns.readers.reader import ReturnSheet
from schemas.returns import PACK
from tests.pipelines.returns.small_world import draft


class Tabbed:
    """A format that does not exist: tabs in place of commas."""

    def knows(self, names):
        return any(name.endswith(".tsv") for name in names)

    def files(self, pack):
        return tuple(f"{declared.name}.tsv" for declared in pack.files)

    def count(self, files, pack):
        return sum(files[name].count(b"\n") - 1 for name in self.files(pack) if name in files)

    def read(self, files, declared, optional=()) -> ReturnSheet:
        name = f"{declared.name}.tsv"
        commas = {declared.file: files[name].replace(b"\t", b",")}
        return CsvReader().read(commas, declared, optional)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["manifest.json", "participants.tsv"], Tabbed),
        (["manifest.json", "participants.csv"], CsvReader),
        (["manifest.json", "PARTICIPANTS.CSV"], CsvReader),
        (["manifest.json"], CsvReader),
        ([], CsvReader),
    ],
)
def test_the_reader_of_a_pack_is_the_one_that_knows_its_files(names, expected):
    assert isinstance(reader_of(names, (*READERS, Tabbed())), expected)


def test_what_a_reader_counts_is_what_it_reads():
    files = draft().files
    for reader in (CsvReader(),):
        read = sum(reader.read(files, declared).received for declared in PACK.files)
        assert reader.count(files, PACK) == read > 0
