"""What stands on a handout, in the patient's language and unit; every number has its unit."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import segno
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.handout.picture import printed
from exercises.shipped import red_flags
from programs.calendar import local_day, plan_of
from programs.limits import green_limit
from programs.logging.plan import PlannedExercise, PlannedSide, SessionPlan
from programs.logging.presenters import name_of, pain_meanings, pain_stop
from programs.models import DoseVersion, Program
from programs.prescribing.sentences import patient_words
from programs.schedule import due_slots
from programs.wording import (
    band_name,
    day_and_year,
    day_words,
    dose_words,
    language,
    load_words,
    seconds,
    side_letter,
    side_words,
    tempo_words,
    weekday_names,
)

REACH = timedelta(days=84)  # how far ahead days are printed
MOST_DAYS = 18
ORDER = ("setup", "movement", "safety", "cue", "breathing")
OWN_TEMPO = (2, 1, 3)  # what the library's steps say in words
Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Sheet:
    """A program as one page. `told` is what is printed of it."""

    program: Program
    plan: SessionPlan
    version: int
    link: str
    made_at: datetime

    @property
    def single(self) -> bool:
        return len(self.plan.exercises) == 1

    def told(self, *, steps: int) -> dict[str, Any]:
        """Everything as words, with so many steps an exercise."""
        patient, clinic = self.program.patient, self.program.patient.clinic
        today = day_and_year(local_day(self.made_at, patient.time_zone))
        names = {"patient": patient.name, "clinician": self.program.lead.name, "day": today}
        return {
            "lang": language(),
            "title": self._title(),
            "clinic": ", ".join(filter(None, [clinic.name, clinic.phone])),
            "for_whom": _("For %(patient)s, from %(clinician)s, on %(day)s") % names,
            "qr": qr_drawing(self.link),
            "qr_alt": _("QR code of the page %(link)s") % {"link": self.link},
            "qr_words": _("Scan: is this sheet still right? Then open today’s set."),
            "exercises": [
                exercise(each, self.program.weekdays, steps) for each in self.plan.exercises
            ],
            "version": _("Version %(n)s of this program. Is there a newer one? The code knows.")
            % {"n": self.version},
            "right_on": _("This sheet was right on %(day)s.") % {"day": today},
            "grid": grid(self.program, self.plan, self.made_at),
            **pain_rules(self.program),
            **stop_rules(clinic.emergency_number),
        }

    def _title(self) -> str:
        return name_of(self.plan.exercises[0].sides[0]) if self.single else _("Your exercises")


def qr_drawing(link: str) -> str:
    """The link as a drawing that a camera reads."""
    made = BytesIO()
    segno.make_qr(link, error="m").save(made, kind="svg", scale=4, border=1)
    return made.getvalue().decode()


def exercise(exercise: PlannedExercise, weekdays: list[int], steps: int) -> dict[str, Any]:
    first = exercise.sides[0]
    text = first.step.revision.body[language()]
    return {
        "name": name_of(first),
        "figure": printed(first),
        "alt": text["movement"],
        "doses": doses(exercise.sides),
        "facts": _facts(exercise.sides, weekdays),
        "steps": list(_steps(text["steps"], first, steps)),
    }


def doses(sides: tuple[PlannedSide, ...]) -> Pairs:
    """A line a leg; one line where both do the same."""
    said = {side_words(each.side): _dose(each) for each in sides}
    if len(said) > 1 and len(set(said.values())) == 1:
        return [(side_words("each"), next(iter(said.values())))]
    return list(said.items())


def _dose(planned: PlannedSide) -> str:
    """3 × 12 where every set is the same, else what each of them is."""
    if planned.plan is None:
        return dose_words(planned.dose)
    return "; ".join(_aim(each.reps, each.load_kg, each.max_reps) for each in planned.aims)


def _aim(reps: int, load_kg: Decimal | None, max_reps: bool) -> str:
    count = ngettext("%(n)s rep", "%(n)s reps", reps) % {"n": reps}
    said = _("as many as you can") if max_reps else count
    return said if load_kg is None else f"{said}, {load_words(load_kg)}"


def _facts(sides: tuple[PlannedSide, ...], weekdays: list[int]) -> Pairs:
    """What holds beside the count; where the legs differ, both are said."""
    every = [
        (_("Days"), weekday_names(weekdays)),
        (_("Speed"), _both(sides, tempo_words)),
        (_("Rest"), _both(sides, lambda dose: seconds(dose.rest_s))),
        (
            _("Band"),
            _both(sides, lambda dose: band_name(dose.band_level) if dose.band_level else ""),
        ),
        (_("How far"), _both(sides, lambda dose: f"{dose.range_deg}°" if dose.range_deg else "")),
    ]
    return [(name, said) for name, said in every if said]


def _both(sides: tuple[PlannedSide, ...], say: Callable[[DoseVersion], str]) -> str:
    said = {side_letter(each.side): say(each.dose) for each in sides}
    if len(set(said.values())) == 1:
        return next(iter(said.values()))
    return ", ".join(f"{side} {words}" for side, words in said.items() if words)


def _steps(steps: Iterable[dict[str, str]], planned: PlannedSide, most: int) -> Iterator[str]:
    """How to do it, as much as there is room for: of each kind one, before a second of any.

    A step's words name the usual tempo; where another is prescribed only its lead is said.
    """
    dose = planned.dose
    usual = (dose.up_s, dose.hold_s or dose.top_s, dose.down_s) == OWN_TEMPO
    every = list(steps)
    seen: Counter[str] = Counter()
    rank = []
    for n, step in enumerate(every):
        rank.append((seen[step["kind"]], ORDER.index(step["kind"]), n))
        seen[step["kind"]] += 1
    kept = {n for *_rank, n in sorted(rank)[:most]}
    for n, step in enumerate(every):
        if n in kept:
            whole = usual or step["kind"] != "movement"
            yield f"{step['lead']} {step['text']}" if whole else step["lead"].rstrip(",;:")


def pain_rules(program: Program) -> dict[str, Any]:
    """What the patient does about pain, and when the program changes."""
    green, stop = green_limit(program), pain_stop(program)
    between = [_("Pain %(n)s") % {"n": f"{green + 1}–{stop - 1}"}] if stop > green + 1 else []
    labels = [_("Pain %(n)s") % {"n": f"0–{green}"}, *between]
    labels.append(_("Pain %(n)s or more") % {"n": stop})
    calm, keep, ease = pain_meanings()
    meanings = [calm, *([keep] if between else []), f"{_('Stop for today.')} {ease}"]
    return {
        "amount_title": _("Is it the right amount?"),
        "amounts": list(zip(labels, meanings, strict=True)),
        "rules": patient_words(program.ruleset),
    }


def stop_rules(number: str) -> dict[str, Any]:
    listed = red_flags(language())
    return {
        "now_title": _("Stop, and call %(number)s for") % {"number": number},
        "now": [flag["text"] for flag in listed if flag["urgency"] == "emergency"],
        "soon_title": _("Stop, and get care the same day for"),
        "soon": [flag["text"] for flag in listed if flag["urgency"] != "emergency"],
    }


def grid(program: Program, plan: SessionPlan, at: datetime) -> dict[str, Any]:
    """A row a day to train, a column for each leg of each exercise, and the most pain."""
    today = local_day(at, program.patient.time_zone)
    slots = due_slots(plan_of(program), today, today + REACH)[:MOST_DAYS]
    columns = [{"name": name, "sets": len(side.aims)} for name, side in columns_of(plan)]
    return {
        "title": _("Tick each set"),
        "day": _("Day"),
        "pain": _("Pain 0–10"),
        "days": [day_words(slot.local_date) for slot in slots],
        "columns": columns,
    }


def columns_of(plan: SessionPlan) -> list[tuple[str, PlannedSide]]:
    """Each leg of each exercise, as the head of its column names it."""
    several = len(plan.exercises) > 1
    return [
        (
            f"{number} {side_letter(side.side)}" if several else side_words(side.side).capitalize(),
            side,
        )
        for number, each in enumerate(plan.exercises, 1)
        for side in each.sides
    ]
