"""Statistical disclosure control: a library that knows nothing of the programme."""

from disclosure.attack import AttackReport, Fact, Knowledge, attack
from disclosure.cell_key import CellKey
from disclosure.certain import WithholdCertain
from disclosure.certificate import Certificate, verify
from disclosure.complementary import ComplementarySuppression
from disclosure.group import GroupDisclosure
from disclosure.keys import record_keys
from disclosure.protect import Method, ProtectedTable, protect
from disclosure.report import DisclosureReport
from disclosure.rounding import Round
from disclosure.rules import Dominance, MinimumContributors, PPercent, PriorPosterior, Threshold
from disclosure.suppress import Pattern, suppress
from disclosure.system import TableSystem
from disclosure.tables import KEY_MODULUS, CellTable

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
