"""A second catalogue of tables, as one class: a folder that is attached under a name of its own."""

import shutil

import duckdb

from pipelines.database import Database, DatabaseError, HeldError, literal

TABLES = "tables.db"


class Attached(Database):
    """A folder for each database, which is attached to an empty one, as a lakehouse is."""

    @classmethod
    def open(cls, place, *, read_only):
        if place.is_file():
            raise DatabaseError(f"{place} is a file, and this catalogue keeps folders.")
        if not read_only:
            place.mkdir(parents=True, exist_ok=True)
        mode = " (read_only)" if read_only else ""
        connection = duckdb.connect()
        try:
            connection.execute(f"attach {literal(str(place / TABLES))} as lake{mode}")
        except duckdb.IOException as error:
            raise HeldError("") from error
        connection.execute("use lake")
        if read_only:
            connection.execute("set enable_external_access = false")
            connection.execute("set lock_configuration = true")
        return cls(connection)

    @classmethod
    def is_there(cls, place):
        return (place / TABLES).is_file()

    @classmethod
    def stamp(cls, place):
        return (cls.is_there(place) and (place / TABLES).stat().st_mtime_ns,)

    @classmethod
    def keep_private(cls, place):
        place.chmod(0o700)

    @classmethod
    def save(cls, place, target):
        shutil.copytree(place, target)

    @classmethod
    def move(cls, place, target):
        cls.remove(target)
        place.rename(target)

    @classmethod
    def remove(cls, place):
        shutil.rmtree(place, ignore_errors=True)
