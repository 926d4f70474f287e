"""Settings that every command checks: the port of the UI, and the profile."""

import pytest

from operations.desk.addresses import address_of
from operations.errors import SettingsError
from operations.home.settings import Settings
from schemas.quarter import Quarter


def read(home, port):
    return Settings.read(
        {"CTW_HOME": str(home), "CTW_CODE_VERSION": "v", **({"CTW_UI_PORT": port} if port else {})}
    )


@pytest.mark.parametrize(("port", "shown"), [("", 3000), ("1", 1), ("65535", 65535)])
def test_links_to_the_desk_name_the_port_that_is_set(tmp_path, port, shown):
    settings = read(tmp_path / "home", port)
    link = address_of(settings, Quarter(2026, 2), "returns/", "areas")
    assert link == f"http://127.0.0.1:{shown}/desk/2026-27Q2/returns/#areas"


def test_links_to_the_desk_lead_to_the_proxy_that_people_open(tmp_path):
    found = {"CTW_HOME": str(tmp_path / "home"), "CTW_PROXY_ADDRESS": "https://stats.example.org/"}
    link = address_of(Settings.read({**found, "CTW_CODE_VERSION": "v"}), Quarter(2026, 2))
    assert link == "https://stats.example.org/desk/2026-27Q2/"


@pytest.mark.parametrize("port", ["0", "65536", "-1", "x", "3000 ", "9" * 5000])
def test_what_is_no_port_is_refused(tmp_path, port):
    with pytest.raises(SettingsError, match="CTW_UI_PORT is .*; write a number from 1 to 65535"):
        read(tmp_path / "home", port)


def test_a_profile_that_does_not_exist_is_refused_by_every_command(tmp_path):
    home = {"CTW_HOME": str(tmp_path / "home")}
    with pytest.raises(SettingsError, match="CTW_PROFILE is 'foo'; it can be service, or not set"):
        Settings.read({**home, "CTW_PROFILE": "foo"})
    Settings.read({**home, "CTW_PROFILE": "service"})
