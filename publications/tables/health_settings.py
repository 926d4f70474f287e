"""Table 21: health settings with an embedded employment specialist."""

from publications.populations import HEALTH_SETTINGS
from schemas.dimension import BY_QUARTER, DELIVERY_AREA, SETTING_TYPE
from schemas.table import Measure, StatisticalTable

TABLE = StatisticalTable(
    number=21,
    id="health_settings",
    title="Health settings with an embedded employment specialist",
    measures=(Measure(HEALTH_SETTINGS, "settings_embedded", "Settings"),),
    by=(SETTING_TYPE, DELIVERY_AREA, BY_QUARTER),
    notes=(
        "A setting has an embedded specialist when a named employment specialist works from it "
        "at least half a day a week and its staff can refer people to them.",
        "Settings are counted on the last day of the quarter.",
    ),
)
