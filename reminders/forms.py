"""When, where and whether a patient wants to be reminded."""

from collections.abc import Collection, Iterator
from datetime import time
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patients.models import Channel, Patient
from patients.preferences import Hearing
from reminders.channels import why_not
from reminders.planning import Quiet


def _time(label: Any, **options: Any) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, widget=widget, **options)


class HearingForm(forms.Form):
    """The patient's own reminder times, for the days of their program; the way; quiet hours."""

    reminders = forms.BooleanField(label=_("Remind me of my sessions"), required=False)
    reminder_at = _time(_("Time"))
    channel = forms.ChoiceField(
        label=_("How"), choices=Channel, widget=forms.RadioSelect, required=False
    )
    quiet_from = _time(_("From"))
    quiet_until = _time(_("To"))

    def __init__(self, patient: Patient, weekdays: Collection[int], data: Any = None) -> None:
        super().__init__(data, initial=_initial(patient), label_suffix="")
        self.patient = patient
        for day in sorted(weekdays):
            self.fields[f"day_{day}"] = _time(WEEKDAYS[day], required=False)

    def days(self) -> list[Any]:
        """The fields of single days, bound."""
        return [self[name] for name in self.fields if name.startswith("day_")]

    def ways(self) -> Iterator[dict[str, Any]]:
        """Each channel, and why it can't be chosen if it can't."""
        chosen = self["channel"].value() or Channel.EMAIL
        for value, label in Channel.choices:
            reason = why_not(Channel(value), self.patient)
            yield {"value": value, "label": label, "reason": reason, "chosen": value == chosen}

    def clean_channel(self) -> Channel:
        channel = Channel(self.cleaned_data["channel"] or self.patient.channel)
        if reason := why_not(channel, self.patient):
            raise forms.ValidationError(reason)
        return channel

    def clean(self) -> dict[str, Any]:
        """A reminder inside the quiet hours would never come at its time."""
        told = super().clean() or self.cleaned_data
        if told.get("quiet_from") is None or told.get("quiet_until") is None:
            return told
        quiet = Quiet(told["quiet_from"], told["quiet_until"])
        for name in [*self.fields]:
            wanted = told.get(name) if name == "reminder_at" or name.startswith("day_") else None
            if told.get("reminders") and wanted and quiet.covers(wanted):
                self.add_error(name, gettext("This is in your quiet hours. Change one of them."))
        return told

    def hearing(self) -> Hearing:
        """What the valid form asks for; a day that isn't shown keeps its time."""
        told = self.cleaned_data
        return Hearing(
            wanted=told["reminders"],
            at=told["reminder_at"],
            day_times=tuple(self._of(day) for day in range(7)),
            channel=told["channel"],
            quiet_from=told["quiet_from"],
            quiet_until=told["quiet_until"],
        )

    def _of(self, day: int) -> time | None:
        """A day's own time; one that says the same as every day is no other time."""
        kept = self.patient.day_times[day] if self.patient.day_times else None
        wanted: time | None = self.cleaned_data.get(f"day_{day}", kept)
        return None if wanted == self.cleaned_data["reminder_at"] else wanted


def _initial(patient: Patient) -> dict[str, Any]:
    told = {f"day_{day}": own for day, own in enumerate(patient.day_times)}
    names = ("reminder_at", "channel", "quiet_from", "quiet_until")
    return told | {name: getattr(patient, name) for name in names}
