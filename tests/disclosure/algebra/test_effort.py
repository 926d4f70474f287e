"""A budget is work that is counted; the clock beside it counts only what this process computes."""

from __future__ import annotations

import time

import pytest

from disclosure.algebra.effort import Effort
from disclosure.algebra.tuning import TUNING


def test_waiting_uses_up_neither_the_budget_nor_the_clock():
    effort = Effort(0.0)
    computed = time.process_time()
    before = effort.patience()
    time.sleep(0.2)
    used = before - effort.patience()
    assert used <= time.process_time() - computed < 0.2
    assert effort.left() == 0.0


def test_computing_uses_up_the_clock(monkeypatch):
    effort = Effort(1.0)
    assert effort.enough()
    allowed = TUNING.clock_factor * effort.seconds + TUNING.clock_grace
    later = effort.started + allowed + 0.001
    monkeypatch.setattr(time, "process_time", lambda: later)
    assert effort.patience() == pytest.approx(-0.001)
    assert not effort.enough()


def test_work_on_a_part_is_work_on_the_whole():
    whole = Effort(10.0)
    part = whole.part(4.0)
    part.spend(3.0)
    assert (part.left(), whole.left()) == (1.0, 7.0)
    part.spend(1.0)
    assert not part.enough()
    assert whole.enough()
    assert whole.part(100.0).left() == 6.0


def test_a_part_ends_with_the_whole():
    whole = Effort(2.0)
    part = whole.part(2.0)
    whole.spend(2.0)
    assert part.left() == 2.0
    assert not part.enough()
