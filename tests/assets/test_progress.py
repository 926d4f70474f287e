"""What pipelines warn of reaches the log of the run, and only while the run listens."""

import logging

from operations.progress import warnings_to


def test_a_warning_of_a_pipeline_is_in_the_log_of_the_run():
    log, held = logging.getLogger("a run"), []
    log.addFilter(lambda record: held.append(record.getMessage()) or False)
    source = logging.getLogger("pipelines.returns.packs.boundary")
    with warnings_to(log):
        source.warning("Receipt %s: refused", 7)
        source.info("not for the log of the run")
    source.warning("after the run")
    assert held == ["Receipt 7: refused"]
