"""Who may read what: every path of a home has one audience, and its audience decides the mode."""

from __future__ import annotations

import grp
import os
import pwd
import shlex
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from operations.errors import SettingsError

UMASK = 0o077
HOME = 0o711
MAY_ENTER = 0o011
PATHS_NAMED = 10
"""How many open paths in one folder of a home are closed one by one; beyond, the folder is."""


@dataclass(frozen=True)
class Audience:
    """Who reads a path: the widest mode of its folders and of its files."""

    name: str
    folder: int
    file: int

    def mode(self, path: Path) -> int:
        """Return the widest mode that a path of this audience may have."""
        return self.folder if path.is_dir() else self.file

    def excess(self, mode: int) -> int:
        """Return the bits of a path's mode that let in more people; to run a file is no reading."""
        if stat.S_ISDIR(mode):
            return mode & 0o077 & ~self.folder
        return mode & 0o066 & ~self.file


EVERYBODY = Audience("everybody", 0o755, 0o644)
ANALYSTS = Audience("analysts", 0o750, 0o440)
SERVICE = Audience("service", 0o700, 0o600)
THE_HOME = Audience("everybody who knows a name in it", HOME, 0o600)

# the first part of a path decides for all below it; a name that is not listed is for the service
AUDIENCES = {
    "site": EVERYBODY,
    ".site.new": EVERYBODY,
    "site_builds": EVERYBODY,
    "analysts": ANALYSTS,
    "attack": SERVICE,
    "certificates": SERVICE,
    "confidential.duckdb": SERVICE,
    "dagster": SERVICE,
    "data_docs": SERVICE,
    "drafts": SERVICE,
    "key_fingerprints.json": SERVICE,
    "keys": SERVICE,
    "landing": SERVICE,
    "last_fault.txt": SERVICE,
    "layout.json": SERVICE,
    "locks": SERVICE,
    "parts": SERVICE,
    "protected.duckdb": SERVICE,
    "registers": SERVICE,
    "rehearsal.json": SERVICE,
    "releases": SERVICE,
}

# The desk serves files of these folders to the owner of the home, who holds the token of the UI,
# and of no other: drafts with their banner, Data Docs, the reports that go back to areas, and what
# is public, which is all that viewers are served.
ON_DESK = ("drafts", "data_docs", "landing/reports", "site_builds")


def audience_of(home: Path, path: Path) -> Audience:
    """Return the audience of a path below a home."""
    return AUDIENCES.get(path.relative_to(home).parts[0], SERVICE)


def enter(home: Path) -> None:
    """Make a home that is not there, and from now on keep private all that this process writes.

    A home that a person made, and in which nothing lies but what was dropped for the first build,
    is closed here, whatever their umask was. Raises `SettingsError` for a home of another user
    and, with the command that closes it, for one that is open to more people than its audiences.
    A home that nobody else can enter is closed whatever lies in it.
    """
    fresh = not home.exists()
    home.mkdir(parents=True, exist_ok=True)
    os.umask(UMASK)
    _check_owner(home)
    if fresh:
        home.chmod(HOME)
    elif _is_unused(home):
        for path in (home, *home.iterdir(), *home.glob("landing/incoming")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode & ~_excess(home, path))
    found = too_open(home)
    if found:
        raise SettingsError(
            f"{found[0]} is open to more people than may read it or write to it, so nothing is "
            f"done in this home. Close it with: {closing(home, found)}"
        )


def _check_owner(home: Path) -> None:
    """Raise `SettingsError` when the home, or a path directly in it, is another user's.

    A link is its owner's, and also theirs who own what it leads to.
    """
    for path in (home, *sorted(home.iterdir())):
        for followed in (False, True):
            _check_owned(path, followed=followed)


def _check_owned(path: Path, *, followed: bool) -> None:
    """Raise when a path, or what it leads to where that is there, belongs to another user."""
    try:
        owner = path.stat(follow_symlinks=followed).st_uid
    except OSError:  # it leads nowhere, or was removed meanwhile
        return
    if owner != os.geteuid():
        target = f" leads to {os.path.realpath(path)}, which" if path.is_symlink() else ""
        raise SettingsError(
            f"{path}{target} belongs to {_user(owner)}, and you are "
            f"{_user(os.geteuid())}. Whoever owns it can read and change all that lies in it, so "
            "nothing is done in this home. Run as its owner, or set CTW_HOME to a folder of yours."
        )


