"""What `ctw known-wrong` does: the notice of figures that are wrong and cannot change yet."""

from __future__ import annotations

from assets.runs import releasing
from operations.home.clock import now
from operations.home.identity import account_here
from operations.home.settings import Settings
from operations.releases.explanations import By
from operations.releases.naming_errors import name_errors
from schemas.quarter import Quarter


def told(settings: Settings, quarter: Quarter, reason: str, name: str, role: str) -> str:
    """Show the notice on the site and say which tables it names."""
    with releasing(settings):
        error = name_errors(
            settings, quarter, reason, By(name, role, now(settings), account_here())
        )
    return (
        f"The pages of {quarter.label} v{error.version} say now that figures are known to be "
        f"wrong in one or more of these tables: {', '.join(error.tables)}. The next scheduled "
        f"release takes the change in. Read the notice: "
        f"{settings.site / quarter.id}/v{error.version}/index.html"
    )
