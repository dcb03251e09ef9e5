"""The screens of a session, ready to print: words are translated, numbers have their unit."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from programs.limits import green_limit, parameter
from programs.logging import following
from programs.logging.cards import Progress
from programs.logging.kept import kept
from programs.logging.plan import PlannedExercise, PlannedSide
from programs.models import PainReport, Program, Session, SessionReport, SetLog, Side
from programs.wording import language, side_words

Context = dict[str, Any]
STOP_FROM = 6
TEMPLATES = {
    "set": "programs/logging/session.html",
    "pain": "programs/logging/pain.html",
    "place": "programs/logging/pain.html",
    "effort": "programs/logging/finish.html",
    "done": "programs/logging/done.html",
}


def name_of(planned: PlannedSide) -> str:
    return str(planned.step.revision.body[language()]["name"])


def errors_of(faults: Mapping[str, str]) -> list[Context]:
    return [{"field": name, "text": words} for name, words in faults.items()]


def scale(
    program: Program, name: str, legend: str, *, zones: bool, chosen: int | None = None
) -> Context:
    """0 to 10 as buttons; the zones are those of the program's rules."""
    green, stop = green_limit(program), pain_stop(program)
    options = [
        {
            "value": value,
            "zone": "low" if value <= green else "mid" if value < stop else "high",
            "word": "" if value else _("none") if zones else _("easy"),
            "chosen": value == chosen,
        }
        for value in range(11)
    ]
    return {"name": name, "legend": legend, "zones": zones, "error": "", "options": options}


def top(progress: Progress) -> Context:
    """What every screen of a session has: the way out, and how far it is."""
    session = progress.session
    return {
        "close_url": reverse("programs:today"),
        "hurts_url": reverse("programs:session-hurts", args=[session.id]),
        "bars": [
            {
                "done": min(len(progress.of(each)), each.total),
                "total": each.total,
                "name": name_of(each.sides[0]),
            }
            for each in progress.plan.exercises
        ],
        "errors": [],
        "saved": last_saved(progress),
        "kept": kept(progress, ok=green_limit(session.program), stop=pain_stop(session.program)),
    }


def last_saved(
    progress: Progress, *, differs: SetLog | None = None, leads: bool = True
) -> Context | None:
    """The newest set, said as saved; `differs` where another answer stands already.

    `leads`: with the load that it leads to, where that isn't on the screen.
    """
    rows = progress.sets.values()
    row = differs or max(rows, key=lambda each: (each.received_at, each.number), default=None)
    if row is None or progress.session.finished_at:
        return None
    place = f"{row.prescription_id}.{row.side}.{row.number}"
    words = {"side": side_words(row.side), "number": row.number, "reps": row.reps}
    if differs:
        text = _("This set was saved before: %(reps)s reps.") % words
    elif row.skipped:
        text = _("Saved: %(side)s, set %(number)s skipped.") % words
    else:
        text = _("Saved: %(side)s, set %(number)s, %(reps)s reps.") % words
    if leads and (onward := following.next_words(row)):
        text += f" {onward} {following.look()}" if row.unpublished else f" {onward}"
    change = reverse("programs:session-detail", args=[progress.session.id]) + f"?set={place}"
    every = reverse("programs:session-record", args=[progress.session.id])
    return {"text": text, "sent": True, "change_url": change, "every_url": every}


def pain_context(
    exercise: PlannedExercise,
    progress: Progress,
    faults: Mapping[str, str],
    *,
    during: bool = False,
    place: bool = False,
) -> Context:
    """The pain of one exercise; with `place`, which leg and where."""
    told = progress.pains.get(exercise.prescription.id)
    program = progress.session.program
    value = told.pain if told and place else None
    return top(progress) | {
        "post_url": reverse("programs:pain-report", args=[progress.session.id]),
        "hidden": [
            ("prescription", exercise.prescription.id),
            ("revision", told.revision + 1 if told else 0),
            *([("during", 1)] if during else []),
            *([("asked", "place")] if place else []),
        ],
        "during": during,
        "exercise_name": name_of(exercise.sides[0]),
        "did_label": " ".join(f"{side}." for side in _did(exercise, progress)),
        "scale": scale(program, "pain", "pain-legend", zones=True, chosen=value),
        "value": value,
        "word": pain_word(value),
        "meaning": pain_meaning(program, value),
        "stop_from": pain_stop(program),
        "clinician_name": program.lead.name,
        "ask_place": place,
        "sides": options(Side.choices, told.side if told else "")
        if len(exercise.sides) > 1
        else [],
        "places": options(PainReport.Place.choices, told.place if told else ""),
        "side_error": faults.get("side", ""),
        "place_error": faults.get("place", ""),
        "errors": errors_of(faults),
    }


