"""The clinicians' queues: each signal in the queue of all who treat the patient, ready to read."""

from django.db import models

from accounts.models import ClinicRow, User
from patients.models import Patient
from programs.models.decisions import Signal
from programs.models.prescribing import Program


class QueueRow(ClinicRow):
    """A signal in one clinician's queue, with all that its line shows.

    The database keeps these rows (programs.queue_database), in the transaction of what they are
    made from: signals, care links, the patient's name, the program. `told` is what queue_told
    returned then; `until` the end of a cover; `skipped` puts it away until its facts change.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    signal = models.ForeignKey(Signal, models.DO_NOTHING, related_name="+")  # gone by trigger
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+", db_index=False)
    program = models.ForeignKey(Program, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=16, choices=Signal.Kind)
    rank = models.PositiveSmallIntegerField()
    since = models.DateTimeField()
    facts = models.JSONField(default=dict)
    name = models.CharField(max_length=120)
    told = models.JSONField(default=dict)
    until = models.DateTimeField(null=True)
    skipped = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "user", "signal"], name="one_row_per_signal_and_clinician"
            ),
        ]
        indexes = [
            models.Index(
                fields=["clinic", "user", "skipped", "rank", "since", "signal"],
                name="queue_most_urgent",
            ),
            models.Index(
                fields=["clinic", "user", "skipped", "since", "signal"],
                name="queue_longest_waiting",
            ),
            models.Index(fields=["clinic", "patient"], name="queue_of_patient"),
            models.Index(
                fields=["until"], name="queue_covers", condition=models.Q(until__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.patient_id}"


class QueueCount(ClinicRow):
    """So many rows came into (or left) a clinician's queue; the sum is how many wait.

    Only ever added to, so that no two patients wait for each other; tidy_queues adds them up.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    locked = models.IntegerField(default=0)
    flare = models.IntegerField(default=0)
    ready = models.IntegerField(default=0)
    stuck = models.IntegerField(default=0)
    silent = models.IntegerField(default=0)
    unclear = models.IntegerField(default=0)
    unread = models.IntegerField(default=0)
    handed = models.IntegerField(default=0)
    left = models.IntegerField(default=0)
    corrected = models.IntegerField(default=0)
    revision = models.IntegerField(default=0)
    undelivered = models.IntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["clinic", "user"], name="counts_of_clinician")]

    def __str__(self) -> str:
        return f"counts {self.user_id}"
