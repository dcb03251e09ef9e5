"""What will be said to whom, when, and what became of it. The occurrence is the outbox row."""

from datetime import time, timedelta
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.ids import uuid7
from accounts.models import ClinicRow, User
from accounts.roles import Actor
from patients.models import Channel, Patient
from programs.models import Program
from reminders.planning import NIGHT


class Kind(models.TextChoices):
    """Why a message goes out."""

    SESSION_DUE = "session_due", _("session due")
    NUDGE = "nudge", _("once more that day")
    CHECK_IN = "check_in", _("the next morning")
    STOPPED = "stopped", _("we stopped reminding you")
    MESSAGE = "message", _("message waiting")
    OUTCOME_DUE = "outcome_due", _("scores due")
    ENDING = "ending", _("program ending")
    DIGEST = "digest", _("daily digest")
    URGENT = "urgent", _("urgent")


class Schedule(ClinicRow):
    """When a patient hears about one daily slot of a program, or a clinician about their queue.

    `plan` holds the days (dates only), so that the planner, who may not read programs, finds the
    one after this one; `days_after` is how much later the message comes. `day_times`: from Monday
    on, where a day has its own time. `next_due_at` is UTC, and null when nothing is coming.
    """

    patient = models.ForeignKey(Patient, models.PROTECT, null=True, related_name="+")
    program = models.ForeignKey(Program, models.PROTECT, null=True, related_name="+")
    recipient = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.SESSION_DUE)
    channel = models.CharField(max_length=5, choices=Channel, default=Channel.EMAIL)
    slot = models.PositiveSmallIntegerField(default=1)
    days_after = models.PositiveSmallIntegerField(default=0)
    local_time = models.TimeField(default=time(18))
    day_times = ArrayField(models.TimeField(null=True), default=list)
    zone = models.CharField(max_length=64)
    quiet_from = models.TimeField(default=NIGHT.start)
    quiet_until = models.TimeField(default=NIGHT.end)
    plan = models.JSONField()
    active = models.BooleanField(default=True)
    next_on = models.DateField(null=True, blank=True)
    next_due_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "program", "kind", "slot"], name="one_schedule_per_slot"
            ),
            models.UniqueConstraint(
                fields=["clinic", "recipient", "kind"], name="one_schedule_per_recipient"
            ),
            models.CheckConstraint(
                condition=Q(recipient=None, patient__isnull=False, program__isnull=False)
                | Q(recipient__isnull=False, patient=None, program=None),
                name="schedule_of_patient_or_recipient",
            ),
            models.CheckConstraint(
                condition=Q(active=True) | Q(next_due_at=None), name="idle_schedule_is_not_due"
            ),
            models.CheckConstraint(
                condition=Q(next_due_at=None, next_on=None)
                | Q(next_due_at__isnull=False, next_on__isnull=False),
                name="schedule_day_with_instant",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_due_at"],
                condition=Q(next_due_at__isnull=False),
                name="schedules_coming",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.program_id or self.recipient_id}"


class OccurrenceQuerySet(models.QuerySet["Occurrence"]):
    def visible_to(self, actor: Actor) -> "OccurrenceQuerySet":
        """Messages to the actor, or about the patients that the actor sees."""
        mine = Q(recipient=actor.user_id) & Q(clinic=actor.clinic_id)
        return self.filter(mine | Q(patient__in=Patient.objects.visible_to(actor)))

    def first_told(self, subject: UUID) -> "Occurrence | None":
        """The first message about this that left, with the person it went to."""
        left = self.filter(subject=subject, kind=Kind.URGENT, sent_at__isnull=False)
        return left.select_related("recipient").order_by("sent_at").first()