def options(choices: Iterable[tuple[str, Any]], chosen: str | None = None) -> list[Context]:
    """Choices as the page shows them."""
    return [
        {"value": value, "label": str(label).capitalize(), "chosen": value == chosen}
        for value, label in choices
    ]


def _did(exercise: PlannedExercise, progress: Progress) -> list[str]:
    """Left 12, 12, 10 and so on, a piece a side."""
    found = []
    for side in dict.fromkeys(row.side for row in progress.of(exercise)):
        reps = ", ".join(
            str(row.reps) for row in progress.of(exercise) if row.side == side and not row.skipped
        )
        if reps:
            found.append(f"{str(Side(side).label).capitalize()} {reps}")
    return found


def pain_word(value: int | None) -> str:
    if value is None:
        return ""
    words = (_("none"), _("mild"), _("clear"), _("strong"), _("very strong"))
    return words[0] if not value else words[1 + (value > 3) + (value > 5) + (value > 7)]


def pain_meaning(program: Program, value: int | None) -> str:
    """What the rules make of this number, in a sentence."""
    if value is None:
        return ""
    limits = (green_limit(program), pain_stop(program) - 1)
    return pain_meanings()[sum(value > limit for limit in limits)]


def pain_meanings() -> list[str]:
    """Of pain within the green limit, of more, and of so much that it gets easier."""
    return [
        _("You notice it, it does not stop you."),
        _("We keep the dose as it is until it is calm."),
        _("We make it easier."),
    ]


def pain_stop(program: Program) -> int:
    """The pain that ends a session, and lowers the dose."""
    return parameter(program, "pain_down", STOP_FROM)


def did_context(progress: Progress, *, changeable: bool) -> Context:
    """What was done: a row an exercise, and the pain told of it."""
    session_url = reverse("programs:session-detail", args=[progress.session.id])
    rows, pains = [], []
    for each in progress.plan.exercises:
        sides = {side: _texts(each, progress, side) for side in Side.values}
        rows.append({"name": name_of(each.sides[0])} | sides)
        if told := progress.pains.get(each.prescription.id):
            url = f"{session_url}?pain={each.prescription.id}" if changeable else ""
            pains.append({"name": name_of(each.sides[0]), "value": told.pain, "change_url": url})
    return {"rows": rows, "pains": pains}


def _texts(exercise: PlannedExercise, progress: Progress, side: str) -> list[Context]:
    planned = exercise.side(side)
    return [
        {
            "text": _("skipped") if row.skipped else str(row.reps),
            "less": planned is not None and row.reps < planned.aim(row.number).reps,
        }
        for row in sorted(progress.of(exercise), key=lambda each: each.number)
        if row.side == side
    ]


def minutes_of(session: Session, progress: Progress) -> int:
    """From the start to the last set, at least one minute."""
    last = max((row.received_at for row in progress.sets.values()), default=session.started_at)
    last = min(last, session.finished_at or last)  # not what was put right since
    return max(1, round((last - session.started_at).total_seconds() / 60))


def finish_context(
    progress: Progress, faults: Mapping[str, str], *, before: SessionReport | None = None
) -> Context:
    """The effort, asked once; `before` is what was told, where it is changed."""
    session, told = progress.session, before.effort if before else None
    effort = scale(session.program, "effort", "effort-legend", zones=False, chosen=told)
    return (
        top(progress)
        | did_context(progress, changeable=True)
        | {
            "post_url": reverse("programs:session-finish", args=[session.id]),
            "hidden": [("revision", before.revision + 1 if before else 0)],
            "minutes": minutes_of(session, progress),
            "scale": effort,
            "errors": errors_of(faults),
        }
    )
