"""What a patient puts right, or adds, after a set: the next word on it, and notes to the team."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.roles import Actor
from patients import units
from programs.aims import Aim
from programs.logging import services
from programs.logging.entries import SetEntry
from programs.logging.following import plain_load
from programs.logging.record import Record, set_history
from programs.models import DoseVersion, Session, SessionNote, SetLog
from programs.wording import BANDS, band_name

DONE = ("done", _("I did it"))


@dataclass(frozen=True)
class Place:
    """One set of a session: what it was to be, and the word that stands."""

    record: Record
    key: UUID
    dose: DoseVersion
    aim: Aim
    side: str
    number: int
    standing: SetLog | None

    def entry(self, given: dict[str, Any]) -> SetEntry:
        """The set as the form tells it; a skipped one has no numbers."""
        skipped = "" if given["skipped"] == DONE[0] else given["skipped"]
        told = {} if skipped else {name: given[name] for name in given if name not in APART}
        exercise = self.record.slots[self.key][0]
        return SetEntry(
            prescription=exercise.prescription.id,
            side=self.side,
            number=self.number,
            dose=self.dose.id,
            skipped=skipped,
            revision=given["revision"] or 0,
            done_at=self.done_at,
            **told,
        )

    @property
    def still_to_do(self) -> bool:
        """Nothing to put right yet: the session runs, and the player asks for this set."""
        return not (self.standing or self.record.session.finished_at)

    @property
    def done_at(self) -> datetime | None:
        """When it was done: as told at first; of one that was left out, as the session ended."""
        return self.standing.done_at if self.standing else self.record.session.finished_at


APART = ("skipped", "revision")


def find_place(record: Record, key: UUID) -> Place | None:
    """The set of this key; None where the session has none."""
    if key not in record.slots:
        return None
    exercise, side, number = record.slots[key]
    history = set_history(record, key)
    planned = exercise.side(side)
    standing = history[-1] if history else None
    dose = standing.dose if standing else planned.dose if planned else None
    if dose is None:
        return None
    aim = record.progress.aim(exercise, side, number)
    return Place(record, key, dose, aim, side, number, standing)


class CorrectionForm(forms.Form):
    """One set once more: only the numbers that its dose has. Ranges are checked with the dose."""

    reps = forms.IntegerField(label=_("Reps"))
    hold_s = forms.IntegerField(label=_("Hold, seconds"))
    load_kg = forms.DecimalField(label=_("Weight, kg"), max_digits=6, decimal_places=2)
    load_lb = forms.DecimalField(label=_("Weight, lb"), min_value=0, max_digits=5, decimal_places=1)
    band_level = forms.TypedChoiceField(label=_("Band"), coerce=int)
    effort = forms.IntegerField(label=_("How hard, 0 to 10"))
    skipped = forms.ChoiceField(label=_("Done or skipped"))
    revision = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=0, max_value=100
    )

    def __init__(self, data: Any, place: Place) -> None:
        super().__init__(data, initial=_initial(place), label_suffix="")
        self._keep(place)
        whys = [(value, gettext("Skipped: %(why)s") % {"why": str(label)}) for value, label in WHYS]
        self.fields["skipped"].choices = [DONE, *whys]  # type: ignore[attr-defined]  # a field of choices
        for name in ("reps", "hold_s", "effort"):
            if name in self.fields:
                self.fields[name].widget.attrs["inputmode"] = "numeric"

    def clean(self) -> dict[str, Any]:
        """A skipped set needs no numbers, whatever stands in their fields."""
        if self.cleaned_data.get("skipped", DONE[0]) != DONE[0]:
            for name in set(self.errors) - {"revision"}:
                del self.errors[name]
        return self.cleaned_data

    def _keep(self, place: Place) -> None:
        dose = place.dose
        absent = {
            "hold_s": not dose.hold_s,
            "load_kg": dose.load_kg is None or units.spoken() != units.KG,
            "load_lb": dose.load_kg is None or units.spoken() != units.LB,
            "band_level": dose.band_level is None,
            "effort": not place.aim.asks,
        }
        for name, gone in absent.items():
            if gone:
                del self.fields[name]
        if "band_level" in self.fields:
            self.fields["band_level"].choices = [(n, band_name(n)) for n in BANDS]  # type: ignore[attr-defined]  # a field of choices


WHYS = SetLog.Skip.choices


def _initial(place: Place) -> dict[str, Any]:
    """What stands, else what was planned."""
    row, dose, aim = place.standing, place.dose, place.aim
    told: dict[str, Any]
    if row is None or row.skipped:
        told = {"reps": aim.reps, "hold_s": dose.hold_s, "load_kg": aim.load_kg or dose.load_kg}
        told |= {"band_level": dose.band_level, "effort": None}
    else:
        names = ("reps", "hold_s", "load_kg", "band_level", "effort")
        told = {name: getattr(row, name) for name in names}
    if told["load_kg"] is not None:
        told["load_kg"] = told["load_lb"] = plain_load(told["load_kg"])
    return told | {
        "skipped": row.skipped if row else "",
        "revision": row.revision + 1 if row else 0,
    }


@transaction.atomic
def correct_set(*, place: Place, entry: SetEntry, by: Actor, at: datetime) -> services.Logged:
    """Store another word on a set; what was decided before stays. Raises Refused.

    A set that is added once the session is over was not made in the player: the session counts
    as logged later.
    """
    session = place.record.session
    if place.standing is None and session.source == Session.Source.LIVE:
        session.source = Session.Source.BACKFILLED
        session.save(update_fields=["source"])
    return services.log_set(session=session, entry=entry, by=by, at=at)


class NoteForm(forms.Form):
    """Own words to the care team, at most 500 characters; an empty text takes the note back."""

    text = forms.CharField(
        label=_("A note to your care team"),
        required=False,
        max_length=SessionNote.MOST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "max_length": _(
                "This is too long: %(show_value)d characters. At most %(limit_value)d fit."
            )
        },
    )
    revision = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=0, max_value=100
    )


def note_form(record: Record, key: UUID | None, data: Any = None) -> NoteForm:
    """The note of a set, or of the whole session, to be written or changed."""
    note = record.note(key)
    told = {"text": note.text if note else "", "revision": note.revision + 1 if note else 0}
    return NoteForm(data, initial=told, auto_id="id_note_%s", label_suffix="")


@transaction.atomic
def write_note(
    *, session: Session, key: UUID | None, text: str, revision: int, by: Actor, at: datetime
) -> None:
    """Keep a note, once a revision. Nothing is decided from it."""
    if not text and not revision:
        return
    row = SessionNote(
        clinic_id=session.clinic_id,
        session=session,
        set_key=key,
        revision=revision,
        text=text,
        at=at,
    )
    SessionNote.objects.bulk_create([row], ignore_conflicts=True)
    audit.record(by=by, verb="write_note", patients=[session.program.patient_id])
