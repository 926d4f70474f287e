"""The names of worksheets: `Table_3_Referral_routes`, cut at a whole word where they are long."""

from __future__ import annotations

LONGEST_SHEET_NAME = 31


def sheet_name(number: int, table_id: str) -> str:
    """Return the name of the worksheet of a table; `Table_3` where not a word of its id fits."""
    name = f"Table_{number}_{table_id.capitalize()}"
    while len(name) > LONGEST_SHEET_NAME:
        name = name.rpartition("_")[0]
    return name


def sheet_words(number: int, table_id: str) -> str:
    """Return the part of a worksheet's name that comes from the id; "" where no word fits."""
    return sheet_name(number, table_id).removeprefix(f"Table_{number}").removeprefix("_")
