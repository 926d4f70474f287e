"""Whether there is a home in the folder that is named, for commands that must not make one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from operations.errors import SettingsError
from operations.home.audiences import AUDIENCES
from operations.home.settings import home_in


def check_present(environment: Mapping[str, str], *, may_be_empty: bool = False) -> None:
    """Raise `SettingsError` when there is no home where an environment names one; makes nothing.

    An empty folder is a home that nothing was done in yet, where that `may_be_empty`.
    """
    home = home_in(environment)
    try:
        found = _instead_of_a_home(home, may_be_empty=may_be_empty)
    except PermissionError:  # whoever reads the settings says whose it is
        return
    if found:
        named = "CTW_HOME names it" if environment.get("CTW_HOME") else "CTW_HOME is not set"
        raise SettingsError(
            f"There is no home in {home}: {found}. Nothing was made there. {named}: set CTW_HOME "
            "to the folder of your home. To begin a new home there instead: ctw build QUARTER "
            "--landing FOLDER, or, with synthetic returns, ctw simulate and then ctw build."
        )


def _instead_of_a_home(home: Path, *, may_be_empty: bool) -> str:
    """Say what is found that is no home; "" for a home."""
    if not home.exists():
        return "that folder is not there"
    if not home.is_dir():
        return "that is a file"
    names = {path.name for path in home.iterdir()}
    if not names:
        return "" if may_be_empty else "that folder is empty"
    return "" if names & {*AUDIENCES} else "nothing in that folder is of a home"
