"""What a policy has to do where few stand behind a figure: providers paid, or staff of an area."""

from __future__ import annotations

from collections.abc import Collection

from disclosure import shows_sole
from schemas.errors import DeclarationError
from schemas.policy import Policy

CONTRIBUTOR = "contributor"
"""The column that says whose amount a row is."""
STAFF = "staff"
"""The column that says how many people stand behind a row."""
TAKE = {
    CONTRIBUTOR: "rules that find amounts of one, of two, or mostly of one, such as PPercent of 10",
    STAFF: "a rule for few contributors, such as MinimumContributors of 3 with a reach of 10",
}


def check_contributors(
    what: str, policy: Policy, columns: Collection[str], statistics: Collection[str]
) -> None:
    """Raise where readers would know the figure of too few contributors, or these each other's.

    The rules that judge are of `TAKE`, by the column that the relation has. A method that changes
    every figure enough will do as well. A pattern has to prove ranges, and that the only one behind
    a figure cannot work out another. How strong is strong enough, and why, is in
    docs/disclosure/policy.md. `what` begins the message.
    """
    for column in (name for name in TAKE if name in columns):
        for statistic in statistics:
            if shows_sole(policy.methods, statistic, amounts=column == CONTRIBUTOR):
                raise DeclarationError(
                    f"{what} has the column {column} of who stands behind a figure, but under its "
                    f"policy {policy.name} a reader would know {statistic} of one or two too "
                    f"closely. Use {TAKE[column]}."
                )
        patterns = [method for method in policy.methods if method.proves is not None]
        if any(method.proves == "exact" for method in patterns):
            raise DeclarationError(
                f"{what} has the column {column} of who stands behind a figure, and its policy "
                f"{policy.name} a pattern with protect='exact': it proves that no withheld figure "
                "can be calculated, and not the range that rules for these ask. Say "
                "protect='interval'."
            )
        if not all(method.covers_singletons for method in patterns):
            raise DeclarationError(
                f"{what} has the column {column} of who stands behind a figure, and its policy "
                f"{policy.name} a pattern with singletons=False: the only one behind a figure "
                "could work out that of another. Say singletons=True."
            )
