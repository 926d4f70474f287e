"""Scoring the judgement of synthetic packs: what was found, beside what was planted."""
