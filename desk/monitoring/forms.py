"""What is typed about remote monitoring: the word it rests on, time, contacts, corrections."""

from datetime import date, datetime, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from desk.monitoring.models import Activity, Contact, Episode, TimeEntry
from patients.forms import DayField
from reminders.planning import to_utc

LONGEST_AGO = timedelta(days=2 * 365)
AGO = _("At most two years back.")


class Hour(forms.TimeField):
    """A time of day, picked where the browser can."""

    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


def _choice(label: Any, choices: Any, *, required: bool = True, **told: Any) -> forms.ChoiceField:
    options = [("", "—"), *choices.choices]
    return forms.ChoiceField(label=label, choices=options, required=required, **told)


class _Plain(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class EducationForm(_Plain):
    """When and how the patient was shown what to do."""

    taught_on = DayField(label=_("Day of the education session"))
    taught_way = _choice(_("How it was held"), Episode.Taught)

    def __init__(self, today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        """Nothing lies ahead, and a day comes with its way."""
        told: dict[str, Any] = self.cleaned_data
        for name, value in list(told.items()):
            if isinstance(value, date) and value > self.today:
                self.add_error(name, _("This day is still to come."))
        day, way = told.get("taught_on"), told.get("taught_way")
        if day and not way:
            self.add_error("taught_way", _("Say how it was held."))
        if way and not day and "taught_on" not in self.errors:
            self.add_error("taught_on", _("Say on which day."))
        return told


class EpisodeForm(EducationForm):
    """From when a patient is monitored, and on what word."""

    started_on = DayField(label=_("First day of monitoring"), help_text=AGO)
    consent_on = DayField(
        label=_("Day of the consent to monitoring"),
        help_text=_("The patient’s own word, on the first day at the latest."),
    )
    consent_way = _choice(_("How it was given"), Episode.Consent)
    field_order = ("consent_on", "consent_way", "started_on", "taught_on", "taught_way")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["taught_on"].required = self.fields["taught_way"].required = False

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        start, consent = told.get("started_on"), told.get("consent_on")
        if start and consent and consent > start:
            self.add_error("started_on", _("Not before the consent."))
        if start and start < self.today - LONGEST_AGO:
            self.add_error("started_on", AGO)
        return told


class TimerForm(_Plain):
    """What the time will go into."""

    activity = forms.ChoiceField(label=_("What it goes into"), choices=Activity)


class _Dated(_Plain):
    """Something of a day in the clinic's time that lies behind, or a correction of it.

    `MOMENTS`: where the row has the instants that the fields say to the minute; `KEPT`: what else a
    correction begins with; `NOW`: what begins with now.
    """

    MOMENTS: ClassVar[dict[str, str]]
    KEPT: ClassVar[tuple[str, ...]]
    NOW: ClassVar[tuple[str, ...]] = ()

    day = DayField(label=_("Day"))

    def __init__(
        self, zone: str, now: datetime, data: Any, row: TimeEntry | Contact | None = None
    ) -> None:
        moments = self.MOMENTS if row else {}
        self.zone, self.now = zone, now
        self.own: dict[str, datetime] = {name: getattr(row, at) for name, at in moments.items()}
        kept = {name: getattr(row, name) for name in self.KEPT} if row else {}
        super().__init__(data, initial=self._begins() | kept)
        if row:
            self.fields["reason"] = forms.CharField(
                label=_("Why it is corrected"), max_length=200, error_messages=REASON
            )
            self.fields["taken_back"] = forms.BooleanField(
                label=_("Take it back: it no longer counts"), required=False
            )

    def _begins(self) -> dict[str, Any]:
        zone = ZoneInfo(self.zone)
        at = self.own or dict.fromkeys(self.NOW, self.now)
        local = {name: each.astimezone(zone) for name, each in at.items()}
        first = next(iter(local.values()), self.now.astimezone(zone))
        hours = {name: each.time().replace(second=0, microsecond=0) for name, each in local.items()}
        return {"day": first.date(), **hours}

    def at(self, name: str) -> datetime | None:
        """The moment of the day that this field says; the row's own where nobody typed another."""
        told = self.cleaned_data
        if name in self.own and (
            told.get("taken_back") or not {"day", name} & {*self.changed_data}
        ):
            return self.own[name]
        day, hour = told.get("day"), told.get(name)
        if day is None or hour is None:
            return None
        found = to_utc(day, hour, self.zone)
        if found > self.now:
            self.add_error(name, _("This is still to come."))
        return found

    def told(self) -> dict[str, Any]:
        """What the services ask for."""
        typed = {"day", *self.MOMENTS}
        return {name: value for name, value in self.cleaned_data.items() if name not in typed}


REASON = {"required": _("Say why.")}


class TimeForm(_Dated):
    """Time by hand: a day, from when to when, and what it went into."""

    MOMENTS: ClassVar = {"start": "started_at", "end": "stopped_at"}
    KEPT = ("activity",)

    start = Hour(label=_("From"))
    end = Hour(label=_("To"))
    activity = _choice(_("What it went into"), Activity)

    def __init__(self, zone: str, now: datetime, data: Any, row: TimeEntry | None = None) -> None:
        super().__init__(zone, now, data, row)
        if row and row.idle_s:
            self.fields["end"].help_text = _("New times count whole: leave out what was idle.")

    def clean(self) -> dict[str, Any]:
        """Adds `started_at` and `stopped_at`."""
        told: dict[str, Any] = self.cleaned_data
        start, end = self.at("start"), self.at("end")
        typed = [start, end] != list(self.own.values())
        if start and end and typed and not self.errors:
            if end <= start:
                self.add_error("end", _("Later than its start."))
            elif end - start > TimeEntry.LONGEST:
                self.add_error("end", _("At most 4 hours at once."))
        return told | {"started_at": start, "stopped_at": end}


class ContactForm(_Dated):
    """A contact: when, how, and what came of it."""

    MOMENTS: ClassVar = {"time": "held_at"}
    KEPT = ("method", "outcome")
    NOW = ("time",)

    time = Hour(label=_("Time"))
    method = _choice(_("How"), Contact.Method)
    outcome = _choice(
        _("What came of it"),
        Contact.Outcome,
        help_text=_("Only a phone call, a video call or a visit is in real time."),
    )

    def clean(self) -> dict[str, Any]:
        """Adds `held_at`. Nobody is spoken to by text."""
        told: dict[str, Any] = self.cleaned_data
        spoke = told.get("outcome") in Contact.SPOKE
        if spoke and told.get("method") and told["method"] not in Contact.REAL_TIME:
            self.add_error("outcome", _("In writing nobody is spoken to."))
        return told | {"held_at": self.at("time")}
