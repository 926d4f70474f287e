"""Which code makes a release: known by its commit, or the release stays a trial."""

from __future__ import annotations

import os

from operations.errors import SettingsError
from operations.home.checkout import CHANGES, UNKNOWN, code_in, why_unnamed
from operations.home.settings import ROOT, Settings

TRIAL = "For a trial that cannot be published: ctw build QUARTER --allow-unknown-code"
NO_NAME = (
    "It is not known which code this is, so a release could not say what made it. Nothing "
    "was built. {why} {trial}"
)
WITHOUT_GIT = (
    "In a checkout git has to be installed and to say its commit; where there is none, set "
    "CTW_CODE_VERSION to the version that was installed."
)
NOT_COMMITTED = (
    "The code has changes that are not committed ({code}), so a release could not say what made "
    "it. Nothing was built. In {root}, git status --ignored lists what was changed and added: "
    f"commit it or take it back. {TRIAL}"
)


def check_code(settings: Settings, *, allow_unknown: bool = False) -> None:
    """Raise `SettingsError` when nobody can say which code this is, unless that is allowed."""
    if not allow_unknown and (refused := refusal(settings.code_version)):
        raise SettingsError(refused)


def refusal(code: str) -> str:
    """Say why code of this version makes no release, and what to do; "" when it may."""
    if is_known(code):
        return ""
    if code.endswith(CHANGES):
        return NOT_COMMITTED.format(code=code, root=ROOT)
    return NO_NAME.format(why=why_unnamed(ROOT) or WITHOUT_GIT, trial=TRIAL)


def code_now() -> str:
    """Name the code as it lies on the disk now: a server may be older than its checkout."""
    return code_in(ROOT, os.environ)


def is_known(code: str) -> bool:
    """Whether a version says which code that is: no other code has the same one."""
    return bool(code.strip()) and code != UNKNOWN and not code.endswith(CHANGES)
