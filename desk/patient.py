"""The story of a patient on one page."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format, time_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext

from desk import charts, lines
from desk.evidence import FEELS, NOTHING, Ruled, evidence, feel_words
from desk.ledger import days_of, folded, is_open, ledger, version_words
from desk.phases import phase_card
from desk.presenters import Card, Dose, Lock, PatientPage, Proposal, Step
from desk.queue import flag_words
from desk.rows import DecisionRow, SessionRow, rules_of
from desk.story import STATES, Told, state_of, state_words, story
from exercises.schema import read_figure
from patients.models import Equipment, Patient
from programs.decisions.reading import Told as Training
from programs.models import DoseVersion, Program
from programs.prescribing.presenters import knee_words
from programs.prescribing.previewing import drawn
from programs.tables import Row, facts, table
from programs.wording import (
    band_class,
    day_words,
    dose_words,
    seconds,
    side_letter,
    side_words,
    tempo_words,
    weekday_names,
)


def bare_page(patient: Patient, *, joined: bool) -> PatientPage:
    """A patient without a program: what to do next."""
    return PatientPage(
        patient_id=str(patient.id),
        name=patient.name,
        detail=knee_words(patient.affected_side),
        contact=_about(patient),
        resisted_url=_resisted(patient),
        invite_url=_invite(patient, joined),
        prescribe_url=reverse("programs:program-assign", args=[patient.id]),
        handout_url="",
        enter_url="",
        card=None,
        lock=None,
        proposals=(),
        chart=SafeString(""),
        marks=SafeString(""),
        reasons=SafeString(""),
        made=(),
        ledger=SafeString(""),
        numbers=SafeString(""),
        more=False,
    )


def patient_page(
    told: Told,
    decisions: Sequence[DecisionRow],
    training: Sequence[Training],
    flags: Sequence[Mapping[str, str]],
    *,
    joined: bool,
    clinician: bool,
) -> PatientPage:
    """The whole page of a patient who has, or had, a program."""
    program, patient = told.program, told.program.patient
    by_id = {str(one.session.id): one for one in training}
    made = ledger(program, decisions, told.names, by_id)
    days, lined = days_of(made), folded(made)
    picture = story(told, days)
    over = program.status == Program.Status.ENDED
    active = program.status == Program.Status.ACTIVE
    return PatientPage(
        patient_id=str(patient.id),
        name=patient.name,
        detail=_detail(told),
        contact=_about(patient),
        resisted_url=_resisted(patient),
        invite_url=_invite(patient, joined),
        prescribe_url=reverse("programs:program-assign", args=[patient.id]) if over else "",
        handout_url=reverse("handout:print", args=[patient.id]) if active else "",
        enter_url=reverse("handout:enter", args=[patient.id]) if active else "",
        card=_card(told),
        lock=_lock(program, told.closed, flags),
        proposals=tuple(_proposals(told, decisions)),
        chart=mark_safe(charts.story(picture)),  # noqa: S308 (words are escaped there)
        marks=mark_safe(charts.story_marks(picture)),  # noqa: S308 (so are labels)
        reasons=lines.reasons(days, undo=clinician),
        made=lined,
        ledger=lines.ledger(lined, undo=clinician),
        numbers=_numbers([(one, by_id[one.id]) for one in told.sessions if one.id in by_id]),
        more=len(by_id) < len(told.sessions),
    )


def _detail(told: Told) -> str:
    program = told.program
    return gettext("%(knee)s, week %(week)s of %(weeks)s. Since %(day)s with %(name)s") % {
        "knee": knee_words(program.patient.affected_side),
        "week": max(1, min(told.day(told.today), told.day(program.end_on)) // 7 + 1),
        "weeks": told.day(program.end_on) // 7 + 1,
        "day": day_words(told.first, "DAY_OF_YEAR"),
        "name": program.lead.name,
    }


def _about(patient: Patient) -> SafeString:
    owned = dict(Equipment.choices)
    equipment = ", ".join(str(owned.get(each, each)) for each in patient.equipment)
    surgery = patient.get_graft_display() if patient.graft != Patient.Graft.NONE else ""
    repair = gettext("meniscus repair") if patient.meniscus_repair else ""
    rows = [
        (gettext("Born"), patient.birth_date and date_format(patient.birth_date)),
        (gettext("Surgery"), patient.surgery_date and date_format(patient.surgery_date)),
        (gettext("Operation"), ", ".join(filter(None, [surgery, repair]))),
        (
            gettext("No resisted curls before"),
            patient.resisted_not_before and date_format(patient.resisted_not_before),
        ),
        (gettext("Restrictions"), patient.restrictions),
        (gettext("Email"), patient.email),
        (gettext("Phone"), patient.phone),
        (gettext("Language"), patient.get_language_display()),
        (
            gettext("Reminder"),
            time_format(patient.reminder_at),
        ),
        (gettext("Time zone"), patient.time_zone.replace("_", " ")),
        (gettext("Equipment"), equipment or NOTHING),
    ]
    return facts((label, value) for label, value in rows if value)


def _invite(patient: Patient, joined: bool) -> str:
    return "" if joined else reverse("patients:patient-invite", args=[patient.id])


def _resisted(patient: Patient) -> str:
    """Where the not-before date is entered, for whom it is needed."""
    wanted = patient.needs_resisted_date
    return reverse("programs:resisted-date", args=[patient.id]) if wanted else ""


def _card(told: Told) -> Card:
    program = told.program
    now = [doses[-1] for _side, doses in sorted(told.lines.items())]
    first = now[0]
    step = told.ladder[first.step]
    status = program.status
    running = status in (Program.Status.ACTIVE, Program.Status.LOCKED, Program.Status.PAUSED)
    return Card(
        title=step.title,
        figure=drawn(read_figure(step.figure), first.side, first.range_deg, first.band_level),
        doses=tuple(_dose(told, dose) for dose in now) if running else (),
        tempo=gettext("%(tempo)s, rest %(rest)s")
        % {"tempo": tempo_words(first), "rest": seconds(first.rest_s)},
        days=weekday_names(program.weekdays),
        status=status,
        status_words=str(Program.Status(status).label),
        pause_url=_url("program-pause", program, status == Program.Status.ACTIVE),
        resume_url=_url("program-resume", program, status == Program.Status.PAUSED),
        end_url=_url("program-end", program, running),
        discharge_url=_url("program-discharge", program, True),
        phase=phase_card(told.phases, program, told.today) if running else None,
    )


def _url(name: str, program: Program, wanted: bool) -> str:
    return reverse(f"programs:{name}", args=[program.id]) if wanted else ""


def _dose(told: Told, dose: DoseVersion) -> Dose:
    name = told.names[dose.prescription_id, dose.step]
    return Dose(
        side=dose.side,
        side_words=side_letter(dose.side),
        side_name=side_words(dose.side).capitalize(),
        step=Step(name, dose_words(dose), band_class(dose.band_level)),
        change_url=reverse("programs:dose-change", args=[dose.prescription_id, dose.side]),
    )


def _lock(
    program: Program, closed: Sequence[Mapping[str, Any]], flags: Sequence[Mapping[str, str]]
) -> Lock | None:
    if program.status != Program.Status.LOCKED:
        return None
    return Lock(
        since=_since(program, closed, flags),
        title=gettext("Locked after a red flag") if flags else gettext("Locked by a rule"),
        lead=_lock_words(closed, flagged=bool(flags)),
        told=tuple(flag_words(each["flag"]) for each in flags),
        patient_phone=program.patient.phone,
        clear_url=reverse("programs:program-clear", args=[program.id]),
    )


def _since(
    program: Program, closed: Sequence[Mapping[str, Any]], flags: Sequence[Mapping[str, str]]
) -> str:
    """When it was told of; of a rule's lock the day."""
    if flags and (told := parse_datetime(flags[0]["at"])):
        return date_format(localtime(told), "DAY_AND_TIME")
    days = [row["first"] for row in closed if row["kind"] == "lock"]
    return day_words(date.fromisoformat(max(days)) if days else program.assigned_at.date())


