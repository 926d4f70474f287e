"""The home that the tests of feedback share: it is only read."""

import pytest

from operations.feedback.evidence import on_record
from tests.operations.feedback.feedback_home import home_with_returns
from tests.pipelines.returns.small_world import QUARTER


@pytest.fixture(scope="session")
def judged_home(tmp_path_factory):
    return home_with_returns(tmp_path_factory.mktemp("feedback"))


@pytest.fixture(scope="session")
def record(judged_home):
    return on_record(judged_home, QUARTER)
