"""Everything that is kept of one patient, as tables. Nothing of anyone else but staff's names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.utils.translation import gettext_lazy as _

from desk.models import Contact, Episode, TimeEntry
from patients.models import Channel, Message, OutcomeScore, Patient
from programs.codec import from_json
from programs.decisions.sentences import side_sentences
from programs.models import (
    Answer,
    CheckIn,
    Clearance,
    Decision,
    Discharge,
    DoseVersion,
    Finding,
    FurtherAnswer,
    Interruption,
    NotToday,
    PainReport,
    Phase,
    PrescriptionStep,
    Program,
    RedFlag,
    Session,
    SessionReport,
    SetLog,
    UsualPain,
)
from programs.progression import types as engine
from programs.wording import language
from reminders.models import CalendarFeed, DeadAddress, Device, Occurrence, OptOut

Paths = Mapping[str, Any]


@dataclass(frozen=True)
class Table:
    """Rows under plain English names; `words` holds what a choice is called, by column."""

    name: str
    title: Any
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    words: Mapping[str, Mapping[Any, Any]]


PATIENT = (
    *("id", "name", "email", "phone", "birth_date", "affected_side", "surgery_date", "graft"),
    *("meniscus_repair", "resisted_not_before", "restrictions", "chart_number", "language"),
    *("time_zone", "equipment", "unit", "reminder_at", "day_times", "channels", "quiet_from"),
    *("quiet_until", "created_at"),
)
DOSE = ("sets", "reps", "hold_s", "up_s", "top_s", "down_s", "rest_s", "load_kg", "band_level")
SET = ("side", "number", "reps", "hold_s", "load_kg", "band_level", "skipped", "effort")
REMINDER = (
    *("kind", "channel", "local_date", "slot", "due_at", "state", "reason", "sent_at"),
    "opened_at",
)


def tables_of(patient: Patient) -> Iterator[Table]:
    """All tables of this patient; needs the clinic's scope."""
    mine = Patient.objects.filter(id=patient.id)
    yield _table("patient", _("You"), mine, _same(*PATIENT))
    yield from _agreements(patient)
    yield from _programs(patient)
    yield from _training(patient)
    yield from _decisions(patient)
    yield from _talk(patient)
    yield from _monitoring(patient)


def _agreements(patient: Patient) -> Iterator[Table]:
    wording = _same("kind", "wording", "language", "given_at", "withdrawn_at")
    yield _table(
        "consents", _("What you agreed to"), patient.consents.order_by("given_at"), wording
    )
    access = _same("kind", "since", "until", "consented_at")
    yield _table("accesses", _("Who may act for you"), patient.accesses.order_by("since"), access)
    team = {"clinician": "user__name"} | _same("kind", "reason", "note", "since", "until")
    yield _table("care_team", _("Your care team"), patient.care_links.order_by("since"), team)


def _programs(patient: Patient) -> Iterator[Table]:
    programs = Program.objects.filter(patient=patient).order_by("assigned_at")
    told = _same("id", "status", "start_on", "end_on", "weekdays", "assigned_at")
    yield _table("programs", _("Programs"), programs, told | {"clinician": "assigned_by__name"})
    phases = Phase.objects.filter(program__patient=patient).exclude(position__gt=0, start_on=None)
    told = {"program_id": "program_id"} | _same("name", "weeks", "start_on")
    yield _table("phases", _("Phases"), phases.order_by("start_on", "position"), told)
    pauses = Interruption.objects.filter(program__patient=patient).order_by("first_day")
    told = {"program_id": "program_id"} | _same("kind", "first_day", "last_day", "reason")
    yield _table("pauses", _("Pauses"), pauses, told)
    ends = Discharge.objects.filter(program__patient=patient).order_by("at")
    told = {"program_id": "program_id"} | _same("reason", "plan", "contact", "at")
    yield _table("discharges", _("Home plans"), ends, told | {"clinician": "by__name"})
    doses = DoseVersion.objects.filter(prescription__program__patient=patient).order_by("at", "id")
    told = {"id": "id", "program_id": "prescription__program_id", "exercise": _exercise("step")}
    yield _table("doses", _("Doses"), doses, told | _same("side", *DOSE, "range_deg", "at"))


