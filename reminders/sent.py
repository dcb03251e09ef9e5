"""What a patient was sent, ready to print: all in words, by the patient's own clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patients.models import Channel, Patient
from reminders.models import Occurrence, Schedule
from reminders.services.silence import silence_of
from reminders.services.ways import ways_of

BACK = timedelta(days=60)
MOST = 100

State = Occurrence.State
LEFT = (State.SENT, State.DELIVERED)
OUTCOMES = {
    State.PLANNED: (gettext_lazy("Planned"), ""),
    State.LEASED: (gettext_lazy("On its way"), ""),
    State.SENDING: (gettext_lazy("On its way"), ""),
    State.SENT: (gettext_lazy("Sent"), "good"),
    State.DELIVERED: (gettext_lazy("Delivered"), "good"),
    State.FAILED: (gettext_lazy("Not sent"), "bad"),
    State.UNKNOWN: (gettext_lazy("Not known"), "caution"),
    State.MISSED: (gettext_lazy("Not sent"), "caution"),
    State.CANCELLED: (gettext_lazy("Not sent"), ""),
}
REASONS = {
    "late": gettext_lazy("Its time was over before it could leave."),
    "quiet": gettext_lazy("It fell into the quiet hours."),
    "no_address": gettext_lazy("There is no address for it."),
    "opted_out": gettext_lazy("The patient said no more of these."),
    "no_consent": gettext_lazy("The patient has not agreed to these."),
    "dead": gettext_lazy("The address takes no messages any more."),
    "capped": gettext_lazy("That week’s text messages were used up."),
    "no_way": gettext_lazy("Every way was tried or is off."),
    "other_way": gettext_lazy("It goes another way than planned."),
    "enough_today": gettext_lazy("Enough was sent that day."),
    "done": gettext_lazy("The session was done."),
    "declined": gettext_lazy("The patient had said “not today”."),
    "not_due": gettext_lazy("The plan had changed: nothing was due."),
    "not_active": gettext_lazy("The program was not running."),
    "not_trained": gettext_lazy("There was no session to ask about."),
    "ignored": gettext_lazy("Reminders have stopped: too many went unanswered."),
    "backing_off": gettext_lazy("Fewer are sent, as the last ones went unanswered."),
    "heard": gettext_lazy("The patient was heard from again."),
    "answered": gettext_lazy("The patient had answered already."),
    "read": gettext_lazy("The patient had read it already."),
    "told": gettext_lazy("The patient had been told already."),
    "nothing_waits": gettext_lazy("Nothing was waiting."),
    "cleared": gettext_lazy("The warning sign was cleared."),
    "left": gettext_lazy("They no longer work here."),
    "refused": gettext_lazy("The other side would not take it."),
    "no_answer": gettext_lazy("No answer came: it may have arrived."),
    "abroad": gettext_lazy("No texts are sent to that country."),
    "restored": gettext_lazy("Not sent after a restore: it may have left before."),
    "attempts": gettext_lazy("It was tried several times without success."),
}


@dataclass(frozen=True)
class Line:
    """One message: when it was due, what it was, and what became of it."""

    when: str
    kind: str
    channel: str
    outcome: str
    tone: str
    told: Sequence[str]


@dataclass(frozen=True)
class Way:
    """A channel; `why` says why nothing goes over it, "" where it is on."""

    name: str
    why: str


@dataclass(frozen=True)
class SentPage:
    """The page. `more`: not everything is shown.

    `coming` is "" where nothing is planned, `rarely` where no silence holds reminders back.
    """

    patient: Patient
    zone: str
    coming: str
    rarely: str
    ways: Sequence[Way]
    lines: Sequence[Line]
    more: bool

    @property
    def silent(self) -> bool:
        """Whether nothing can reach the patient now."""
        return all(way.why for way in self.ways)


def sent_page(patient: Patient, now: datetime) -> SentPage:
    """What comes next and what was sent lately, newest first; a fixed number of queries."""
    rows = Occurrence.objects.filter(patient=patient, due_at__gt=now - BACK)
    newest = list(rows.select_related("recipient").order_by("-due_at", "-id")[: MOST + 1])
    zone = ZoneInfo(patient.time_zone)
    return SentPage(
        patient=patient,
        zone=patient.time_zone.replace("_", " "),
        coming=_coming(patient, zone),
        rarely=_rarely(patient),
        ways=_ways(patient, now),
        lines=[_line(row, zone) for row in newest[:MOST]],
        more=len(newest) > MOST,
    )


def _coming(patient: Patient, zone: ZoneInfo) -> str:
    """The next message that is planned, and when."""
    planned = Schedule.objects.filter(patient=patient, next_due_at__isnull=False)
    found = planned.order_by("next_due_at").first()
    if found is None or found.next_due_at is None:
        return ""
    day = date_format(found.next_due_at.astimezone(zone), "DAY_AND_TIME")
    return f"{day}: {found.get_kind_display()}"


def _rarely(patient: Patient) -> str:
    """What an unanswered row of reminders has come to."""
    silence = silence_of(patient.id)
    if silence is None or not silence.is_long:
        return ""
    if silence.is_over:
        return _(
            "Reminders of sessions have stopped, for nobody answered them. They start again when"
            " the patient trains, opens one or turns them on."
        )
    return _("Only every other reminder of a session leaves: the last ones went unanswered.")


def _ways(patient: Patient, now: datetime) -> list[Way]:
    """The patient's own ways in their order, then those that they did not choose."""
    found = ways_of([patient], now)[patient.id]
    others = [channel for channel in Channel if channel not in found.order]
    chosen = [Way(str(each.label), _reason(found.why_not[each])) for each in found.order]
    return chosen + [Way(str(each.label), _("The patient has not chosen it.")) for each in others]


