"""Which code makes a release: known by its commit, or the release stays a trial."""

from __future__ import annotations

from operations.errors import SettingsError
from operations.home.checkout import CHANGES, UNKNOWN
from operations.home.settings import Settings


def check_code(settings: Settings, *, allow_unknown: bool = False) -> None:
    """Raise `SettingsError` when nobody can say which code this is, unless that is allowed."""
    if settings.code_version == UNKNOWN and not allow_unknown:
        raise SettingsError(
            "It is not known which code this is, so a release could not say what made it. Nothing "
            "was built. In a checkout git has to be installed and to say its commit; where there "
            "is none, set CTW_CODE_VERSION to the version that was installed. For a trial that "
            "cannot be published: ctw build QUARTER --allow-unknown-code"
        )


def is_known(code: str) -> bool:
    """Whether a version says which code that is: no other code has the same one."""
    return bool(code.strip()) and code != UNKNOWN and not code.endswith(CHANGES)
