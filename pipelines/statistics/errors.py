"""The errors of counting.

StatisticsError
└── UncountableError   a row that no published cell can hold
"""


class StatisticsError(Exception):
    """Base of the errors raised while a population is counted."""


class UncountableError(StatisticsError):
    """A row that no published cell can hold."""