def _line(row: Occurrence, zone: ZoneInfo) -> Line:
    outcome, tone = OUTCOMES[State(row.state)]
    return Line(
        when=_at(row.due_at, zone),
        kind=capfirst(row.get_kind_display()),
        channel=row.get_channel_display(),
        outcome=str(outcome),
        tone=tone,
        told=[said for said in _told(row, zone) if said],
    )


def _told(row: Occurrence, zone: ZoneInfo) -> list[str]:
    """The sentences under a message."""
    return [
        _("To %(name)s.") % {"name": row.recipient.name} if row.recipient else "",
        _tried(row),
        _reason(row.reason),
        _waits(row, zone) if row.state == State.PLANNED else "",
        _seen(row, zone) if row.state in LEFT else "",
    ]


def _tried(row: Occurrence) -> str:
    """The ways that were given up before."""
    names = ", ".join(str(Channel(each).label) for each in row.tried)
    return _("Tried before: %(ways)s.") % {"ways": names} if names else ""


def _waits(row: Occurrence, zone: ZoneInfo) -> str:
    return _("Leaves on %(at)s.") % {"at": _at(row.not_before, zone)}


def _seen(row: Occurrence, zone: ZoneInfo) -> str:
    """When it left, and whether its link was opened."""
    sent = _("Left on %(at)s.") % {"at": _at(row.sent_at, zone)} if row.sent_at else ""
    if row.opened_at is None:
        return f"{sent} " + _("Not opened.")
    return f"{sent} " + _("Opened on %(at)s.") % {"at": _at(row.opened_at, zone)}


def _reason(key: str) -> str:
    """Why, in a sentence; a refusal brings the other side's own number, or stands for itself."""
    word, _space, number = key.partition(" ")
    if key and word not in REASONS:
        return _("The other side said: %(word)s.") % {"word": key}
    said = str(REASONS.get(word, ""))
    return f"{said} ({number})" if number else said


def _at(moment: datetime, zone: ZoneInfo) -> str:
    return date_format(moment.astimezone(zone), "DAY_AND_TIME")
