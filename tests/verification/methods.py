"""Methods for a drawn release: those that make the figures that its readings describe."""

from __future__ import annotations

THRESHOLD = {"method": "Threshold", "minimum": 3, "statistics": []}


def methods_of(readings):
    """Methods that make figures of each statistic as they are to be read, and withhold some."""
    made = [
        {**method, "statistics": [name]} for name, own in readings.items() for method in _made(own)
    ]
    return [*made, THRESHOLD]


def _made(reading):
    """The methods of one statistic; none for a reading that no method leaves or nobody knows."""
    base = reading.get("base")
    match reading.get("kind"):
        case "distribution":
            return [{"method": "CellKey", "base": base, "largest_change": reading.get("below")}]
        case "range":
            is_whole = isinstance(base, int) and base > 0
            further = (reading.get("below", 0) + 1) // base - 1 if is_whole else 0
            return [{"method": "ControlledRound", "base": base, "further": further}]
        case "proportion":
            return [{"method": "CellKeyMagnitude", "most": reading.get("thousandths")}]
        case "rounded":
            before = reading.get("before")
            known = _made(before) if isinstance(before, dict) else []
            return [*known, {"method": "Round", "base": base}]
    return []
