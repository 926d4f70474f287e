"""What is refused is a short failure in the UI, and a message on the command line."""

import signal
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest
import typer
from typer.testing import CliRunner

from assets.cli import app
from assets.definitions import defs
from assets.faults import fault_of
from assets.instance import instance
from assets.partitions import taken_for_now
from assets.refusals import refusals
from assets.user_errors import reports_user_errors
from operations.errors import SignOffError
from operations.home.clock import now
from operations.home.settings import Settings
from operations.releases.release_store import sign_offs
from tests.assets.form_address import filled_in
from tests.assets.made_releases import BEFORE, QUARTER, built, released

SAID = "it is not signed off; sign it off"


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """A home in which it is the moment of the release of a quarter."""
    home = tmp_path / "home"
    done = CliRunner().invoke(
        app, ["rehearse", "--now", "2026-12-17T09:30:00+00:00", "--home", str(home)]
    )
    assert done.exit_code == 0, done.output
    monkeypatch.setenv("CTW_HOME", str(home))
    return Settings.read()


def launched(settings, job, quarter=QUARTER, config=None, **tags):
    """Run a job of people as the UI does."""
    ops = {"ops": config} if config else {}
    with (
        instance(settings) as held,
        taken_for_now(now(settings)),
    ):
        return defs.resolve_job_def(job).execute_in_process(
            run_config=ops,
            instance=held,
            partition_key=quarter.start.isoformat() if quarter else None,
            raise_on_error=False,
            tags=tags,
        )


def approval(manifest, **more):
    words = {"name": "A Person", "role": "Head of Profession", "note": "Read"}
    return {"publications__sign_off": {"config": {"manifest": manifest, **words, **more}}}


def failure(done):
    """What Dagster shows of the step that failed: the description, and how deep the trace is."""
    (event,) = [event for event in done.all_events if event.is_step_failure]
    error = event.step_failure_data.error
    return event.step_failure_data.user_failure_data.description, error


def test_a_publication_without_sign_off_is_a_failure_in_words_without_a_trace_of_ours(settings):
    built(settings)
    words, error = failure(launched(settings, "publish_release"))
    assert words.startswith("2026-27 Q2 v1 is not signed off. Read it, then: ctw sign-off")
    assert words.endswith("\nIn the UI: Jobs > sign_off_release (fill in manifest, name, role).")
    assert error.cause is None
    assert not any("publishing.py" in line for line in error.stack)


def form_of(done):
    """The job, the quarter and the fields of the form to which a refusal leads."""
    (event,) = [event for event in done.all_events if event.is_step_failure]
    return filled_in(event.step_failure_data.user_failure_data.metadata["form"].value)


def test_a_refused_publication_leads_to_the_form_of_the_sign_off_with_the_manifest(settings):
    manifest = built(settings)
    done = launched(settings, "publish_release")
    job, partition, filled = form_of(done)
    assert (job, partition) == ("sign_off_release", QUARTER.start.isoformat())
    assert filled["manifest"] == manifest[:16]
    assert filled["name"] is None


def test_a_blank_name_is_refused_at_once_and_nothing_is_recorded(settings):
    manifest = built(settings)
    done = launched(settings, "sign_off_release", config=approval(manifest, name="  "))
    words, _ = failure(done)
    assert words.startswith("This needs the name and the role of the person who decides")
    assert words.endswith(
        "\nIn the UI: Jobs > sign_off_release (fill in manifest, name, role), once that is done or "
        "put right."
    )
    assert form_of(done)[:2] == ("sign_off_release", QUARTER.start.isoformat())
    assert fault_of(done) == words.partition("\n")[0], "the command line has no jobs"
    assert sign_offs(settings, QUARTER, 1) == []


SEVERAL = {
    "dagster/asset_partition_range_start": QUARTER.previous.start.isoformat(),
    "dagster/asset_partition_range_end": QUARTER.start.isoformat(),
}
"""The tags of one run of several quarters."""


@pytest.mark.parametrize(
    ("job", "act"), [("sign_off_release", "Sign-off"), ("publish_release", "Publication")]
)
def test_what_a_person_decides_is_refused_for_several_quarters_at_a_time(settings, job, act):
    manifest = built(settings)
    config = approval(manifest) if act == "Sign-off" else None
    backfill = launched(settings, job, config=config, **{"dagster/backfill": "abcdefgh"})
    for done in (backfill, launched(settings, job, quarter=None, config=config, **SEVERAL)):
        words, _ = failure(done)
        assert words.startswith(f"{act} is for one quarter at a time")
        assert "Choose one quarter in the launchpad" in words
    assert sign_offs(settings, QUARTER, 1) == []


