"""Machine settings, read from the environment once; every path of the state is named here."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from operations.errors import SettingsError
from operations.home.audiences import check_group, denied, enter
from operations.home.checkout import code_in
from operations.home.layout import bring_up
from publications.words import ENGLISH, Words, languages, words_in
from schemas.quarter import Quarter

ROOT = Path(__file__).resolve().parents[2]
REHEARSAL = "rehearsal.json"
UI_PORT = 3000
LAST_PORT = 65_535
DIGITS = len(str(LAST_PORT))
CODE = ("CTW_CODE_VERSION", "CTW_CHECKOUT")


@dataclass(frozen=True)
class Settings:
    """Where the state lives (`$CTW_HOME`, by default `var/`) and which code makes the release.

    `clock` is the time to take for now (ISO 8601 with offset): set in a rehearsal, else empty.
    `analyst_group`, when set, is the group of the machine that reads `analysts/`. `ui_port` is the
    port on loopback where the UI and the desk are served. Links to the desk lead there, or to
    `ui_address`, which people open where a proxy with a login stands before it. `language` is the
    tag of the language in which releases and the site are written.
    """

    home: Path
    code_version: str
    clock: str = ""
    analyst_group: str = ""
    ui_port: int = UI_PORT
    ui_address: str = ""
    language: str = ENGLISH

    @property
    def words(self) -> Words:
        """The words of the language in which releases and the site are written."""
        return words_in(self.language)

    @property
    def is_rehearsal(self) -> bool:
        """Whether this home was made for rehearsals."""
        return bool(self.clock)

    @property
    def incoming(self) -> Path:
        """Where areas' packs are dropped."""
        return self.home / "landing" / "incoming"

    @property
    def received(self) -> Path:
        """The packs as they were received, never changed afterwards."""
        return self.home / "landing" / "received"

    @property
    def feedback(self) -> Path:
        """What goes back to the areas once a quarter is public."""
        return self.home / "landing" / "feedback"

    @property
    def reports(self) -> Path:
        """The validation reports that go back to the areas."""
        return self.home / "landing" / "reports"

    @property
    def confidential(self) -> Path:
        """The private database: returns, warehouse and true cells."""
        return self.home / "confidential.duckdb"

    @property
    def analysts(self) -> Path:
        """The warehouse of each quarter as analysts read it: one read-only file a quarter."""
        return self.home / "analysts"

    @property
    def protected(self) -> Path:
        """The database of protected cells: all that publications can read."""
        return self.home / "protected.duckdb"

    @property
    def stores(self) -> tuple[Path, ...]:
        """Where the catalogue keeps the two databases."""
        return (self.confidential, self.protected)

    @property
    def keys(self) -> Path:
        """The secrets, one file each, readable by their owner only."""
        return self.home / "keys"

    @property
    def data_docs(self) -> Path:
        """The plausibility results in detail: internal, confidential."""
        return self.home / "data_docs"

    @property
    def certificates(self) -> Path:
        """The certificates of suppressed populations: internal, confidential."""
        return self.home / "certificates"

    def attack(self, quarter: Quarter) -> Path:
        """Name the file of what the attack on a quarter's release found: confidential."""
        return self.home / "attack" / f"{quarter.id}.txt"

    @property
    def site(self) -> Path:
        """What the public sees: a link that is switched in one step."""
        return self.home / "site"

    def releases(self, quarter: Quarter) -> Path:
        """Name the folder of the versions of one quarter's release."""
        return self.home / "releases" / quarter.id

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read the settings, and from now on keep private what this process writes.

        A home of an earlier version is brought to the layout of this one. Raises `SettingsError`
        when the home cannot be made, is open to others or of a later version, for a group or a
        profile that does not exist, for what is no port or no known language, and for `CTW_NOW`
        outside a rehearsal.
        """
        found = os.environ if environment is None else environment
        home = home_in(found)
        try:
            enter(home)
        except PermissionError:
            raise denied(home) from None
        except OSError as error:
            raise SettingsError(
                f"CTW_HOME is {home}, which cannot be made ({error.strerror}). "
                "Set it to a folder that you can write to."
            ) from error
        bring_up(home)
        _check_profile(found)
        check_group(found.get("CTW_ANALYST_GROUP", ""))
        return cls(
            home=home,
            code_version=code_version(found),
            clock=_clock(home, found.get("CTW_NOW", "")),
            analyst_group=found.get("CTW_ANALYST_GROUP", ""),
            ui_port=port_of(found.get("CTW_UI_PORT", ""), "CTW_UI_PORT"),
            language=_language(found.get("CTW_LANGUAGE", "")),
            ui_address=found.get("CTW_PROXY_ADDRESS", "").rstrip("/"),
        )

    @classmethod
    def read_if_there(cls) -> Settings:
        """Read the settings for a command that needs a clock and no home: none is made.

        Raises as `read`.
        """
        home = home_in(os.environ)
        try:
            is_there = home.exists()
        except PermissionError:
            is_there = True
        if is_there:
            return cls.read()
        return cls(home, code_version(), clock=_clock(home, os.environ.get("CTW_NOW", "")))


def settings() -> Settings:
    """Read the settings of this process; raises as `Settings.read`."""
    return Settings.read()


def is_service() -> bool:
    """Whether this process belongs to the service (`CTW_PROFILE=service`), and not to a person.

    Raises `SettingsError` for a profile that does not exist.
    """
    _check_profile(os.environ)
    return os.environ.get("CTW_PROFILE") == "service"


def _check_profile(environment: Mapping[str, str]) -> None:
    profile = environment.get("CTW_PROFILE", "")
    if profile not in {"", "service"}:
        raise SettingsError(f"CTW_PROFILE is {profile!r}; it can be service, or not set.")


def home_in(environment: Mapping[str, str]) -> Path:
    """Return the folder of the state that an environment names."""
    return Path(environment.get("CTW_HOME") or ROOT / "var").expanduser().resolve()


def _language(asked: str) -> str:
    """Return the tag of a language; raises `SettingsError` when there is no catalogue of it."""
    known = sorted(languages())
    if asked and asked not in known:
        raise SettingsError(
            f"CTW_LANGUAGE is {asked[:40]!r}, of which there is no catalogue. "
            f"The languages are {', '.join(known)}."
        )
    return asked or ENGLISH


def port_of(asked: str, name: str) -> int:
    """Return the port of the UI that was asked for under a name, such as `--port`, else the usual.

    Raises `SettingsError` for what is no port.
    """
    port = int(asked) if asked.isdecimal() and len(asked) <= DIGITS else 0
    if asked and not 1 <= port <= LAST_PORT:
        raise SettingsError(f"{name} is {asked[:40]!r}; write a number from 1 to {LAST_PORT}.")
    return port or UI_PORT


def rehearsal_clock(environment: Mapping[str, str]) -> str:
    """Return the time that a rehearsal takes for now, without making or checking its home.

    Empty in an everyday home; raises `SettingsError` for a rehearsal without a time.
    """
    home = home_in(environment)
    try:
        is_rehearsal = (home / REHEARSAL).is_file()
    except PermissionError:
        is_rehearsal = False
    return _clock(home, environment.get("CTW_NOW", "")) if is_rehearsal else ""


def _clock(home: Path, asked: str) -> str:
    """Return the time of a rehearsal, as asked or else as kept; empty in an everyday home."""
    marker = home / REHEARSAL
    if marker.is_file():
        return asked or _kept_time(marker)
    if asked:
        raise SettingsError(
            f"CTW_NOW is set, but {home} is not a rehearsal, so the time cannot be chosen there. "
            "Unset CTW_NOW, or make a home for rehearsals: ctw rehearse --now TIME --home DIR"
        )
    return ""


def _kept_time(marker: Path) -> str:
    try:
        kept = json.loads(marker.read_text(encoding="utf-8"))["now"]
    except (ValueError, KeyError, TypeError):
        kept = None
    if isinstance(kept, str) and kept:
        return kept
    raise SettingsError(
        f"{marker} does not say what time it is in this rehearsal. Say it again: "
        f"ctw rehearse --now TIME --home {marker.parent}"
    )


def code_version(environment: Mapping[str, str] | None = None) -> str:
    """Name the code of this process, as `code_in` does; git is asked once."""
    found = os.environ if environment is None else environment
    return _code(*(found.get(name, "") for name in CODE))


@cache
def _code(*values: str) -> str:
    return code_in(ROOT, dict(zip(CODE, values, strict=True)))
