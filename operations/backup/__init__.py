"""Backups of a home: all its data as of one moment, and its keys apart, in another place.

Whoever has both can tell who is behind a pseudonym, so a copy of the data never holds the keys. The
data belong together: a register from one day and releases from another do not agree.
"""

from operations.backup.restoring import restore
from operations.backup.saving import back_up, back_up_keys

__all__ = ["back_up", "back_up_keys", "restore"]