def _training(patient: Patient) -> Iterator[Table]:
    own = {"session__program__patient": patient}
    day: Paths = {"session_id": "session_id", "local_date": "session__local_date"}
    sessions = Session.objects.filter(program__patient=patient).order_by("local_date", "slot")
    told = _same("local_date", "slot", "source", "planned_sets", "started_at", "finished_at")
    ids = _same("id", "program_id")
    yield _table("sessions", _("Sessions"), sessions, ids | told | _same("stopped", "zone"))
    sets = SetLog.objects.filter(**own).order_by("session__local_date", "done_at", "revision", "id")
    name: Paths = {"exercise": _exercise("dose__step")}
    ends = _same("revision", "done_at", "received_at")
    yield _table("sets", _("Sets"), sets, {**day, **name, **_same(*SET), **ends})
    yield _told("pain", _("Pain"), PainReport, own, {**day, **_same("pain", "side", "place")})
    yield _told("effort", _("Effort"), SessionReport, own, {**day, **_same("effort")})
    checks = _same("feel", "pain", "swelling", "recalled")
    yield _told("check_ins", _("Next mornings"), CheckIn, own, {**day, **checks})
    answers = _same("name", "value", "recalled")
    yield _told("answers", _("Further answers"), FurtherAnswer, own, {**day, **answers})
    usual = UsualPain.objects.filter(patient=patient).order_by("at")
    yield _table("usual_pain", _("Usual pain"), usual, _same("pain", "at"))
    rated = OutcomeScore.objects.filter(patient=patient).order_by("local_date", "at")
    told = _same("kind", "activity", "value", "local_date", "revision", "from_patient", "at")
    yield _table("outcomes", _("How you are doing"), rated, told)
    away = NotToday.objects.filter(program__patient=patient).order_by("at")
    yield _table("not_today", _("Not today"), away, _same("local_date", "reason", "back_on", "at"))


def _decisions(patient: Patient) -> Iterator[Table]:
    flags = RedFlag.objects.filter(program__patient=patient).order_by("at")
    yield _table("warning_signs", _("Warning signs"), flags, _same("id", "flag", "at"))
    cleared = Clearance.objects.filter(red_flag__program__patient=patient).order_by("at")
    told = {"warning_id": "red_flag_id", "clinician": "by__name"} | _same("reason", "at")
    yield _table("clearances", _("Cleared by the clinic"), cleared, told)
    tests = Finding.objects.filter(patient=patient).order_by("at")
    told = _same("name", "number", "word", "flag", "on", "note", "at") | {"clinician": "by__name"}
    yield _table("tests", _("Tests"), tests, told)
    rows = Decision.objects.filter(program__patient=patient).order_by("at", "id")
    told = _same("id", "program_id") | {"exercise": _exercise("before__step")}
    told |= _same("side", "kind", "approval", "trigger", "before_id", "after_id", "reason", "at")
    yield _because(_table("decisions", _("Decisions"), rows, told | _same("trace")))
    given = Answer.objects.filter(decision__program__patient=patient).order_by("at")
    told = _same("decision_id", "kind", "reason", "at") | {"clinician": "by__name"}
    yield _table("decision_answers", _("Answers to proposals"), given, told)


