"""The screen of one set: what is planned, what was typed, and what comes of it."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exercises.pictures import photo
from patients import units
from programs.logging import following
from programs.logging.cards import Card, Progress
from programs.logging.entries import MOST_KG
from programs.logging.figures import moving
from programs.logging.following import plain_load, plain_step
from programs.logging.plan import PlannedSide
from programs.logging.presenters import Context, errors_of, last_saved, name_of, scale, top
from programs.models import SetLog, Side
from programs.wording import band_class, band_name, language, side_words, tempo_words


def set_context(
    card: Card, progress: Progress, typed: Mapping[str, Any] | None, faults: Mapping[str, str]
) -> Context:
    """The screen of one set; `typed` is what was sent, kept where it has faults."""
    planned = card.planned
    standing = progress.sets.get((planned.dose.prescription_id, card.side, card.number))
    why = following.why(card, progress)
    return {
        **top(progress),
        **shown(planned, card.number),
        "key": f"{progress.session.id}.{planned.dose.prescription_id}.{card.side}.{card.number}",
        "post_url": reverse("programs:set-log", args=[progress.session.id]),
        "hidden": _hidden(card, standing),
        "dots": _dots(card, progress),
        "pace": _pace(planned),
        "count_words": count_words(),
        "bands": _bands(planned, standing, typed),
        "reps": _reps(card, standing, typed, faults),
        "weight": _weight(card, standing, typed, faults),
        "most": _most(card),
        "effort": _effort(card, progress, standing, faults),
        "why": why,
        "table": following.table(card, progress),
        "saved": last_saved(progress, leads=why is None),
        "skip_reasons": [{"value": v, "label": label} for v, label in SetLog.Skip.choices],
        "rest": _rest(card, progress),
        "errors": errors_of(faults),
    }


def shown(planned: PlannedSide, number: int) -> Context:
    """What a set shows of itself, whoever does it."""
    dose = planned.dose
    return {
        "exercise_name": name_of(planned),
        "side_label": side_words(planned.side).capitalize(),
        "number": number,
        "total": dose.sets,
        "figure": moving(planned),
        "photo": photo(figure=planned.step.revision.figure, language=language()),
        "tempo_label": tempo_words(dose),
        "band": band_class(dose.band_level),
    }


def _hidden(card: Card, standing: SetLog | None) -> list[tuple[str, Any]]:
    dose = card.planned.dose
    return [
        ("prescription", dose.prescription_id),
        ("side", card.side),
        ("number", card.number),
        ("dose", dose.id),
        ("hold_s", dose.hold_s),
        ("revision", standing.revision + 1 if standing else 0),
    ]


def _rest(card: Card, progress: Progress) -> Context | None:
    """Before each further round; one leg rests while the other works."""
    first = card.exercise.sides[0].side if card.exercise else ""
    if not progress.sets or card.number == 1 or card.side != first:
        return None
    return {"seconds": card.planned.dose.rest_s, "words": _("Shake the leg out.")}


def _dots(card: Card, progress: Progress) -> list[Context]:
    exercise = card.exercise
    return [
        {
            "label": str(Side(each.side).label).capitalize(),
            "current": each.side == card.side,
            "sets": [_dot(card, progress, each.side, n) for n in range(1, each.dose.sets + 1)],
        }
        for each in (exercise.sides if exercise else ())
    ]


def _dot(card: Card, progress: Progress, side: str, number: int) -> str:
    if (side, number) == (card.side, card.number):
        return "now"
    row = progress.log(card.exercise, side, number) if card.exercise else None
    return "todo" if row is None else "skipped" if row.skipped else "done"


def _pace(planned: PlannedSide) -> str:
    """Seconds of the way up, of the hold and of the way down, for the count."""
    dose = planned.dose
    return f"{dose.up_s} {dose.hold_s or dose.top_s} {dose.down_s}"


def count_words() -> str:
    """What the count says: before the first repetition, in its parts, and which one it is."""
    rep = _("%(n)s of %(of)s") % {"n": "{n}", "of": "{of}"}
    return "|".join((_("Get ready"), _("Up"), _("Hold it"), _("Down"), _("Breathe"), rep))


def _bands(
    planned: PlannedSide, standing: SetLog | None, typed: Mapping[str, Any] | None
) -> list[Context]:
    level = planned.dose.band_level
    if level is None:
        return []
    chosen = _value("band_level", level, standing, typed)
    return [
        {"value": each, "label": band_name(each), "chosen": str(each) == str(chosen)}
        for each in range(1, 5)
    ]


def _value(
    name: str, planned: Any, standing: SetLog | None, typed: Mapping[str, Any] | None
) -> Any:
    """What was typed, else what stands, else what is planned."""
    if typed is not None:
        return typed.get(name, "")
    found = getattr(standing, name) if standing and not standing.skipped else None
    return planned if found is None else found


def _reps(
    card: Card,
    standing: SetLog | None,
    typed: Mapping[str, Any] | None,
    faults: Mapping[str, str],
) -> Context:
    return {
        "name": "reps",
        "value": _value("reps", card.aim.reps, standing, typed),
        "planned": card.aim.reps,
        "min": 0 if card.aim.max_reps else 1,
        "max": 100,
        "step": 1,
        "by": 1,
        "unit": _("reps"),
        "error": faults.get("reps", ""),
    }


def _weight(
    card: Card,
    standing: SetLog | None,
    typed: Mapping[str, Any] | None,
    faults: Mapping[str, str],
) -> Context | None:
    load = card.aim.load_kg
    if load is None:
        return None
    name = f"load_{units.spoken()}"
    done = standing.load_kg if standing and not standing.skipped else None
    asis = plain_load(load if done is None else done)
    return {
        "name": name,
        "value": asis if typed is None else typed.get(name, ""),
        "planned": plain_load(load),
        "from": f"{units.exact(load):f}",
        "min": 0,
        "max": int(units.shown(MOST_KG)),
        "step": "0.01" if units.spoken() == units.KG else "0.1",
        "by": plain_step(card.planned.step),
        "unit": units.spoken(),
        "error": faults.get(name, ""),
    }


def _most(card: Card) -> Context | None:
    """A set of as many as possible: the aim, and the button's words by the number."""
    if not card.aim.max_reps:
        return None
    one, other = (ngettext("Save %(n)s rep", "Save %(n)s reps", n) % {"n": "{n}"} for n in (1, 2))
    text = _("As many as you can, clean. Aim: %(reps)s.") % {"reps": card.aim.reps}
    return {"text": text, "one": one, "other": other}


def _effort(
    card: Card, progress: Progress, standing: SetLog | None, faults: Mapping[str, str]
) -> Context | None:
    """How hard this set was: the tap that saves it."""
    if not card.aim.asks:
        return None
    told = standing.effort if standing else None
    asked = scale(progress.session.program, "effort", "effort-legend", zones=False, chosen=told)
    return asked | {"error": faults.get("effort", "")}