def test_a_sign_off_shows_afterwards_who_signed_what_when_and_why(settings):
    manifest = built(settings)
    done = launched(settings, "sign_off_release", config=approval(manifest))
    words = shown(done)
    assert words == words | {
        "quarter": "2026-27 Q2",
        "version": "1",
        "signed off by": "A Person",
        "role": "Head of Profession",
        "when": "09:30 on 17 December 2026 (London)",
        "note": "Read",
        "known": "by the name that was typed, and nothing else",
        "questions to areas": "none is open",
        "manifest sha256": manifest,
    }


def ctw(*words):
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code == 0, done.output
    return done.output


def test_a_second_person_signs_beside_the_first_and_a_second_publication_says_what_it_found(
    settings,
):
    manifest = built(settings)
    signing = ("sign-off", QUARTER.id, "--manifest", manifest, "--role", "Head of Profession")
    assert "Signed off by Ann, Head of Profession. Next" in ctw(*signing, "--name", "Ann")
    both = "igned off by Ann, Head of Profession and by Bob, Head of Profession"
    assert f"S{both}. Next" in ctw(*signing, "--name", "Bob")
    assert f"s{both}; release" in ctw("status")
    assert {one.known_by for one in sign_offs(settings, QUARTER, 1)} == {"operating system"}
    since = "2026-27 Q2 v1 is public since 09:30 on 17 December 2026 (London)"
    first = ctw("publish", QUARTER.id)
    assert since in first
    assert "already" not in first
    second = ctw("publish", QUARTER.id)
    assert since in second
    assert "It was public already, so nothing was published." in second
    found = launched(settings, "publish_release")
    assert shown(found)["this run"] == "found it public already"


def test_the_status_says_that_an_overtaken_quarter_may_not_go_out(settings):
    released(settings)
    built(settings, BEFORE)
    assert "may not go out any more: readers have 2026-27 Q2 already" in ctw("status")


def shown(done):
    """What the asset of a run shows."""
    (made,) = [event.step_materialization_data.materialization for event in materialized(done)]
    return {name: value.value for name, value in made.metadata.items()}


def materialized(done):
    return [event for event in done.all_events if event.is_step_materialization]


def test_a_version_that_is_public_cannot_be_signed_off_again(settings):
    manifest = built(settings)
    assert launched(settings, "sign_off_release", config=approval(manifest)).success
    assert launched(settings, "publish_release").success
    words, _ = failure(launched(settings, "sign_off_release", config=approval(manifest)))
    assert words.startswith("2026-27 Q2 v1 is public since 09:30 on 17 December 2026 (London)")
    assert "ctw correct" in words
    assert len(sign_offs(settings, QUARTER, 1)) == 1


def test_the_form_of_a_sign_off_describes_every_field():
    config = defs.resolve_job_def("sign_off_release").run_config_schema.config_type
    fields = config.fields["ops"].config_type.fields["publications__sign_off"]
    asked = fields.config_type.fields["config"].config_type.fields
    assert {name for name, field in asked.items() if field.is_required} == {
        "manifest",
        "name",
        "role",
    }
    assert all(field.description for field in asked.values())


def test_only_errors_of_ours_become_refusals():
    with pytest.raises(dg.Failure, match=SAID), refusals():
        raise SignOffError(SAID)
    with pytest.raises(ZeroDivisionError), refusals():
        _ = 1 / 0


def test_no_trace_reaches_the_command_line_and_it_is_kept(settings, capsys):
    @reports_user_errors
    def faulty():
        return 1 / 0

    with pytest.raises(typer.Exit):
        faulty()
    said = capsys.readouterr().err
    assert "stopped because of a fault in the system (ZeroDivisionError)" in said
    kept = settings.home / "last_fault.txt"
    assert str(kept) in said
    assert "Traceback" in kept.read_text()
    assert kept.stat().st_mode & 0o777 == 0o600


def test_an_interrupted_command_says_so_in_one_line(settings, capsys):
    @reports_user_errors
    def interrupted():
        signal.raise_signal(signal.SIGINT)

    with pytest.raises(typer.Exit) as ended:
        interrupted()
    assert ended.value.exit_code == 130
    said = capsys.readouterr().err
    assert said == (
        "Interrupted before it was done. Run the same command again; ctw status says what is "
        "public.\n"
    )
    assert not (settings.home / "last_fault.txt").exists()


READ_ONLY = """
mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && exec "$2" status
"""


def test_the_status_of_a_home_that_cannot_be_written_is_shown(settings):
    built(settings)
    if subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody mount a folder read-only")
    command = str(Path(sys.executable).with_name("ctw"))
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", READ_ONLY, "sh", str(settings.home), command],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "2026-27 Q2  v1  draft; release 17 December 2026 09:30" in done.stdout
