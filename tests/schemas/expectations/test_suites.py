"""Suites of expectations: what may be declared, and what their descriptions look like."""

import pytest

from schemas.errors import DeclarationError
from schemas.expectations import SUITES, Suite, between


def test_an_expectation_is_declared_once():
    twice = between("rate", 0, 1, "Once.")
    with pytest.raises(DeclarationError, match="rate"):
        Suite("twice", "Twice", "area", (twice, twice))


def test_descriptions_are_sentences_that_can_be_published():
    texts = [expectation.description for suite in SUITES for expectation in suite.expectations]
    assert texts
    assert [t for t in texts if not t[0].isupper() or not t.endswith(".") or "_" in t] == []