def _lock_words(closed: Sequence[Mapping[str, Any]], *, flagged: bool) -> str:
    if flagged:
        return gettext(
            "They were told to stop and where to get help. Nothing is due and no dose changes "
            "until you clear it."
        )
    ends = [row["last"] for row in closed if row["kind"] == "lock"]
    if not ends or None in ends:
        return gettext("Nothing is due and no dose changes until you clear it.")
    opens = date.fromisoformat(max(ends)) + timedelta(days=1)
    return gettext("It opens by itself on %(day)s, or when you clear it.") % {
        "day": day_words(opens)
    }


def _proposals(told: Told, decisions: Sequence[DecisionRow]) -> Iterable[Proposal]:
    for decision in decisions:
        if is_open(decision):
            yield _proposal(told, decision)


def _proposal(told: Told, decision: DecisionRow) -> Proposal:
    ruled = Ruled(decision.prescription, decision.trace, rules_of(told.program), decision.known)
    after = ruled.after
    name = told.names.get((decision.prescription, after.step), "")
    return Proposal(
        key=str(decision.id),
        before=f"{side_words(decision.side)}, {version_words(decision.before, told.names)}",
        after=f"{dose_words(after.dose)}, {name}",
        evidence=lines.evidence(evidence(ruled, told.names, _stays(told, decision)), lines.words()),
        accept_url=reverse("programs:decision-accept", args=[decision.id]),
        refuse_url=reverse("programs:decision-refuse", args=[decision.id]),
    )


