"""Programs of Debian that tests need: where they are looked for, and that CI installs each."""

import pytest

from operations.home.settings import ROOT
from tests.tools import PACKAGES, needed


def test_every_package_that_a_test_needs_is_installed_by_ci_and_named_where_markers_are():
    for file in (".ci/run", "pyproject.toml"):
        text = (ROOT / file).read_text()
        assert [name for name in PACKAGES.values() if name not in text] == [], file
    [looked_for] = [line for line in (ROOT / ".ci/run").read_text().splitlines() if "for " in line]
    assert set(PACKAGES) <= set(looked_for.removesuffix("; do").split())


def test_a_server_is_found_by_who_is_not_the_superuser(monkeypatch):
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    assert str(needed("chroot")) == "/usr/sbin/chroot"


@pytest.mark.parametrize(("required", "outcome"), [("", pytest.skip), ("1", pytest.fail)])
def test_a_program_that_is_missing_is_named_with_its_package(monkeypatch, required, outcome):
    monkeypatch.setitem(PACKAGES, "not-there", "a-package")
    monkeypatch.setenv("CTW_REQUIRE_TOOLS", required)
    with pytest.raises(outcome.Exception, match="not-there is not installed: apt-get install a-p"):
        needed("not-there")