def denied(home: Path) -> SettingsError:
    """Say to another user whose home this is, and which group they can ask to be a member of."""
    try:
        owner, group = _user(home.stat().st_uid), _readers(home / "analysts")
    except OSError:  # not even its name can be looked up
        return SettingsError(
            f"Permission denied: you are {_user(os.geteuid())} and cannot reach {home}. Ask those "
            "who run the service, or set CTW_HOME to a folder of yours."
        )
    ask = (
        f"To read the warehouse in {home / 'analysts'}, ask to be a member of the group {group}."
        if group
        else "No group reads its warehouse: ask its owner to set CTW_ANALYST_GROUP to a group of "
        "this machine with you in it."
    )
    return SettingsError(
        f"Permission denied: {home} belongs to {owner}, and you are {_user(os.geteuid())}. {ask} "
        "To build, sign off or publish, use the UI of the service, or run as its owner."
    )


def _readers(folder: Path) -> str:
    """Return the name of the group that may read a folder; "" for none."""
    if not folder.is_dir() or not folder.stat().st_mode & 0o050:
        return ""
    try:
        return grp.getgrgid(folder.stat().st_gid).gr_name
    except KeyError:
        return f"number {folder.stat().st_gid}"


def _user(number: int) -> str:
    try:
        return f"the user {pwd.getpwuid(number).pw_name}"
    except KeyError:
        return f"the user number {number}"


def _is_unused(home: Path) -> bool:
    """Whether a home holds only the drop folder that somebody made for the first build."""
    landing = home / "landing"
    if landing.is_symlink() or {path.name for path in home.iterdir()} - {"landing"}:
        return False
    return not landing.is_dir() or {path.name for path in landing.iterdir()} <= {"incoming"}


def too_open(home: Path) -> list[Path]:
    """List the paths of a home that more people can reach than their audience, the topmost first.

    What lies in a folder that others cannot enter is shielded by it, and is not looked at. Nor is
    what lies in a folder of the list: it is closed with that.
    """
    if not _bits(home) & 0o077:
        return []
    found = [home] if _excess(home, home) else []
    for path in sorted(home.iterdir()):
        if not path.is_symlink() or home not in Path(os.path.realpath(path)).parents:
            below = list(_open_in(path, audience_of(home, path)))
            found += below if len(below) <= PATHS_NAMED else [path]
    return found


def _open_in(top: Path, audience: Audience) -> Iterator[Path]:
    """Yield a path, or else the topmost paths in it, that are too open; no link in it counts."""
    waiting = [(str(top), _bits(top))]
    while waiting:
        path, bits = waiting.pop()
        if audience.excess(bits):
            yield Path(path)
        elif stat.S_ISDIR(bits) and bits & MAY_ENTER:
            with suppress(FileNotFoundError), os.scandir(path) as entries:
                names = [entry.path for entry in entries if not entry.is_symlink()]
                waiting += [(name, _bits(name)) for name in sorted(names, reverse=True)]


def _bits(path: Path | str) -> int:
    """Return the mode of a path; 0 where there is none, as it leads nowhere or was removed."""
    try:
        return Path(path).stat().st_mode
    except PermissionError:
        raise
    except OSError:
        return 0


def _excess(home: Path, path: Path) -> int:
    audience = THE_HOME if path == home else audience_of(home, path)
    return audience.excess(_bits(path))


def closing(home: Path, paths: list[Path]) -> str:
    """Return the shell command that closes these paths of a home and changes nothing else."""
    return " && ".join(_close(home, path) for path in paths)


def _close(home: Path, path: Path) -> str:
    if path == home:
        return f"chmod go-rw {shlex.quote(str(path))}"
    words = {EVERYBODY: "go-w", ANALYSTS: "g-w,o=", SERVICE: "go="}[audience_of(home, path)]
    return f"chmod -R {words} {shlex.quote(str(path))}"


def share(home: Path, path: Path, group: str = "") -> None:
    """Open a path, all below it and the folders above it to their audience.

    What is for analysts is opened to the members of `group`, and to nobody without one. Raises
    `SettingsError` when this user may not give files to it.
    """
    above = [parent for parent in path.parents if home in parent.parents]
    for one in [*above, path, *(path.rglob("*") if path.is_dir() else ())]:
        audience = audience_of(home, one)
        closed = audience is ANALYSTS and not group
        if audience is ANALYSTS and group:
            _give(one, group)
        one.chmod(audience.mode(one) & (0o700 if closed else 0o777))


def check_group(group: str) -> None:
    """Raise `SettingsError` when this machine has no such group; no name is no group."""
    try:
        if group:
            grp.getgrnam(group)
    except KeyError:
        raise SettingsError(
            f"CTW_ANALYST_GROUP is {group!r}, but this machine has no such group. Make it, or "
            "name another."
        ) from None


def _give(path: Path, group: str) -> None:
    try:
        os.chown(path, -1, grp.getgrnam(group).gr_gid)
    except PermissionError:
        raise SettingsError(
            f"CTW_ANALYST_GROUP is {group!r}, but this user is not a member of it and cannot "
            f"give {path} to it. Add the user to the group."
        ) from None
