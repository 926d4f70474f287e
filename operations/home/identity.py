"""Who decides, and how that is known: typed, from the operating system, or from the proxy.

What is known of the person who started a run goes with the run as a sealed tag: a tag that somebody
typed, or copied from another run, counts for nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import pwd
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from operations.home.fingerprints import REGISTER_KEY
from operations.home.keys import secret
from operations.home.settings import Settings

KnownBy = Literal["typed", "operating system", "proxy"]
LOGIN = Path("/proc/self/loginuid")
NOBODY = 2**32 - 1


@dataclass(frozen=True)
class Account:
    """The account that a person used, and how it is known; no name where one was typed only."""

    name: str = ""
    known_by: KnownBy = "typed"

    def __str__(self) -> str:
        """Say how it is known who decided."""
        if self.known_by == "typed":
            return "by the name that was typed, and nothing else"
        where = "this machine" if self.known_by == "operating system" else "the proxy's login"
        return f"by the account {self.name} of {where}"


TYPED = Account()


def account_here(login_record: Path = LOGIN) -> Account:
    """Return the account of the operating system with which the person at this terminal logged in.

    `login_record` is the file in which the machine keeps the number of that account. Where it keeps
    none, it is the account that runs this process.
    """
    number = os.getuid()
    if login_record.is_file():
        login = int(login_record.read_text() or NOBODY)
        number = number if login == NOBODY else login
    try:
        return Account(pwd.getpwuid(number).pw_name, "operating system")
    except KeyError:
        return Account(f"number {number}", "operating system")


def sealed_account(settings: Settings, run_id: str, account: Account) -> str:
    """Return the text of a tag that says which account started a run."""
    words = {**asdict(account), "seal": _seal(settings, run_id, account)}
    return json.dumps(words, sort_keys=True)


def account_of(settings: Settings, run_id: str, tag: str | None) -> Account:
    """Return the account that a run's tag names, when this home sealed it for this run."""
    try:
        words = json.loads(tag or "{}")
        found, seal = Account(words["name"], words["known_by"]), str(words["seal"])
    except (ValueError, KeyError, TypeError):
        return TYPED
    is_ours = hmac.compare_digest(seal.encode(), _seal(settings, run_id, found).encode())
    return found if is_ours else TYPED


def _seal(settings: Settings, run_id: str, account: Account) -> str:
    marked = json.dumps(["the account of a run", run_id, account.name, account.known_by])
    return hmac.new(secret(settings, REGISTER_KEY), marked.encode(), hashlib.sha256).hexdigest()
