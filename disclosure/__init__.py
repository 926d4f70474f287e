"""Statistical disclosure control: a library that knows nothing of the programme."""

from disclosure.attacker.one_system import AttackReport, Fact, Knowledge, attack
from disclosure.methods.cell_key import CellKey
from disclosure.methods.certain import WithholdCertain
from disclosure.methods.complementary import ComplementarySuppression
from disclosure.methods.group import GroupDisclosure
from disclosure.methods.rounding import Round
from disclosure.methods.rules import (
    Dominance,
    MinimumContributors,
    PPercent,
    PriorPosterior,
    Threshold,
)
from disclosure.proof.certificate import Certificate, verify
from disclosure.protection.protect import Method, ProtectedTable, protect
from disclosure.protection.report import DisclosureReport
from disclosure.suppression.pattern import Pattern
from disclosure.suppression.suppress import suppress
from disclosure.tables.cells import KEY_MODULUS, CellTable
from disclosure.tables.keys import record_keys
from disclosure.tables.system import TableSystem

__all__ = [
    "KEY_MODULUS",
    "AttackReport",
    "CellKey",
    "CellTable",
    "Certificate",
    "ComplementarySuppression",
    "DisclosureReport",
    "Dominance",
    "Fact",
    "GroupDisclosure",
    "Knowledge",
    "Method",
    "MinimumContributors",
    "PPercent",
    "Pattern",
    "PriorPosterior",
    "ProtectedTable",
    "Round",
    "TableSystem",
    "Threshold",
    "WithholdCertain",
    "attack",
    "protect",
    "record_keys",
    "suppress",
    "verify",
]
