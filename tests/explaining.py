"""Explanations of all that a quarter may lack, as somebody gives them before the build."""

from datetime import datetime

from operations.home.settings import Settings
from operations.releases.explanations import By, explain, subjects

TEXT = "The area was asked, and its figures are as it sent them."
BY = By("A Statistician", "Head of Profession", datetime.fromisoformat("2026-06-01T12:00:00+01:00"))


def explain_all(settings: Settings, quarter, *, but=()):
    """Explain every area and public check of a quarter, but for some."""
    given = {about: TEXT for about in subjects(quarter) if about not in but}
    explain(settings, quarter, given, BY)
