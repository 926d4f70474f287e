"""Whatever a person types into a record passes one gate, and the registers take nothing else."""

from dataclasses import replace

import pytest

from operations.errors import SignOffError
from operations.home.settings import Settings
from operations.releases import register
from operations.releases.adopt import adopt
from operations.releases.corrections import ask
from operations.releases.explanations import explain, explanations
from operations.releases.quarter_records import KINDS
from operations.releases.release_records import sign, sign_offs
from operations.releases.release_store import mark_published, write_version
from operations.releases.treatments import choice, choose
from publications.release.calendar import release_at
from schemas.personal import A_NAME
from tests.assets.made_releases import QUARTER, asked
from tests.explaining import BY
from tests.personal_texts import NAMES, ORDINARY, PERSONAL, ROLES

AREAS = ("CTW-EN01",)
HASH = "0" * 64
FILES = {"manifest.json": b'{"populations": {}}'}
KIND = "a telephone number"


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path, code_version="drawn")


def given_by(**who):
    """Return how each act is given by somebody."""
    by = replace(BY, **who)
    return {
        "sign-off": lambda s: sign(s, QUARTER, 1, asked(HASH, **who)),
        "treat": lambda s: choose(s, QUARTER, "leave_out", AREAS, "It is small.", by),
        "explain": lambda s: explain(s, QUARTER, {"CTW-EN01": "It was down."}, by),
        "correct": lambda s: ask(s, QUARTER, "minor", "An area claimed twice.", by),
    }


def saying(text):
    """Return how each act is given with a text for its record."""
    return {
        "sign-off: reason": lambda s: sign(s, QUARTER, 1, asked(HASH, reason=text)),
        "sign-off: note": lambda s: sign(s, QUARTER, 1, asked(HASH, note=text)),
        "treat: reason": lambda s: choose(s, QUARTER, "leave_out", AREAS, text, BY),
        "explain: explanation": lambda s: explain(s, QUARTER, {"CTW-EN01": text}, BY),
        "correct: reason": lambda s: ask(s, QUARTER, "minor", text, BY),
        "adopt: name": lambda s: adopt(s, f"Ann {text}"),
    }


def public(settings):
    """Have a version public, so that it can be corrected."""
    write_version(settings, QUARTER, 1, FILES)
    mark_published(settings, QUARTER, 1, release_at(QUARTER))


def records(settings):
    """Return all that was recorded."""
    return [
        line
        for file in sorted((settings.home / "registers").rglob("*.json*"))
        for line in file.read_text().splitlines()
    ]


@pytest.mark.parametrize("act", given_by())
@pytest.mark.parametrize("word", ["name", "role"])
def test_a_name_or_role_with_a_personal_detail_is_refused_by_every_act(settings, act, word):
    public(settings)
    before = records(settings)
    with pytest.raises(SignOffError, match=f"^The {word} holds what looks like {KIND}") as refusal:
        given_by(**{word: "Ann, 07700 900123"})[act](settings)
    assert "07700" not in str(refusal.value)
    assert records(settings) == before


# the field for a name may hold one
REFUSED = [
    (act, kind) for act in saying("") for kind in PERSONAL if (act, kind) != ("adopt: name", A_NAME)
]


@pytest.mark.parametrize(("act", "kind"), REFUSED)
def test_a_text_with_a_personal_detail_is_refused_by_every_act(settings, act, kind):
    texts = PERSONAL[kind]
    public(settings)
    before = records(settings)
    field = act.split(": ")[1]
    with pytest.raises(SignOffError, match=f"^The {field} .*holds what looks like") as refusal:
        saying(texts[0])[act](settings)
    assert kind in str(refusal.value)
    assert texts[0] not in str(refusal.value)
    assert records(settings) == before


def test_the_name_of_a_person_may_stand_where_a_name_is_asked_for_and_nowhere_else(settings):
    sign(settings, QUARTER, 1, asked(HASH, name="Dr Siân Okafor"))
    assert sign_offs(settings, QUARTER, 1)[-1].name == "Dr Siân Okafor"
    with pytest.raises(SignOffError, match="^The role holds what looks like the name of a person"):
        sign(settings, QUARTER, 1, asked(HASH, role="Dr Siân Okafor"))


def test_ordinary_words_are_recorded_as_they_were_typed(settings):
    public(settings)
    for text in (ORDINARY[0], *ORDINARY[2:5]):
        sign(settings, QUARTER, 1, asked(HASH, reason=text, note=text, name=NAMES[0]))
        explain(settings, QUARTER, {"CTW-EN01": text}, replace(BY, role=ROLES[0]))
        assert sign_offs(settings, QUARTER, 1)[-1].reason == text
        assert explanations(settings, QUARTER)["CTW-EN01"].text == text
    assert choice(settings, QUARTER) is None


@pytest.mark.parametrize("kind", KINDS, ids=[kind.folder for kind in KINDS])
def test_no_register_takes_a_text_that_did_not_pass_the_gate(settings, kind):
    with pytest.raises(TypeError, match="The field remark of a record did not pass the gate"):
        kind.add(settings, QUARTER, [{"about": "CTW-EN01", "remark": "Ask Ann."}])
    with pytest.raises(TypeError, match="The field remarks of a record"):
        register.append(settings, register.SIGN_OFF, QUARTER, 1, {"remarks": ["Ask Ann."]})
    assert records(settings) == []
