"""How the person who decides is known: sealed for one run, so that no tag can be made up."""

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
