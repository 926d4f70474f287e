"""Methods of tests: a treatment by hand that says nothing of itself."""

from __future__ import annotations

from disclosure import Method, Phrase


class ByHand(Method):
    """What the method of a test derives from: it has to say `treat`."""

    def words(self):
        return Phrase("by_hand")
