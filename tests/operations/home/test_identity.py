"""How the person who decides is known: sealed for one run, so that no tag can be made up."""

import os
import pwd

import pytest

from operations.home.identity import TYPED, Account, account_here, account_of, sealed_account
from operations.home.settings import Settings

ANN = Account("ann@example.org", "proxy")


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path, code_version="drawn")


def test_an_account_is_known_for_the_run_that_it_was_sealed_for_and_no_other(settings):
    tag = sealed_account(settings, "one", ANN)
    assert account_of(settings, "one", tag) == ANN
    assert account_of(settings, "another", tag) == TYPED


@pytest.mark.parametrize("change", [("ann", "eve"), ('"proxy"', '"operating system"')])
def test_a_tag_that_was_changed_names_nobody(settings, change):
    tag = sealed_account(settings, "one", ANN).replace(*change)
    assert account_of(settings, "one", tag) == TYPED


@pytest.mark.parametrize("tag", [None, "", "ann", "[]", '{"name": "ann", "known_by": "proxy"}'])
def test_a_run_without_a_sealed_tag_is_known_by_the_name_that_was_typed(settings, tag):
    assert account_of(settings, "one", tag) == TYPED


def test_the_account_of_this_machine_is_one_that_it_has():
    found = account_here()
    assert found.known_by == "operating system"
    assert str(found) == f"by the account {found.name} of this machine"


def test_the_account_is_the_one_of_the_login_and_not_the_one_that_runs_the_command(tmp_path):
    other = next(one for one in pwd.getpwall() if one.pw_uid != os.getuid())
    record = tmp_path / "loginuid"
    record.write_text(str(other.pw_uid))
    found = account_here(record)
    assert found == Account(pwd.getpwuid(other.pw_uid).pw_name, "operating system")
    assert found != account_here(tmp_path / "none")


@pytest.mark.parametrize("written", ["4294967295", "", None])
def test_without_a_recorded_login_the_account_is_the_one_that_runs_the_command(tmp_path, written):
    record = tmp_path / "loginuid"
    if written is not None:
        record.write_text(written)
    name = pwd.getpwuid(os.getuid()).pw_name
    assert account_here(record) == Account(name, "operating system")


def test_a_login_of_which_the_machine_has_no_name_is_known_by_its_number(tmp_path):
    unknown = max(one.pw_uid for one in pwd.getpwall() if one.pw_uid < 2**31) + 1
    record = tmp_path / "loginuid"
    record.write_text(str(unknown))
    assert account_here(record).name == f"number {unknown}"
