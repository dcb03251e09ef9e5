"""Decisions as message ids with numbers. The words are made outside, by gettext.

docs/progression.md lists every id with its English wording.
"""

from programs.progression import types as t
from programs.progression.doses import compare

SHOWN = ("sets", "reps", "hold_s", "load_g", "band", "range_deg", "per_week", "rest_s")
ORDER = ("load_g", "band", "sets", "reps", "hold_s")


def explain(decision: t.Decision, audience: t.Audience) -> tuple[t.Message, ...]:
    """The whole decision, side by side, for one kind of reader."""
    return tuple(message for side in decision.sides for message in explain_side(side, audience))


def explain_side(side: t.SideDecision, audience: t.Audience) -> tuple[t.Message, ...]:
    """One side: what (first), because of what; for the clinician also what limits did to it."""
    said = [_headline(side), *_reasons(side)]
    said += [t.Message(f"missing.{each.fact}", (("rule", each.rule),)) for each in side.missing]
    if audience == "clinician":
        said += [
            t.Message(f"suppressed.{each.reason}", (("rule", each.rule), *each.numbers))
            for each in side.suppressed
        ]
        said += [
            t.Message(f"clamped.{limit}", (("field", field), ("asked", asked), ("given", given)))
            for limit, field, asked, given in side.clamped
        ]
    elif side.outcome == "proposed":
        said.append(t.Message("asks_clinician"))
    return tuple(dict.fromkeys(said))


def _headline(side: t.SideDecision) -> t.Message:
    before, after = side.before, side.after
    steps = (("step_before", before.step), ("step_after", after.step))
    both = (("before", before.dose), ("after", after.dose))
    doses = [(f"{name}_{when}", getattr(dose, name)) for name in SHOWN for when, dose in both]
    moves = side.outcome in ("changed", "proposed")
    what = f"{side.outcome}.{_dimension(side)}" if moves else side.outcome
    return t.Message(what, (("side", side.side), *steps, *doses))


def _dimension(side: t.SideDecision) -> str:
    """What changed first in the dose order, and which way: reps_up, step_down ..."""
    before, after = side.before, side.after
    way = "up" if compare(after.step, after.dose, before.step, before.dose) > 0 else "down"
    if before.step != after.step:
        return f"step_{way}"
    changed = (e for e in ORDER if getattr(before.dose, e) != getattr(after.dose, e))
    return f"{next(changed, 'dose').removesuffix('_g')}_{way}"


def _reasons(side: t.SideDecision) -> list[t.Message]:
    """Why: the rule that decided, said by the strongest thing that it read."""
    fired = next((each for each in side.fired if each.rule == side.rule), None)
    if fired is None:
        return []
    values = [(name, value) for each in fired.evidence for name, value in each.values]
    told = dict(reversed(values))
    logs = [each.session for each in fired.evidence if each.session is not None]
    return [t.Message(_cause(fired, told), (*_facts(values, told), ("sessions", len(logs))))]


def _cause(fired: t.FiredRule, told: dict[str, t.FactValue]) -> str:
    if fired.tier == "stop":
        return "because.red_flag" if told.get("red_flag") else "because.stop"
    if "soreness" in told:
        return "because.soreness"
    if fired.tier == "progress":
        return "because.over_goal" if "reps_over_last" in told else "because.good"
    if fired.tier == "hold" and told.get("morning_rise") is True:
        return "because.morning"
    if any(name.startswith("pain") for name in told):
        return "because.pain"
    return "because.gap" if "days_since_session" in told else "because.rule"


def _facts(values: list[tuple[str, t.FactValue]], told: dict[str, t.FactValue]) -> t.Named:
    """Each fact once: of the latest session, except pain and effort, where the highest counts."""
    highest = {
        name: max(v for n, v in values if n == name and isinstance(v, int))
        for name in told
        if name.startswith(("pain", "effort")) and isinstance(told[name], int)
    }
    return tuple({**told, **highest}.items())
