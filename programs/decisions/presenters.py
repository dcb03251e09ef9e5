"""Why a dose is what it is, ready to print for the patient."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.roles import initials_of
from patients import units
from programs.calendar import local_day
from programs.decisions.changes import Change, side_of
from programs.decisions.reading import Told
from programs.decisions.saying import rule_text
from programs.decisions.sentences import sentence, side_sentences
from programs.models import CheckIn, Decision, DoseVersion, Program
from programs.progression import explain_side
from programs.wording import dose_words, in_unit, number, side_words

Context = dict[str, Any]
BY_HAND = (Decision.Kind.OVERRIDE, Decision.Kind.UNDO)
UNITS = "kg|lb|percent|por ciento|reps?|sets?|days?|repetici[oó]n(?:es)?|series?|d[ií]as?|s"
NUMBERS = re.compile(rf"(\d[\d.,]*(?<=\d)(?:\s(?:{UNITS})\b)?)")


def change_note(changes: list[Change]) -> Context | None:
    """What changed since last time, with the way to the reason; None if nothing did."""
    if not changes:
        return None
    newest = [each for each in changes if each.at == changes[0].at]
    said = dict.fromkeys(line for each in newest for line in sentences_of(each))
    return {
        "up": newest[0].up,
        "text": " ".join(said),
        "why_url": reverse("programs:decision-detail", args=[newest[0].decision.id]),
    }


def sentences_of(change: Change) -> list[str]:
    """What changed and why, in the patient's words."""
    said = [in_unit(line) for line in side_sentences(side_of(change), "patient")]
    kind = change.decision.kind
    if kind == Decision.Kind.OVERRIDE:
        return [said[0], _("Your clinician changed it.")]
    if kind == Decision.Kind.UNDO:
        return [said[0], _("Your clinician took the last change back.")]
    return [line for line in said if line != _("Your clinician decides first.")]


def why_context(
    change: Change,
    program: Program,
    exercise: str,
    sessions: list[Told],
    today: date,
    chart: Context | None = None,
) -> Context:
    """The page of one decision about an exercise, by its name: before and after, the rule, who
    agreed, the logs, their chart."""
    old, new, unit = _numbers(change.before, change.after)
    zone = program.patient.time_zone
    return {
        "back_url": reverse("programs:progress"),
        "subject": f"{exercise}, {side_words(change.side)}",
        "title": _title(change, old, new),
        "old": old,
        "new": new,
        "unit": unit,
        "from_label": _from(change.at, zone, today),
        "rule_label": _("The rule of your program"),
        "rule": _parts(change, program),
        "said": _said(change, zone),
        "auto_label": _("The rule did this by itself. Your clinician can see it."),
        "logs": [_log(each, change) for each in sessions],
        "missing": " ".join(_missing(change)),
        "chart": chart,
        "tell_url": reverse("programs:messages") + f"?about={change.decision.id}#write",
        "tell_label": _("Not right for you? Tell %(name)s")
        % {"name": program.lead.name.split()[0]},
    }


def _numbers(before: DoseVersion, after: DoseVersion) -> tuple[str, str, str]:
    """The first number that differs, before and after, and its unit."""
    if before.step == after.step:
        for name, unit in (
            ("load_kg", units.spoken()),
            ("sets", _("sets")),
            ("reps", _("reps a set")),
        ):
            old, new = getattr(before, name), getattr(after, name)
            if old != new and None not in (old, new):
                return (*_amounts(name, old, new), unit)
    return dose_words(before), dose_words(after), _("sets and reps")


def _amounts(name: str, old: Any, new: Any) -> tuple[str, str]:
    if name == "load_kg":
        old, new = units.shown(old), units.shown(new)
    return number(old), number(new)


def _title(change: Change, old: str, new: str) -> str:
    if change.before.step < change.after.step:
        return _("Why the next step?")
    if change.before.step > change.after.step:
        return _("Why one step back?")
    return _("Why %(new)s instead of %(old)s?") % {"new": new, "old": old}


def _from(at: datetime, zone: str, today: date) -> str:
    day = local_day(at, zone)
    if day == today:
        return _("from today")
    return _("from %(day)s") % {"day": date_format(day, "SHORT_DAY")}


def _parts(change: Change, program: Program) -> list[Context]:
    """What was seen, then the rule itself, its numbers marked."""
    unknown = _missing(change)
    said = [line for line in sentences_of(change)[1:] if line not in unknown]
    if change.decision.kind in BY_HAND:
        said.append(change.decision.reason)
    else:
        said.append(patient_rule(program, side_of(change).rule or ""))
    return [{"text": part, "value": number} for part, number in _split(" ".join(said).strip())]


def _missing(change: Change) -> list[str]:
    """What was not known when it was decided, in the patient's words."""
    if change.decision.kind in BY_HAND:
        return []
    told = explain_side(side_of(change), "patient")
    found = [sentence(each, "patient") for each in told if each.id.startswith("missing.")]
    return list(dict.fromkeys(found))


def patient_rule(program: Program, rule: str) -> str:
    """A rule in the patient's words with the program's numbers; empty where none decided."""
    try:
        return in_unit(rule_text(program.ruleset, rule, "patient"))
    except KeyError:
        return ""


def _split(words: str) -> Iterable[tuple[str, bool]]:
    for index, part in enumerate(NUMBERS.split(words)):
        if part:
            yield part, index % 2 == 1


def _said(change: Change, zone: str) -> Context | None:
    person = change.agreed_by
    if person is None:
        return None
    when = change.at.astimezone(ZoneInfo(zone))
    told = {"name": person.name}
    by_hand = change.decision.kind in BY_HAND
    return {
        "initials": initials_of(person.name),
        "title": _("%(name)s changed it") % told if by_hand else _("%(name)s said yes") % told,
        "when": date_format(when, "DAY_AND_TIME"),
    }


def _log(told: Told, change: Change) -> Context:
    mine = str(change.decision.prescription_id)
    sides = (change.decision.side, "both")
    rows = [r for r in told.holding if r["prescription"] == mine and r["side"] in sides]
    reps = ", ".join(str(r["reps"]) for r in rows if not r["skipped"]) or _("no set")
    pain = next((r["pain"] for r in reversed(told.pains) if r["prescription"] == mine), None)
    numbers = {"reps": reps, "pain": pain}
    return {
        "day": date_format(told.session.local_date, "D j"),
        "text": reps if pain is None else _("%(reps)s reps, pain %(pain)s") % numbers,
        "detail": _morning(told),
        "state": "pain" if (pain or 0) > 5 else "hold" if (pain or 0) > 3 else "ok",
    }


def _morning(told: Told) -> str:
    if not told.checks:
        return _("Next morning: not known")
    feel = CheckIn.Feel(told.checks[-1]["feel"]).label
    return _("Next morning: %(feel)s") % {"feel": feel}
