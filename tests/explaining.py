"""What people decide about all that a quarter may lack, as they may before the build."""

from datetime import datetime

import reference
from operations.home.settings import Settings
from operations.releases.explanations import By, explain, subjects
from operations.releases.treatments import choose

TEXT = "The area was asked, and its figures are as it sent them."
LEFT_OUT = "Too little is known of the areas that sent no return."
BY = By("A Statistician", "Head of Profession", datetime.fromisoformat("2026-06-01T12:00:00+01:00"))


def explain_all(settings: Settings, quarter, *, but=()):
    """Explain every area and public check of a quarter, but for some; leave out what is missing."""
    given = {about: TEXT for about in subjects(quarter) if about not in but}
    explain(settings, quarter, given, BY)
    leave_out(settings, quarter)


def leave_out(settings: Settings, quarter):
    """Choose that whatever area is missing is left out."""
    areas = reference.delivery_areas(quarter.end)["delivery_area_code"].to_list()
    choose(settings, quarter, "leave_out", areas, LEFT_OUT, BY)
