"""Statistical disclosure control: a library that knows nothing of Connect to Work.

`README.md` beside this file has a first example; `docs/disclosure/` describes every name below.
Each is imported when it is first used, so declaring methods needs no solver.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from disclosure.lazy import entrance

if TYPE_CHECKING:
    from disclosure.attacker.one_system import AttackReport, Fact, Knowledge, attack
    from disclosure.attacker.what_is_shown import Reading, ShownRate, ShownTable
    from disclosure.attacker.whole_release import ShownRelease, attack_release
    from disclosure.methods.cell_key import CellKey
    from disclosure.methods.certain import WithholdCertain
    from disclosure.methods.complementary import ComplementarySuppression
    from disclosure.methods.controlled import ControlledRound
    from disclosure.methods.group import GroupDisclosure
    from disclosure.methods.losses import ReaderLoss
    from disclosure.methods.magnitudes import CellKeyMagnitude
    from disclosure.methods.method import Method, reading_of, record
    from disclosure.methods.rounding import RandomRound, Round, revealed
    from disclosure.methods.rules import (
        Dominance,
        MinimumContributors,
        PPercent,
        PriorPosterior,
        Threshold,
        small_denominator,
    )
    from disclosure.perturbation.ons import OnsTable, read_ons_table
    from disclosure.perturbation.proof_sheet import proof_sheet
    from disclosure.perturbation.ptable import PerturbationTable, design
    from disclosure.perturbation.readings import (
        Distribution,
        Exact,
        FigureReading,
        Proportion,
        Range,
        Rounded,
    )
    from disclosure.phrase import Phrase
    from disclosure.proof.certificate import Certificate
    from disclosure.proof.checking import verify
    from disclosure.protection.protect import (
        ProtectedTable,
        protect,
        protect_and_prove,
        require_sealed,
    )
    from disclosure.protection.report import DisclosureReport
    from disclosure.suppression.engine import suppress
    from disclosure.suppression.pattern import Pattern
    from disclosure.tables.cells import KEY_MODULUS, CellTable
    from disclosure.tables.contributions import facts
    from disclosure.tables.keys import cell_keys, empty_cell_keys, record_keys
    from disclosure.tables.system import TableSystem
else:
    __getattr__ = entrance(
        __name__,
        {
            "AttackReport": "attacker.one_system",
            "CellKey": "methods.cell_key",
            "CellKeyMagnitude": "methods.magnitudes",
            "CellTable": "tables.cells",
            "Certificate": "proof.certificate",
            "ComplementarySuppression": "methods.complementary",
            "ControlledRound": "methods.controlled",
            "DisclosureReport": "protection.report",
            "Distribution": "perturbation.readings",
            "Dominance": "methods.rules",
            "Exact": "perturbation.readings",
            "Fact": "attacker.one_system",
            "FigureReading": "perturbation.readings",
            "GroupDisclosure": "methods.group",
            "KEY_MODULUS": "tables.cells",
            "Knowledge": "attacker.one_system",
            "Method": "methods.method",
            "MinimumContributors": "methods.rules",
            "OnsTable": "perturbation.ons",
            "PPercent": "methods.rules",
            "Pattern": "suppression.pattern",
            "PerturbationTable": "perturbation.ptable",
            "PriorPosterior": "methods.rules",
            "Proportion": "perturbation.readings",
            "ProtectedTable": "protection.protect",
            "RandomRound": "methods.rounding",
            "Range": "perturbation.readings",
            "ReaderLoss": "methods.losses",
            "Reading": "attacker.what_is_shown",
            "Round": "methods.rounding",
            "Rounded": "perturbation.readings",
            "Phrase": "phrase",
            "ShownRate": "attacker.what_is_shown",
            "ShownRelease": "attacker.whole_release",
            "ShownTable": "attacker.what_is_shown",
            "TableSystem": "tables.system",
            "Threshold": "methods.rules",
            "WithholdCertain": "methods.certain",
            "attack": "attacker.one_system",
            "attack_release": "attacker.whole_release",
            "cell_keys": "tables.keys",
            "design": "perturbation.ptable",
            "empty_cell_keys": "tables.keys",
            "facts": "tables.contributions",
            "proof_sheet": "perturbation.proof_sheet",
            "protect": "protection.protect",
            "protect_and_prove": "protection.protect",
            "read_ons_table": "perturbation.ons",
            "reading_of": "methods.method",
            "record": "methods.method",
            "record_keys": "tables.keys",
            "require_sealed": "protection.protect",
            "revealed": "methods.rounding",
            "small_denominator": "methods.rules",
            "suppress": "suppression.engine",
            "verify": "proof.checking",
        },
    )

__all__ = [
    "KEY_MODULUS",
    "AttackReport",
    "CellKey",
    "CellKeyMagnitude",
    "CellTable",
    "Certificate",
    "ComplementarySuppression",
    "ControlledRound",
    "DisclosureReport",
    "Distribution",
    "Dominance",
    "Exact",
    "Fact",
    "FigureReading",
    "GroupDisclosure",
    "Knowledge",
    "Method",
    "MinimumContributors",
    "OnsTable",
    "PPercent",
    "Pattern",
    "PerturbationTable",
    "PriorPosterior",
    "Proportion",
    "ProtectedTable",
    "RandomRound",
    "Range",
    "ReaderLoss",
    "Reading",
    "Round",
    "Rounded",
    "Phrase",
    "ShownRate",
    "ShownRelease",
    "ShownTable",
    "TableSystem",
    "Threshold",
    "WithholdCertain",
    "attack",
    "attack_release",
    "cell_keys",
    "design",
    "empty_cell_keys",
    "facts",
    "proof_sheet",
    "protect",
    "protect_and_prove",
    "read_ons_table",
    "reading_of",
    "record",
    "record_keys",
    "require_sealed",
    "revealed",
    "small_denominator",
    "suppress",
    "verify",
]
