"""In a checkout git says which code it is, whatever a variable says."""

import subprocess

import pytest

from operations.home.checkout import ROOMS, code_in, why_unnamed
from operations.home.settings import ROOT

NAME = ("-c", "user.name=A", "-c", "user.email=a@example.org")


def git(root, *words):
    done = subprocess.run(["git", *NAME, *words], cwd=root, capture_output=True, check=True)
    return done.stdout.decode().strip()


@pytest.fixture
def checkout(tmp_path):
    """A checkout with one module, which is committed."""
    git(tmp_path, "init", "-q")
    (tmp_path / "pipelines").mkdir()
    (tmp_path / "pipelines" / "one.py").write_text("one = 1\n")
    (tmp_path / ".gitignore").write_text("local_*\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "One")
    return tmp_path


def commit_of(checkout):
    return git(checkout, "rev-parse", "--short=12", "HEAD")


CHANGES = {
    "an edited module": ("pipelines/one.py", True),
    "a new module": ("pipelines/two.py", True),
    "a new declaration below": ("publications/tables/more.toml", True),
    "a module that git is told to ignore": ("pipelines/local_three.py", True),
    "what Python keeps": ("pipelines/__pycache__/one.cpython-313.pyc", False),
    "a file of the home": ("var/notes.txt", False),
}


@pytest.mark.parametrize(("path", "differs"), CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("stated", ["", "0123abc", "the commit"])
def test_what_differs_from_the_commit_is_said_whatever_the_variable_says(
    checkout, path, differs, stated
):
    known = commit_of(checkout)
    variable = {"CTW_CODE_VERSION": known if stated == "the commit" else stated}
    assert code_in(checkout, variable) == known
    (checkout / path).parent.mkdir(parents=True, exist_ok=True)
    (checkout / path).write_text("changed = 1\n")
    assert code_in(checkout, variable) == known + ("+changes" if differs else "")


@pytest.mark.parametrize(
    ("stated", "code"), [("2.1.0", "2.1.0"), (" 2.1 ", "2.1"), ("", "unknown"), (" - ", "unknown")]
)
def test_without_a_checkout_the_variable_says_which_code_it_is(tmp_path, stated, code):
    assert code_in(tmp_path, {"CTW_CODE_VERSION": stated}) == code


def test_a_checkout_of_which_git_says_nothing_is_unknown_code(checkout, monkeypatch):
    monkeypatch.setenv("PATH", str(checkout))
    assert code_in(checkout, {"CTW_CODE_VERSION": "2.1.0"}) == "unknown"


def test_a_checkout_that_another_user_owns_is_unknown_code_and_git_says_why(checkout, monkeypatch):
    assert why_unnamed(checkout) == ""
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(checkout.parent / "config"))
    assert code_in(checkout, {}) == "unknown"
    said, _, command = why_unnamed(checkout).partition("As the user who runs ctw: ")
    assert said == f"Git does not trust the checkout {checkout}, as another user owns it. "
    subprocess.run(command, shell=True, check=True)
    assert code_in(checkout, {}) == git(checkout, "rev-parse", "--short=12", "HEAD")
    assert why_unnamed(checkout) == ""


def test_what_else_git_says_of_a_checkout_is_passed_on(tmp_path):
    git(tmp_path, "init", "-q")
    assert why_unnamed(tmp_path).startswith(f"Of the checkout {tmp_path} git says: fatal: ")


def test_without_git_there_is_no_reason_of_its_own(checkout, monkeypatch):
    monkeypatch.setenv("PATH", str(checkout))
    assert why_unnamed(checkout) == ""


def test_tests_state_their_code_beside_a_checkout_and_never_a_commit(checkout):
    ignored = {"CTW_CHECKOUT": "ignored"}
    assert code_in(checkout, {**ignored, "CTW_CODE_VERSION": "drawn"}) == "drawn"
    known = commit_of(checkout)
    (checkout / "pipelines" / "one.py").write_text("one = 2\n")
    assert code_in(checkout, {**ignored, "CTW_CODE_VERSION": known}) == f"{known}+changes"
    assert code_in(checkout, ignored) == f"{known}+changes"


def test_the_rooms_of_this_checkout_hold_what_the_product_is_made_of():
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}

    assert packages - {"bench", "tests"} == set(ROOMS)
