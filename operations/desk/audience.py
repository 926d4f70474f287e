"""Whom a desk is served to, which decides which of its pages there are."""

from __future__ import annotations

from typing import Literal, get_args

Audience = Literal["team", "viewers"]
TEAM: Audience = "team"
"""Those who make the statistics: they see all that the desk shows."""
VIEWERS: Audience = "viewers"
"""Colleagues who may not see figures before publication: agenda, statuses, what is public."""
EVERY: tuple[Audience, ...] = get_args(Audience)
