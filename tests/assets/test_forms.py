"""Links to forms: what Dagster opens is the form of the job, and is not launched while unfilled."""

import json
from urllib.parse import parse_qs, urlsplit

import dagster as dg
import pytest
import yaml

from assets.definitions import defs
from assets.forms import Approval, Correct, Explained, KnownWrong, form_link, form_text

SIGN = ("sign_off_release", "publications__sign_off", Approval)
EXPLAIN = ("explain_quality", "publications__explanations", Explained)
KNOWN_WRONG = ("name_wrong_tables", "publications__known_errors", KnownWrong)
CORRECT = ("correct_release", "publications__correction", Correct)


def is_accepted(job, config):
    return dg.validate_run_config(defs.resolve_job_def(job), config) is not None


@pytest.mark.parametrize(
    ("form", "given", "missing"),
    [
        (SIGN, {"manifest": "0123456789ab"}, {"name": "Ann", "role": "Head of Profession"}),
        (
            EXPLAIN,
            {"because": {"CTW-EN01": None}},
            {"name": "Ann", "role": "Statistician", "because": {"CTW-EN01": "It was down."}},
        ),
        (
            CORRECT,
            {},
            {"reason": "Typed twice.", "severity": "minor", "name": "Ann", "role": "Statistician"},
        ),
        (KNOWN_WRONG, {}, {"reason": "One started twice.", "name": "Ann", "role": "Statistician"}),
    ],
    ids=["sign-off", "explanation", "correction", "known error"],
)
def test_a_form_is_launched_once_every_blank_field_has_a_text(form, given, missing):
    job, step, fields = form
    config = yaml.safe_load(form_text(step, fields, given))
    with pytest.raises(dg.DagsterInvalidConfigError):
        is_accepted(job, config)
    config["ops"][step]["config"].update(missing)
    assert is_accepted(job, config)


def test_a_link_opens_the_form_of_the_quarter_with_each_field_below_its_description():
    text = form_link(*SIGN, "2026-07-01", {"manifest": "0123456789ab"}).value
    link = urlsplit(text.removeprefix("[Open the form](").removesuffix(")"))
    assert link.path == "/locations/connect_to_work/jobs/sign_off_release/playground/setup"
    asked = {name: values[0] for name, values in parse_qs(link.query).items()}
    assert (asked["tags[0][key]"], asked["tags[0][value]"]) == ("dagster/partition", "2026-07-01")
    lines = asked["config"].splitlines()
    assert lines[lines.index("      name:") - 1] == "      # The person who approves, by name"
    assert '      manifest: "0123456789ab"' in lines


def test_what_is_given_stands_in_the_form_as_it_was_whatever_it_holds():
    odd = 'a "b": # c\n- ü'
    config = yaml.safe_load(form_text("step", Approval, {"manifest": odd}))
    assert config["ops"]["step"]["config"]["manifest"] == odd == json.loads(json.dumps(odd))