def _talk(patient: Patient) -> Iterator[Table]:
    messages = Message.objects.filter(patient=patient).order_by("at")
    told = {"author": "author__name"} | _same("from_patient", "body", "at")
    yield _table("messages", _("Messages"), messages, told)
    sent = Occurrence.objects.filter(patient=patient, recipient=None).order_by("due_at")
    yield _table("reminders", _("Reminders"), sent, _same(*REMINDER))
    stops = OptOut.objects.filter(patient=patient).order_by("at")
    yield _table("stops", _("Reminders that you stopped"), stops, _same("channel", "wording", "at"))
    dead = DeadAddress.objects.filter(patient=patient).exclude(channel=Channel.PUSH).order_by("at")
    told = _same("channel", "address", "reason", "at")
    yield _table("dead_addresses", _("Addresses that take no messages"), dead, told)
    phones = Device.objects.filter(patient=patient).order_by("at")
    yield _table("phones", _("Phones that show reminders"), phones, _same("at", "ended_at"))
    calendars = CalendarFeed.objects.filter(patient=patient).order_by("at")
    told = _same("at", "ended_at")
    yield _table("calendars", _("Addresses of your calendar"), calendars, told)


def _monitoring(patient: Patient) -> Iterator[Table]:
    rows = Episode.objects.filter(patient=patient).order_by("started_on", "at")
    told = _same("id", "started_on", "ended_on", "consent_on", "consent_way", "taught_on")
    told |= _same("taught_way", "software") | {"clinician": "by__name"}
    yield _table("monitoring", _("Remote monitoring"), rows, told)
    own = {"episode__patient": patient}
    mark: Paths = {"replaces_id": "replaces_id", **_same("reason", "taken_back")}
    who: Paths = {"id": "id", "episode_id": "episode_id", "clinician": "by__name"}
    time = TimeEntry.objects.filter(**own).order_by("started_at", "at")
    told = _same("activity", "started_at", "stopped_at", "idle_s", "by_hand")
    yield _table("monitoring_time", _("Time for your monitoring"), time, {**who, **told, **mark})
    talks = Contact.objects.filter(**own).order_by("held_at", "at")
    told = _same("held_at", "method", "outcome")
    yield _table("contacts", _("When we tried to reach you"), talks, {**who, **told, **mark})


def _same(*names: str) -> dict[str, Any]:
    """Columns that are called as the fields are."""
    return {name: name for name in names}


def _told(name: str, title: Any, model: Any, own: Paths, columns: Paths) -> Table:
    """Answers about sessions, in the order they came; a later revision corrects the earlier."""
    rows = model.objects.filter(**own).order_by("session__local_date", "revision", "at", "id")
    return _table(name, title, rows, {**columns, **_same("at")})


def _table(name: str, title: Any, rows: QuerySet[Any], columns: Paths) -> Table:
    """Read the rows; a column is a field's path or an expression."""
    made = {f"_{key}": path for key, path in columns.items() if not isinstance(path, str)}
    paths = [path if isinstance(path, str) else f"_{key}" for key, path in columns.items()]
    fields = {field.name: dict(field.flatchoices) for field in rows.model._meta.concrete_fields}
    words = {key: fields[path] for key, path in columns.items() if fields.get(str(path))}
    read = list(rows.annotate(**made).values_list(*paths))
    return Table(name, title, tuple(columns), read, words)


def _exercise(step: str) -> Subquery:
    """The name of the exercise on which a dose stood, in the page's language."""
    rungs = PrescriptionStep.objects.filter(
        prescription=OuterRef("prescription"), position=OuterRef(step)
    )
    name = KeyTextTransform("name", KeyTransform(language(), "revision__body"))
    named = rungs.annotate(exercise=name)
    return Subquery(named.values("exercise")[:1])


def _because(table: Table) -> Table:
    """Decisions with their reasons in words, in place of the engine's own record."""
    rows = [(*row[:-1], " ".join(_reasons(row[-1]))) for row in table.rows]
    return Table(table.name, table.title, (*table.columns[:-1], "said"), rows, table.words)


def _reasons(trace: Mapping[str, Any]) -> list[str]:
    if "side" not in trace:
        return []
    return side_sentences(from_json(engine.SideDecision, trace["side"]), "patient")
