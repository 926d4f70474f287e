"""How returns are received, judged and pseudonymised. Nothing here knows a clock or a folder."""

from pipelines.returns.accepted import Accepted, TimesFound, found_in, found_of, with_accepted
from pipelines.returns.answers import (
    Report,
    as_csv,
    as_html,
    as_xlsx,
    day_of,
    days_late,
    frames_for_areas,
    judged_for_areas,
    report,
    statuses_for_areas,
)
from pipelines.returns.errors import Fault, ReturnError
from pipelines.returns.packs.archives import zipped
from pipelines.returns.packs.names import PackName
from pipelines.returns.packs.opened import quarter_in_manifest
from pipelines.returns.packs.receive import (
    LandedPack,
    Receipt,
    is_folder,
    read_pack,
    receive,
    refused_receipt,
    shown,
)
from pipelines.returns.process import Judged, answer_waiting, process_packs
from pipelines.returns.pseudonyms import THEN, hashed_again

__all__ = [
    "Accepted",
    "Fault",
    "Judged",
    "LandedPack",
    "PackName",
    "Receipt",
    "Report",
    "ReturnError",
    "THEN",
    "TimesFound",
    "answer_waiting",
    "as_csv",
    "as_html",
    "as_xlsx",
    "day_of",
    "days_late",
    "found_in",
    "found_of",
    "hashed_again",
    "is_folder",
    "process_packs",
    "quarter_in_manifest",
    "read_pack",
    "receive",
    "refused_receipt",
    "report",
    "shown",
    "statuses_for_areas",
    "judged_for_areas",
    "frames_for_areas",
    "with_accepted",
    "zipped",
]
