"""Release folders as the build makes them, and their way to the public, for tests of publishing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from functools import cache

from operations.home.keys import keys_of
from operations.releases.publishing import publish, sign_off
from operations.releases.release_store import SignOff, folder_of, manifest_hash, write_version
from operations.releases.run_records import Run, record_run
from publications.folder import render
from publications.release.calendar import release_at
from publications.release.model import AttackOutcome
from publications.release.table import Figure
from schemas.quarter import Quarter
from tests.publications.release_sample import sample, with_figure

BEFORE, QUARTER = Quarter(2026, 1), Quarter(2026, 2)
ENGLAND_AND_WALES = "K04000001"
WRITTEN = "2026-06-01T12:00:00+01:00"


@cache
def files_of(quarter=QUARTER, version=1, earlier=(), funding=None, due=None, code=None):
    """The files of a release; `funding` is the amount claimed in 2026-27, in pounds."""
    outcome = AttackOutcome(True, 1, 1, 0, earlier, 0, (), 0, {})
    release = replace(sample(quarter.id), version=version, attack=outcome)
    if code:
        release = replace(release, code_version=code)
    if due:
        release = replace(release, release_at=datetime.fromisoformat(due))
    if funding:
        figure = Figure(funding)
        place = {"delivery_area": ENGLAND_AND_WALES, "quarter": "2026-27"}
        release = with_figure(release, "funding", "funding_claimed", figure, **place)
    return render(release)


def built(settings, quarter=QUARTER, version=1, **more):
    """Write a version of a release and its run, as a build does, and return its manifest."""
    keys_of(settings)
    write_version(settings, quarter, version, files_of(quarter, version, **more))
    manifest = manifest_hash(folder_of(settings, quarter, version))
    record_run(settings, quarter, version, Run("drawn", "drawn", WRITTEN, manifest))
    return manifest


def asked(manifest, **more):
    """What an approver says."""
    words = {"name": "A Person", "role": "Head of Profession", "note": "Read"}
    at = "2026-12-17T09:00:00+00:00"
    return SignOff(**(words | more), signed_at=at, manifest_sha256=manifest)


def released(settings, quarter=QUARTER, version=1, reason="", at=None, **more):
    """Build, sign off and publish a version."""
    manifest = built(settings, quarter, version, **more)
    sign_off(settings, quarter, asked(manifest, reason=reason))
    publish(settings, quarter, at or release_at(quarter))


def register_lines(settings):
    """The lines of the register."""
    return (settings.home / "registers" / "releases.jsonl").read_text().splitlines()


def rewrite(file, lines):
    """Write lines as a file."""
    file.write_text("".join(f"{line}\n" for line in lines))


def edited(line, **words):
    """A line with other words and the old seal."""
    return json.dumps({**json.loads(line), **words}, sort_keys=True, separators=(",", ":"))
