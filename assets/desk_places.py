"""The addresses of the desk: what each shows, and to whom."""

from __future__ import annotations

from dataclasses import dataclass, replace

from starlette.convertors import IntegerConvertor, register_url_convertor

from assets import desk_pages as at
from assets.desk_pages import Page
from operations.desk.audience import EVERY, TEAM, VIEWERS, Audience

OWN = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
"""The policy of our own pages."""
AS_WRITTEN = (
    "sandbox allow-same-origin allow-downloads; default-src 'none'; style-src 'self' "
    "'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
)
"""The policy of files that are served as they lie."""


class NumberOfVersion(IntegerConvertor):
    """A number of a version in an address: a number with more figures is no page."""

    regex = "[0-9]{1,4}"


register_url_convertor("version", NumberOfVersion())


@dataclass(frozen=True)
class DeskPlace:
    """An address below the desk: its page, whom it is for, and what a browser may do with it.

    The page of a `folder` is found under `index.html` too, where drafts and Data Docs link to.
    """

    path: str
    page: Page
    audience: tuple[Audience, ...] = (TEAM,)
    policy: str = OWN
    is_folder: bool = False


OF_VERSION = {"": at.quarter, "comparison/": at.comparison, "withheld/": at.withheld}
PLACES: tuple[DeskPlace, ...] = (
    DeskPlace("", at.front),
    DeskPlace("", at.agenda, (VIEWERS,)),
    DeskPlace("returns/", at.heat_map, EVERY),
    DeskPlace("site/{path:path}", at.public, EVERY, AS_WRITTEN),
    *(
        DeskPlace(f"{place}{name}", page, is_folder=not name)
        for place in ("{quarter}/", "{quarter}/v{version:version}/")
        for name, page in OF_VERSION.items()
    ),
    DeskPlace("{quarter}/returns/", at.returns),
    DeskPlace("{quarter}/reports/", at.reports),
    DeskPlace("{quarter}/docs/", at.docs, is_folder=True),
    DeskPlace("{quarter}/v{version:version}/draft/{path:path}", at.draft, policy=AS_WRITTEN),
    DeskPlace("{quarter}/docs/{path:path}", at.data_docs, policy=AS_WRITTEN),
    DeskPlace("{quarter}/reports/{submission}/{path}", at.report, policy=AS_WRITTEN),
    DeskPlace("{path:path}", at.nothing, EVERY),
)
"""Every address, the first that fits answers. What names no audience is for the team."""


def places_for(audience: Audience) -> list[DeskPlace]:
    """Return the addresses of a desk; those of another audience say that they are not for this."""
    own = {place.path for place in PLACES if audience in place.audience}
    return [
        place
        if audience in place.audience
        else replace(place, page=at.kept, audience=(audience,), policy=OWN)
        for place in PLACES
        if audience in place.audience or place.path not in own
    ]
