"""The progression engine: rules as data, decided by `decide`, the same answer for the same logs.

    ruleset = load_ruleset(json_text)            # RulesetError lists every fault with its path
    decision = decide(ruleset, state, history, now, trigger="decision")
    state = apply(state, decision, {"left": new_version_id})

When to call `decide` (trigger): "session.start" and "day.tick" for gaps; "session.end" when a
session is closed; "check-in" when the next morning's answer came and it was asked alone;
"decision" when all awaited facts are in, or the next session starts; "correction" with
`caused_by` (session ids) when a log was corrected or came late. It never writes: what it returns
is stored and applied outside. Standard library only; no clock, no randomness.
"""

from programs.progression.checks import check_ladder
from programs.progression.engine import decide, replay
from programs.progression.explaining import explain, explain_side
from programs.progression.rules import (
    Ruleset,
    RulesetError,
    load_preset,
    load_ruleset,
    preset_names,
)
from programs.progression.session import NextLoad, PlannedSet, next_load, next_set, planned_sets
from programs.progression.steering import accept, apply, clear, override, stale, undo

__all__ = [
    "NextLoad",
    "PlannedSet",
    "Ruleset",
    "RulesetError",
    "accept",
    "apply",
    "check_ladder",
    "clear",
    "decide",
    "explain",
    "explain_side",
    "load_preset",
    "load_ruleset",
    "next_load",
    "next_set",
    "override",
    "planned_sets",
    "preset_names",
    "replay",
    "stale",
    "undo",
]
