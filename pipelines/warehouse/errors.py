"""The errors of the warehouse.

WarehouseError
├── RelationError      a relation that cannot be run: its file, its order, its columns
└── PromotionError     a warehouse that cannot be promoted or read
"""


class WarehouseError(Exception):
    """Base of the errors raised while the warehouse is made or read."""


class RelationError(WarehouseError):
    """A relation whose file is missing or wrong: the message names it and says what to do."""


class PromotionError(WarehouseError):
    """A quarter that was not staged or not promoted."""
