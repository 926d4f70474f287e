"""How returns are received, judged and pseudonymised. Nothing here knows a clock or a folder."""

from pipelines.returns.errors import ReturnError
from pipelines.returns.process import Judged, current, process
from pipelines.returns.receive import LandedPack, PackName, Receipt, pack_name, receive

__all__ = [
    "Judged",
    "LandedPack",
    "PackName",
    "Receipt",
    "ReturnError",
    "current",
    "pack_name",
    "process",
    "receive",
]
