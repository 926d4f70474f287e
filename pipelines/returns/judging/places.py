"""Where findings stand, in the words of who sent the pack: a file, or a sheet of a workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from pipelines.returns.judging.rounds import Part

_TEXTS = ("message", "fix")


def in_words_of_senders(found: pl.DataFrame, parts: Sequence[Part]) -> pl.DataFrame:
    """Return findings or rows of the quarantine, with sheets in place of files for workbooks.

    One row per row given. `found` has the columns `pack` and `file`, and may have a message and
    what to do.
    """
    for called, packs in _packs(parts).items():
        words = dict(called)
        if words:
            found = found.with_columns(_said(found, words, pl.col("pack").is_in(packs)))
    return found


def _packs(parts: Sequence[Part]) -> dict[tuple[tuple[str, str], ...], list[int]]:
    """Return the packs of each way to call things."""
    packs: dict[tuple[tuple[str, str], ...], list[int]] = {}
    for one in (one for part in parts for one in part.opened):
        packs.setdefault(tuple(one.reader.called.items()), []).append(one.number)
    return packs


def _said(found: pl.DataFrame, words: Mapping[str, str], own: pl.Expr) -> list[pl.Expr]:
    file = pl.col("file").replace(words)
    if "rule_id" in found.columns:
        listed = pl.col("rule_id").str.starts_with("organisations.")
        file = pl.when(listed).then(pl.lit(words["organisations.csv"])).otherwise(file)
    texts = [name for name in _TEXTS if name in found.columns]
    return [
        pl.when(own).then(file).otherwise("file").alias("file"),
        *(
            pl.when(own).then(_in_sentences(name, words)).otherwise(name).alias(name)
            for name in texts
        ),
    ]


def _in_sentences(name: str, words: Mapping[str, str]) -> pl.Expr:
    """Return texts that name sheets in place of files, also at the beginning of a sentence."""
    text = pl.col(name)
    for file, sheet in words.items():
        text = text.str.replace_all(rf"(^|\. ){file}", f"${{1}}The {sheet}")
        text = text.str.replace_all(file, f"the {sheet}", literal=True)
    return text
