"""A proxy with a login before the UI: which requests are its, and who it says has logged in.

The proxy shows a secret that only it and this service know, so that nobody on the machine can speak
in its name. What the guard found out goes to Dagster's server in a header of its own, sealed with a
key of this process: a header that came from outside is not believed.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from operations.errors import SettingsError

ACCOUNT = "x-ctw-account"
EMAIL = "x-forwarded-email"
NAMES_SOMEBODY = (
    EMAIL,
    "x-forwarded-user",
    "x-forwarded-preferred-username",
    "x-forwarded-groups",
    "x-forwarded-access-token",
    "x-auth-request-email",
    "x-auth-request-user",
    "x-auth-request-preferred-username",
    "x-auth-request-groups",
    "x-auth-request-access-token",
    ACCOUNT,
)
"""The headers by which a proxy, or somebody who pretends to be one, names a person."""
SHORTEST = 32
PERSON = re.compile(r"[^\s,;|<>\"@]{1,64}(@[^\s,;|<>\"@]{1,190})?")
"""The address or name of one person, and nothing that several could stand apart by."""
_KEY = secrets.token_bytes(32)


@dataclass(frozen=True)
class Proxy:
    """The address that people open, such as https://stats.example.org, and the proxy's secret."""

    address: str
    secret: str = field(repr=False)

    @property
    def host(self) -> str:
        """The host, with its port where one is given, as a browser sends it."""
        return urlsplit(self.address).netloc

    def brings_secret(self, authorization: str) -> bool:
        """Whether a request holds the secret of the proxy, as the password of HTTP Basic."""
        kind, _, given = authorization.partition(" ")
        try:
            _, _, password = base64.b64decode(given, validate=True).partition(b":")
        except (binascii.Error, ValueError):
            return False
        return kind.lower() == "basic" and hmac.compare_digest(password, self.secret.encode())


def proxy_in(environment: Mapping[str, str]) -> Proxy | None:
    """Return the proxy that the profile of the service names; None without one.

    Raises `SettingsError` for a proxy outside the service, what is not an address, and a secret
    that is missing, short, or that others can read.
    """
    address, file = (environment.get(f"CTW_PROXY_{name}", "") for name in ("ADDRESS", "SECRET"))
    if not (address or file):
        return None
    if environment.get("CTW_PROFILE") != "service":
        raise SettingsError(
            "CTW_PROXY_ADDRESS and CTW_PROXY_SECRET are for the service: set CTW_PROFILE=service "
            "there, or unset them."
        )
    return Proxy(f"https://{_host_in(address)}", _secret_in(Path(file)))


def _host_in(address: str) -> str:
    """Return the host of an address that people open, with its port where it has one."""
    try:
        parts = urlsplit(address)
        has_host = bool(parts.hostname) and parts.port != 0  # a port above 65535 is a ValueError
    except ValueError:
        has_host = False
    if not has_host or parts.scheme != "https" or parts.path.strip("/"):
        raise SettingsError(
            f"CTW_PROXY_ADDRESS is {address!r}; write the address that people open, such as "
            "https://stats.example.org"
        )
    return parts.netloc


def _secret_in(file: Path) -> str:
    if not file.is_file():
        raise SettingsError(
            f"CTW_PROXY_SECRET is {str(file)!r}, which is no file. Name the file that holds the "
            "password which the proxy sends (basic_auth_password of oauth2-proxy)."
        )
    if file.stat().st_mode & 0o077:
        raise SettingsError(
            f"{file} can be read by others than its owner. Run: chmod 600 {file}, and consider a "
            "new secret."
        )
    secret = file.read_text(encoding="utf-8").strip()
    if len(secret) < SHORTEST:
        raise SettingsError(f"{file} holds fewer than {SHORTEST} characters: make a longer secret.")
    return secret


def forwarded(name: str) -> str:
    """Return the value of the header that tells Dagster's server in this process who asks."""
    return json.dumps({"name": name, "seal": _seal(name)})


def name_in(header: str | None) -> str:
    """Return who asks, by a header that this process has written; "" for any other header."""
    try:
        words = json.loads(header or "{}")
        name, seal = str(words["name"]), str(words["seal"])
    except (ValueError, KeyError, TypeError):
        return ""
    return name if hmac.compare_digest(seal.encode(), _seal(name).encode()) else ""


def _seal(name: str) -> str:
    return hmac.new(_KEY, name.encode(), "sha256").hexdigest()
