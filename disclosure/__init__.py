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
    from disclosure.methods.cell_key import PEOPLE_KEY_SQL, PERTURB_SQL, CellKey, look_up_parameters
    from disclosure.methods.certain import WithholdCertain
    from disclosure.methods.complementary import ComplementarySuppression
    from disclosure.methods.controlled import ControlledRound
    from disclosure.methods.group import GroupDisclosure
    from disclosure.methods.losses import ReaderLoss
    from disclosure.methods.magnitudes import PERTURB_MAGNITUDES_SQL, CellKeyMagnitude
    from disclosure.methods.method import Method, reading_of, record, shown_too_closely, shows_sole
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
    from disclosure.tables.keys import (
        CELL_KEYS_SQL,
        RECORD_KEYS_SQL,
        cell_keys,
        empty_cell_keys,
        key_parameters,
        record_keys,
    )
    from disclosure.tables.system import TableSystem
else:
    __getattr__ = entrance(
        __name__,
        {
            "AttackReport": "attacker.one_system",
            "CELL_KEYS_SQL": "tables.keys",
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
            "PEOPLE_KEY_SQL": "methods.cell_key",
            "PERTURB_MAGNITUDES_SQL": "methods.magnitudes",
            "PERTURB_SQL": "methods.cell_key",
            "PPercent": "methods.rules",
            "Pattern": "suppression.pattern",
            "PerturbationTable": "perturbation.ptable",
            "Phrase": "phrase",
            "PriorPosterior": "methods.rules",
            "Proportion": "perturbation.readings",
            "ProtectedTable": "protection.protect",
            "RECORD_KEYS_SQL": "tables.keys",
            "RandomRound": "methods.rounding",
            "Range": "perturbation.readings",
            "ReaderLoss": "methods.losses",
            "Reading": "attacker.what_is_shown",
            "Round": "methods.rounding",
            "Rounded": "perturbation.readings",
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
            "key_parameters": "tables.keys",
            "look_up_parameters": "methods.cell_key",
            "proof_sheet": "perturbation.proof_sheet",
            "protect": "protection.protect",
            "protect_and_prove": "protection.protect",
            "read_ons_table": "perturbation.ons",
            "reading_of": "methods.method",
            "record": "methods.method",
            "record_keys": "tables.keys",
            "require_sealed": "protection.protect",
            "revealed": "methods.rounding",
            "shown_too_closely": "methods.method",
            "shows_sole": "methods.method",
            "small_denominator": "methods.rules",
            "suppress": "suppression.engine",
            "verify": "proof.checking",
        },
    )

__all__ = [
    "AttackReport",
    "CELL_KEYS_SQL",
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
    "KEY_MODULUS",
    "Knowledge",
    "Method",
    "MinimumContributors",
    "OnsTable",
    "PEOPLE_KEY_SQL",
    "PERTURB_MAGNITUDES_SQL",
    "PERTURB_SQL",
    "PPercent",
    "Pattern",
    "PerturbationTable",
    "Phrase",
    "PriorPosterior",
    "Proportion",
    "ProtectedTable",
    "RECORD_KEYS_SQL",
    "RandomRound",
    "Range",
    "ReaderLoss",
    "Reading",
    "Round",
    "Rounded",
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
    "key_parameters",
    "look_up_parameters",
    "proof_sheet",
    "protect",
    "protect_and_prove",
    "read_ons_table",
    "reading_of",
    "record",
    "record_keys",
    "require_sealed",
    "revealed",
    "shown_too_closely",
    "shows_sole",
    "small_denominator",
    "suppress",
    "verify",
]
