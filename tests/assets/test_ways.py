"""A message that names a command says what to do in the UI too, from one table of both."""

import dagster as dg
import pytest
import typer
import yaml

from assets.cli import app
from assets.definitions import defs
from assets.runs import PUBLISH, REMIND
from assets.ways import OTHERS, WAYS, for_the_command_line, forms_of, page_of, with_ways
from schemas.quarter import Quarter
from tests.assets.form_address import filled_in

QUARTER = Quarter(2026, 2)
NOBODY_IN_THE_UI = {"check", "checker", "score", "seal", "simulate", "template", "ui"}
"""Commands of areas and of those who start the UI, of whom no step of a run asks anything."""


def test_every_command_has_a_way_in_the_ui_or_says_that_it_has_none():
    commands = set(typer.main.get_command(app).commands)
    assert commands == {*WAYS, *OTHERS} | NOBODY_IN_THE_UI


@pytest.mark.parametrize("command", WAYS)
def test_the_way_of_a_command_is_a_job_that_is_there_with_a_step_of_this_form(command):
    way = WAYS[command]
    schema = defs.resolve_job_def(way.job).run_config_schema.config_type
    step = schema.fields["ops"].config_type.fields[way.step]
    assert set(step.config_type.fields["config"].config_type.fields) == set(way.form.model_fields)


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (
            "Read it: ctw sign-off 2026-27Q2 --manifest 0123456789ab --name NAME --role ROLE",
            "Jobs > sign_off_release (fill in manifest, name, role)",
        ),
        (
            "Go on: ctw publish 2026-27Q2 --version 3. Then",
            "Jobs > publish_release (fill in version)",
        ),
        (
            "A trial: ctw build QUARTER --allow-unknown-code",
            "Jobs > quarterly_build (fill in allow_unknown_code)",
        ),
        (
            "Choose (ctw treat 2026-27Q2), and build again: ctw build 2026-27Q2",
            "Jobs > treat_missing (fill in method, reason, name, role); Jobs > quarterly_build",
        ),
        (
            "Put it back: ctw records --restore",
            "ctw records has no form here, ask somebody who runs commands of the service",
        ),
    ],
)
def test_a_message_says_beside_the_command_which_job_and_which_fields(message, said):
    assert with_ways(message) == f"{message}\nIn the UI: {said}."
    assert for_the_command_line(with_ways(message)) == message


def test_a_message_without_a_command_says_to_launch_its_own_job_again():
    assert "Jobs > publish_release, once that is" in with_ways("It is under embargo.", PUBLISH)
    assert "Jobs > remind_areas, once that is" in with_ways("There is no such date.", REMIND)
    assert with_ways("The desk does not show that.") == "The desk does not show that."


def test_the_form_of_a_command_is_filled_in_with_what_the_message_gives():
    [link] = forms_of("ctw publish 2026-27Q2 --version 3 --manifest MANIFEST").values()
    job, partition, config = filled_in(link.value)
    assert (job, partition) == ("publish_release", "2026-07-01")
    assert config == {"version": 3, "manifest": ""}
    assert dg.validate_run_config(
        defs.resolve_job_def(job), {"ops": {"publications__site": {"config": config}}}
    )


def test_a_command_without_a_quarter_has_a_form_only_where_the_quarter_is_known():
    assert forms_of("ctw explain") == {}
    [link] = forms_of("ctw explain", QUARTER).values()
    assert filled_in(link.value)[:2] == ("explain_quality", "2026-07-01")


def test_the_form_of_a_treatment_has_every_field_of_the_choice():
    page = page_of("treat", QUARTER, {})
    job, _, config = filled_in(f"[x]({page})")
    assert job == "treat_missing"
    assert yaml.safe_dump(config) == yaml.safe_dump(dict.fromkeys(config))
    assert set(config) == {"method", "reason", "name", "role"}