def _stays(told: Told, decision: DecisionRow) -> str:
    """The other leg stays where it is."""
    others = [doses[-1] for side, doses in told.lines.items() if side != decision.side]
    return "; ".join(
        gettext("%(side)s stays at %(dose)s")
        % {
            "side": side_words(each.side).capitalize(),
            "dose": version_words(each, told.names),
        }
        for each in others
    )


def _numbers(sessions: Sequence[tuple[SessionRow, Training]]) -> SafeString:
    """The numbers behind the chart, newest first, a row a side."""
    heads = (
        gettext("day"),
        gettext("side"),
        gettext("session"),
        gettext("reps"),
        gettext("pain during"),
        gettext("after"),
        gettext("morning"),
        gettext("effort"),
    )
    states = {state: state_words(state) for state in STATES}
    feels = {feel: feel_words(feel) for feel in FEELS}
    rows = [
        row
        for short, session in reversed(sessions)
        for row in _rows(session, states[state_of(short)], feels)
    ]
    return table("numbers", heads, rows, empty=gettext("No session yet."))


def _rows(session: Training, state: str, feels: Mapping[str, str]) -> Iterator[Row]:
    """A row for each side; reps differ, the rest was told of the session."""
    day = day_words(session.session.local_date)
    pain = session.pains[-1]["pain"] if session.pains else NOTHING
    effort = session.reports[-1]["effort"] if session.reports else NOTHING
    told = (pain, NOTHING, _morning(session, feels), effort)
    for side in dict.fromkeys([row["side"] for row in session.sets]) or ("both",):
        yield Row(day, (side_words(side), state, _reps(session, side), *told))


def _reps(session: Training, side: str) -> str:
    rows = {row["number"]: row for row in session.sets if row["side"] == side}
    reps = [NOTHING if row["skipped"] else str(row["reps"]) for row in rows.values()]
    return ", ".join(reps) or NOTHING


def _morning(session: Training, feels: Mapping[str, str]) -> str:
    if not session.checks:
        return NOTHING
    check = session.checks[-1]
    feel, pain = feels[check["feel"]], check.get("pain")
    return feel if pain is None else f"{feel}, {pain}"
