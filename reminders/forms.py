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
from reminders.planning import Quiet
from reminders.services.offered import why_not


def _time(label: Any, **options: Any) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, widget=widget, **options)


class HearingForm(forms.Form):
    """The patient's own reminder times, for the days of their program; the way; quiet hours."""

    reminders = forms.BooleanField(label=_("Remind me of my sessions"), required=False)
    reminder_at = _time(_("Time"))
    channel = forms.ChoiceField(label=_("How"), choices=Channel, required=False)
    others = forms.MultipleChoiceField(choices=Channel, required=False)
    daily_texts = forms.BooleanField(
        label=_("Text me on every day of training, not only three times a week"), required=False
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

    @property
    def offers_texts(self) -> bool:
        return not why_not(Channel.SMS, self.patient)

    def next_ways(self) -> list[dict[str, Any]]:
        """What may be tried after the first one; nothing where there is but one way."""
        usable = [way for way in self.ways() if not way["reason"]]
        return usable if len(usable) > 1 else []

    def ways(self) -> Iterator[dict[str, Any]]:
        """Each channel, why it can't be chosen if it can't, and whether it comes first or next."""
        first, others = self["channel"].value() or Channel.EMAIL, self["others"].value() or ()
        for value, label in Channel.choices:
            yield {
                "value": value,
                "label": label,
                "reason": why_not(Channel(value), self.patient),
                "chosen": value == first,
                "other": value in others and value != first,
            }

    def clean_channel(self) -> Channel:
        chosen = self.cleaned_data["channel"]
        channel = Channel(chosen or self.patient.channels[0])
        reason = why_not(channel, self.patient)
        if reason and (chosen or self.cleaned_data["reminders"]):
            raise forms.ValidationError(reason)
        return channel

    def clean_others(self) -> list[Channel]:
        """What can't be used isn't offered, and one that was sent all the same is left out."""
        wanted = map(Channel, self.cleaned_data["others"])
        return [channel for channel in wanted if not why_not(channel, self.patient)]

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
            channels=self._order(),
            daily_texts=told["daily_texts"],
            quiet_from=told["quiet_from"],
            quiet_until=told["quiet_until"],
        )

    def _order(self) -> tuple[Channel, ...]:
        """The first one first, and no other twice."""
        first = self.cleaned_data["channel"]
        return (first, *(one for one in self.cleaned_data["others"] if one != first))

    def _of(self, day: int) -> time | None:
        """A day's own time; one that says the same as every day is no other time."""
        kept = self.patient.day_times[day] if self.patient.day_times else None
        wanted: time | None = self.cleaned_data.get(f"day_{day}", kept)
        return None if wanted == self.cleaned_data["reminder_at"] else wanted


def _initial(patient: Patient) -> dict[str, Any]:
    told: dict[str, Any] = {f"day_{day}": own for day, own in enumerate(patient.day_times)}
    names = ("reminder_at", "quiet_from", "quiet_until")
    told |= {"channel": patient.channels[0], "others": patient.channels[1:]}
    return told | {name: getattr(patient, name) for name in names}
