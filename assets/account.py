"""Which account started a run, as a sealed tag of the run says."""

from __future__ import annotations

import dagster as dg

from operations.home.clock import now
from operations.home.identity import Account, account_of
from operations.home.settings import settings
from operations.releases.explanations import By

ACCOUNT = "ctw/account"


def account_in(context: dg.AssetExecutionContext) -> Account:
    """Return the account that started the run of a step."""
    run = context.run
    return account_of(settings(), run.run_id, run.tags.get(ACCOUNT))


def decided_by(context: dg.AssetExecutionContext, name: str, role: str) -> By:
    """Return who decides in this step: the name and role that they gave, now, by their account."""
    return By(name, role, now(settings()), account_in(context))
