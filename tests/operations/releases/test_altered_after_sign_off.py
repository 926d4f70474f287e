"""A refusal says what differs: a file behind an unchanged manifest, or the manifest itself."""

import pytest

from operations.errors import SignOffError
from operations.home.settings import Settings
from operations.releases.publishing import publish, sign_off
from operations.releases.release_store import folder_of
from publications.release.calendar import release_at
from tests.assets.made_releases import QUARTER, asked, built


def test_a_file_that_was_altered_after_sign_off_is_named_and_no_two_manifests_are(tmp_path):
    settings = Settings(home=tmp_path, code_version="v")
    sign_off(settings, QUARTER, asked(built(settings)))
    page = folder_of(settings, QUARTER, 1) / "index.html"
    page.chmod(0o600)
    page.write_text("another")
    with pytest.raises(SignOffError) as refused:
        publish(settings, QUARTER, release_at(QUARTER))
    said = str(refused.value)
    assert said.startswith("2026-27 Q2 v1 is not as it was signed off: index.html was altered")
    assert "signed off with the manifest" not in said