class Occurrence(ClinicRow):
    """One message to one person. `due_at`, `not_before` and `not_after` are UTC.

    `token` is the fence: whoever holds the row writes only while the token is still theirs.
    `recipient` is the clinician or owner of an urgent message or a digest, `subject` what it is
    about; a message to the patient has neither. `tried`: the channels that were given up.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        LEASED = "leased", _("leased")
        SENDING = "sending", _("sending")
        SENT = "sent", _("sent")
        DELIVERED = "delivered", _("delivered")
        FAILED = "failed", _("failed")
        UNKNOWN = "unknown", _("unknown")
        MISSED = "missed", _("missed")
        CANCELLED = "cancelled", _("cancelled")

    patient = models.ForeignKey(Patient, models.PROTECT, null=True, blank=True, related_name="+")
    program = models.ForeignKey(Program, models.PROTECT, null=True, blank=True, related_name="+")
    recipient = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    subject = models.UUIDField(null=True, blank=True)
    kind = models.CharField(max_length=12, choices=Kind)
    channel = models.CharField(max_length=5, choices=Channel, default=Channel.EMAIL)
    tried = ArrayField(models.CharField(max_length=5, choices=Channel), default=list, blank=True)
    local_date = models.DateField()
    slot = models.PositiveSmallIntegerField(default=1)
    due_at = models.DateTimeField()
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    reason = models.CharField(max_length=24, blank=True)
    token = models.UUIDField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    enqueued_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    repeats = models.PositiveSmallIntegerField(default=0)
    message_id = models.CharField(max_length=120, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = OccurrenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "patient", "kind", "local_date", "slot"],
                condition=Q(recipient=None),
                name="one_message_per_slot",
            ),
            models.UniqueConstraint(
                fields=["clinic", "kind", "subject", "recipient", "local_date", "slot"],
                condition=Q(recipient__isnull=False),
                name="one_message_per_recipient",
            ),
            models.CheckConstraint(
                condition=Q(recipient=None, patient__isnull=False)
                | Q(recipient__isnull=False, subject__isnull=False),
                name="message_to_patient_or_recipient",
            ),
            models.CheckConstraint(
                condition=Q(not_after__gt=F("due_at")), name="message_of_use_after_due"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["leased", "sending"], token__isnull=False, leased_until__isnull=False
                )
                | (~Q(state__in=["leased", "sending"]) & Q(token=None, leased_until=None)),
                name="held_message_has_a_token",
            ),
        ]
        indexes = [
            models.Index(
                fields=["not_before"], condition=Q(state="planned"), name="messages_to_send"
            ),
            models.Index(
                fields=["leased_until"],
                condition=Q(state__in=["leased", "sending"]),
                name="messages_held",
            ),
            models.Index(fields=["token"], condition=Q(token__isnull=False), name="messages_of"),
            models.Index(
                fields=["due_at"],
                condition=Q(kind="urgent", opened_at=None),
                name="messages_unopened",
            ),
            models.Index(
                fields=["message_id"], condition=~Q(message_id=""), name="messages_at_provider"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.local_date} {self.state}"

    @property
    def reader(self) -> "User | Patient":
        """To whom it speaks."""
        if found := self.recipient or self.patient:
            return found
        raise ValueError("a message to nobody")


class OptOut(ClinicRow):
    """A patient's "no more", in which wording and when. Agreeing anew is a later Consent."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    channel = models.CharField(max_length=5, choices=Channel, default=Channel.EMAIL)
    wording = models.CharField(max_length=24)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["clinic", "patient", "-at"], name="opt_outs_newest")]

    def __str__(self) -> str:
        return f"{self.channel} {self.patient_id}"


class DeadAddress(ClinicRow):
    """An address of a patient that takes nothing any more; the channel is off until they change it.

    `address`: the email address, the number, or the id of the phone's subscription.
    """

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    channel = models.CharField(max_length=5, choices=Channel)
    address = models.CharField(max_length=254)
    reason = models.CharField(max_length=24)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "patient", "channel", "address"], name="an_address_dies_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.patient_id}"


class Device(ClinicRow):
    """A phone or browser that takes notifications for a patient: where to send, and its keys.

    `ended_at`: when the patient turned them off there.
    """

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    endpoint = models.URLField(max_length=500)
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "patient", "endpoint"],
                condition=Q(ended_at=None),
                name="one_device_per_endpoint",
            ),
        ]

    def __str__(self) -> str:
        return f"device of {self.patient_id}"


class CalendarFeed(ClinicRow):
    """A private address of a patient's sessions for their calendar. Only its hash is kept."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "patient"],
                condition=Q(ended_at=None),
                name="one_calendar_per_patient",
            ),
            models.UniqueConstraint(fields=["token_hash"], name="one_calendar_per_token"),
        ]

    def __str__(self) -> str:
        return f"calendar of {self.patient_id}"


class Receipt(models.Model):
    """What a provider said of a message, until a sweep has applied it; belongs to no clinic.

    `occurrence`: the message's id, which the provider got and gives back.
    """

    class Event(models.TextChoices):
        DELIVERED = "delivered", _("delivered")
        FAILED = "failed", _("failed")
        COMPLAINED = "complained", _("complained")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    channel = models.CharField(max_length=5, choices=Channel)
    occurrence = models.UUIDField()
    event = models.CharField(max_length=10, choices=Event)
    reason = models.CharField(max_length=24, blank=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "occurrence", "event"], name="one_receipt_per_event"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.occurrence} {self.event}"


class HeartbeatQuerySet(models.QuerySet["Heartbeat"]):
    def fresh(self, *, seconds: int) -> set[str]:
        """Names of the parts that showed life within this time, by the database's clock."""
        recent = self.filter(at__gt=Now() - timedelta(seconds=seconds))
        return set(recent.values_list("name", flat=True))


class Heartbeat(models.Model):
    """When a part of the installation last showed life, and its figures; of no clinic."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=16)
    at = models.DateTimeField()
    facts = models.JSONField(default=dict)

    objects = HeartbeatQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name"], name="one_heartbeat_per_name")]

    def __str__(self) -> str:
        return f"{self.name} {self.at:%H:%M:%S}"
