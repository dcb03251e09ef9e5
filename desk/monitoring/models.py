"""Remote monitoring of a patient: from when, on what word, the time it took, who was spoken to."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import ClinicRow, User
from patients.models import Patient


class Episode(ClinicRow):
    """Monitoring of one patient, from one local day of theirs to another.

    `software`: what monitored, with its version, as it was when the episode began. It changes in
    place where it ends, and where the education session comes after the start.
    """

    class Consent(models.TextChoices):
        WRITTEN = "written", _("in writing")
        SPOKEN = "spoken", _("by word of mouth")

    class Taught(models.TextChoices):
        HERE = "here", _("in person")
        VIDEO = "video", _("by video")
        PHONE = "phone", _("by phone")

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="monitored")
    started_on = models.DateField(_("first day"))
    ended_on = models.DateField(null=True)
    consent_on = models.DateField(_("day of the consent"))
    consent_way = models.CharField(_("how it was given"), max_length=8, choices=Consent)
    taught_on = models.DateField(null=True)
    taught_way = models.CharField(max_length=8, choices=Taught, blank=True)
    taught_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    software = models.CharField(max_length=40)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "id"], name="episode_in_clinic"),
            models.UniqueConstraint(
                fields=["clinic", "patient"],
                condition=Q(ended_on=None),
                name="one_open_episode_per_patient",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
                name="episode_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(consent_on__lte=F("started_on")), name="consent_before_monitoring"
            ),
            models.CheckConstraint(
                condition=Q(taught_on=None, taught_way="", taught_by=None)
                | (Q(taught_on__isnull=False, taught_by__isnull=False) & ~Q(taught_way="")),
                name="an_education_session_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"monitored from {self.started_on}"


class Activity(models.TextChoices):
    """What the time went into."""

    REVIEW = "review", _("reading what the patient sent")
    TALK = "talk", _("talking with the patient or carer")
    CHANGE = "change", _("changing the program")
    TEAM = "team", _("talking with the care team")
    WRITE = "write", _("writing notes")


class Timer(ClinicRow):
    """A person's running clock: started and stopped by their own press, one at a time.

    `active_at`: the last sign of activity. `idle_s`: what lay between two signs and was too long.
    """

    episode = models.ForeignKey(Episode, models.PROTECT, related_name="timers")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    activity = models.CharField(max_length=8, choices=Activity)
    started_at = models.DateTimeField()
    active_at = models.DateTimeField()
    idle_s = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["by"], name="one_timer_per_person"),
            models.CheckConstraint(
                condition=Q(active_at__gte=F("started_at")), name="timer_active_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"since {self.started_at}"


class Corrected[M: models.Model](models.QuerySet[M]):
    """Rows that are never changed: a correction replaces the one before."""

    def holding(self) -> "Corrected[M]":
        """Those that nothing replaced and nobody took back."""
        return self.filter(replaced_by=None, taken_back=False)


class Correctable(ClinicRow):
    """What a person noted. Append-only; `reason` says why a row replaces another."""

    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    taken_back = models.BooleanField(default=False)
    at = models.DateTimeField()

    objects = Corrected.as_manager()

    class Meta:
        abstract = True


class TimeEntry(Correctable):
    """Time of one person, from when to when, and what of it was idle.

    `by_hand`: typed, not timed.
    """

    LONGEST = timedelta(hours=4)

    episode = models.ForeignKey(Episode, models.PROTECT, related_name="entries")
    activity = models.CharField(_("what it went into"), max_length=8, choices=Activity)
    started_at = models.DateTimeField()
    stopped_at = models.DateTimeField()
    idle_s = models.PositiveIntegerField(default=0)
    by_hand = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "id"], name="time_in_clinic"),
            models.CheckConstraint(
                condition=Q(stopped_at__gt=F("started_at")), name="time_stops_after_start"
            ),
            models.CheckConstraint(
                condition=(Q(replaces=None) & Q(taken_back=False)) | ~Q(reason=""),
                name="corrected_time_has_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["clinic", "episode"], name="time_of_episode")]

    def __str__(self) -> str:
        return f"{self.started_at} {self.activity}"

    @property
    def seconds(self) -> int:
        """What counts: from start to stop, without what was idle."""
        return int((self.stopped_at - self.started_at).total_seconds()) - self.idle_s


class Contact(Correctable):
    """One try to reach the patient or their carer, and what came of it."""

    class Method(models.TextChoices):
        PHONE = "phone", _("phone")
        VIDEO = "video", _("video")
        PERSON = "person", _("in person")
        TEXT = "text", _("text message")
        CHAT = "chat", _("message in Flexion")
        EMAIL = "email", _("email")

    class Outcome(models.TextChoices):
        PATIENT = "patient", _("spoke with the patient")
        CARER = "carer", _("spoke with a carer")
        ANSWERED = "answered", _("an answer came, not in real time")
        NOBODY = "nobody", _("no answer")

    REAL_TIME = (Method.PHONE, Method.VIDEO, Method.PERSON)
    SPOKE = (Outcome.PATIENT, Outcome.CARER)

    episode = models.ForeignKey(Episode, models.PROTECT, related_name="contacts")
    held_at = models.DateTimeField()
    method = models.CharField(_("how"), max_length=8, choices=Method)
    outcome = models.CharField(_("what came of it"), max_length=8, choices=Outcome)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "id"], name="contact_in_clinic"),
            models.CheckConstraint(
                condition=~Q(outcome__in=["patient", "carer"])
                | Q(method__in=["phone", "video", "person"]),
                name="who_was_spoken_to_was_there",
            ),
            models.CheckConstraint(
                condition=(Q(replaces=None) & Q(taken_back=False)) | ~Q(reason=""),
                name="corrected_contact_has_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["clinic", "episode"], name="contacts_of_episode")]

    def __str__(self) -> str:
        return f"{self.method} {self.outcome}"

    @property
    def real_time(self) -> bool:
        """Both were there at once: a text or a chat is not, nor is a call that nobody took."""
        return self.method in self.REAL_TIME and self.outcome in self.SPOKE
