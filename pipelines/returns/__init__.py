"""How returns are received, judged and pseudonymised. Nothing here knows a clock or a folder."""

from pipelines.returns.errors import ReturnError
from pipelines.returns.process import Judged, current, process
from pipelines.returns.receive import LandedPack, PackName, Receipt, pack_name, receive
from pipelines.returns.report import Report, as_csv, as_html, report

__all__ = [
    "Judged",
    "LandedPack",
    "PackName",
    "Receipt",
    "Report",
    "ReturnError",
    "as_csv",
    "as_html",
    "current",
    "pack_name",
    "process",
    "receive",
    "report",
]
