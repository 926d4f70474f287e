"""The shell blocks of pages, as a newcomer types them: which are run, and why others are not."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from operations.home.settings import ROOT

BLOCK = re.compile(r"(?:<!-- not run: (?P<reason>[^>]+) -->\n+)?```sh\n(?P<text>.*?)```", re.DOTALL)
SET = re.compile(r"[A-Z_]+=\S+")


@dataclass(frozen=True)
class Block:
    """A shell block of a page; `reason` says why it is not run, "" for one that is."""

    page: str
    number: int
    text: str
    reason: str

    @property
    def name(self) -> str:
        """What a test calls it: `README.md 2`."""
        return f"{self.page} {self.number}"

    def commands(self) -> Iterator[list[str]]:
        """Give the words of each `ctw` in it, without the variables before it."""
        for line in self.text.splitlines():
            words = shlex.split(line, comments=True)
            while words and SET.fullmatch(words[0]):
                words.pop(0)
            if words and words[0].rpartition("/")[2] == "ctw":
                yield words[1:]


def blocks(page: str) -> list[Block]:
    """Return the shell blocks of a page, in its order."""
    text = (ROOT / page).read_text(encoding="utf-8")
    found = BLOCK.finditer(text)
    return [
        Block(page, number, one["text"], one["reason"] or "") for number, one in enumerate(found, 1)
    ]


def pages() -> list[str]:
    """List the pages with a shell block."""
    every = ["README.md", "CONTRIBUTING.md", *sorted(map(str, (ROOT / "docs").rglob("*.md")))]
    named = [page.removeprefix(f"{ROOT}/") for page in every]
    return [page for page in named if blocks(page)]
