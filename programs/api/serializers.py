"""The API's shapes: what is read into the services' own types, and what is told."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from programs.aims import Aim
from programs.api.fields import Body, Id, Instant, Kilograms, Whole
from programs.logging.cards import Card, Progress, next_card
from programs.logging.entries import BAND, EFFORT, HOLD_S, NUMBER, REPS, SetEntry
from programs.logging.plan import PlannedSide
from programs.models import PainReport, Program, SetLog, Side
from programs.wording import step_name


class SetIn(Body):
    """One set of one side. Its key is made of session, prescription, side and number."""

    prescription = Id()
    side = serializers.ChoiceField(choices=Side.choices)
    number = Whole(min_value=NUMBER[0], max_value=NUMBER[1])
    dose = Id(help_text="The version of the dose it was done under.")
    reps = Whole(min_value=0, max_value=REPS[1], default=0)
    load_kg = Kilograms(default=None, allow_null=True)
    band_level = Whole(min_value=BAND[0], max_value=BAND[1], default=None, allow_null=True)
    hold_s = Whole(min_value=HOLD_S[0], max_value=HOLD_S[1], default=0)
    skipped = serializers.ChoiceField(choices=SetLog.Skip.choices, default="", allow_blank=True)
    done_at = Instant(default=None, allow_null=True, help_text="By the sender's clock.")
    revision = Whole(
        min_value=0, max_value=99, default=0, help_text="Above 0 for an edit that was asked for."
    )
    effort = Whole(
        min_value=EFFORT[0],
        max_value=EFFORT[1],
        default=None,
        allow_null=True,
        help_text="How hard this set was; needed where the planned set asks for it.",
    )
    proposed_kg = Kilograms(
        default=None,
        allow_null=True,
        help_text="The load of the set that follows, as the sender's own table says.",
    )

    def entry(self) -> SetEntry:
        return SetEntry(**self.validated_data)


class SessionIn(Body):
    program = Id()
    slot = Whole(min_value=1, max_value=3, default=1)


class PainIn(Body):
    """The highest pain of one exercise; above 3 say also which side and where."""

    prescription = Id()
    pain = Whole(min_value=0, max_value=10)
    side = serializers.ChoiceField(choices=Side.choices, default="", allow_blank=True)
    place = serializers.ChoiceField(choices=PainReport.Place.choices, default="", allow_blank=True)
    revision = Whole(min_value=0, max_value=99, default=0)


class FinishIn(Body):
    effort = Whole(
        min_value=0, max_value=10, default=None, allow_null=True, help_text="Null: broken off."
    )


class StepOut(serializers.Serializer[PlannedSide]):
    """The step a side stands on, in the person's language."""

    id = serializers.UUIDField(source="step.id")
    position = serializers.IntegerField(source="step.position")
    name = serializers.SerializerMethodField()

    def get_name(self, planned: PlannedSide) -> str:
        return step_name(planned.step.revision.body, planned.dose.band_level)


class AimOut(serializers.Serializer[Aim]):
    """One planned set. `load_kg` null: none, or not known before the set that it follows."""

    number = serializers.IntegerField()
    reps = serializers.IntegerField()
    load_kg = Kilograms(allow_null=True)
    max_reps = serializers.BooleanField(help_text="As many as possible; `reps` is the aim.")
    follows = serializers.IntegerField(
        allow_null=True, help_text="The set whose load and outcome make this one's load."
    )
    asks_effort = serializers.BooleanField(source="asks")


class DoseOut(serializers.Serializer[PlannedSide]):
    """What one side does now. `side` both: a two-legged step, the legs move together."""

    version = serializers.UUIDField(source="dose.id")
    number = serializers.IntegerField(source="dose.number")
    side = serializers.ChoiceField(choices=Side.choices)
    step = StepOut(source="*")
    sets = serializers.IntegerField(source="dose.sets")
    reps = serializers.IntegerField(source="dose.reps")
    hold_s = serializers.IntegerField(source="dose.hold_s")
    up_s = serializers.IntegerField(source="dose.up_s")
    top_s = serializers.IntegerField(source="dose.top_s")
    down_s = serializers.IntegerField(source="dose.down_s")
    rest_s = serializers.IntegerField(source="dose.rest_s")
    load_kg = Kilograms(source="dose.load_kg", allow_null=True)
    band_level = serializers.IntegerField(source="dose.band_level", allow_null=True)
    range_deg = serializers.IntegerField(source="dose.range_deg", allow_null=True)
    since = serializers.DateTimeField(source="dose.at")
    plan = AimOut(source="aims", many=True, help_text="Each set, where they differ or not.")


class PrescriptionOut(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="prescription.id")
    position = serializers.IntegerField(source="prescription.position")
    doses = DoseOut(source="sides", many=True)


class ProgramOut(serializers.ModelSerializer[Program]):
    """A program without its doses. Weekdays from 0, Monday."""

    patient = serializers.UUIDField(source="patient_id")

    class Meta:
        model = Program
        fields: tuple[str, ...] = ("id", "patient", "status", "start_on", "end_on", "weekdays")


class ProgramDetailOut(ProgramOut):
    """A program with the dose that each side of each prescription does now."""

    prescriptions = serializers.SerializerMethodField()

    class Meta(ProgramOut.Meta):
        fields = (*ProgramOut.Meta.fields, "prescriptions")

    @extend_schema_field(PrescriptionOut(many=True))
    def get_prescriptions(self, program: Program) -> Any:
        return PrescriptionOut(self.context["plan"].exercises, many=True).data


class SetOut(serializers.ModelSerializer[SetLog]):
    """A set as it stands."""

    prescription = serializers.UUIDField(source="prescription_id")
    dose = serializers.UUIDField(source="dose_id")
    load_kg = Kilograms(allow_null=True)
    next_kg = Kilograms(allow_null=True, help_text="The load of the set that follows this one.")
    proposed_kg = Kilograms(allow_null=True, help_text="The same by the sender's own table.")
    unpublished = serializers.BooleanField(
        help_text="Outside the rows of the table: the load stays, a clinician looks."
    )

    class Meta:
        model = SetLog
        fields = (
            "key",
            "revision",
            "prescription",
            "side",
            "number",
            "dose",
            "reps",
            "load_kg",
            "band_level",
            "hold_s",
            "skipped",
            "effort",
            "next_kg",
            "proposed_kg",
            "unpublished",
            "done_at",
            "received_at",
        )


class LoggedOut(serializers.Serializer[Any]):
    """The set that stands; `first` if this entry made it so, `differs` if it says another thing."""

    first = serializers.BooleanField()
    differs = serializers.BooleanField()
    set = SetOut(source="row")


class NextOut(serializers.Serializer[Card]):
    """What is to do or to say next."""

    kind = serializers.ChoiceField(choices=["set", "pain", "place", "effort", "done"])
    prescription = serializers.SerializerMethodField()
    side = serializers.CharField(allow_blank=True)
    number = serializers.IntegerField()
    set = serializers.SerializerMethodField()

    @extend_schema_field({"type": "string", "format": "uuid", "nullable": True})
    def get_prescription(self, card: Card) -> str | None:
        return str(card.exercise.prescription.id) if card.exercise else None

    @extend_schema_field(AimOut(allow_null=True))
    def get_set(self, card: Card) -> Any:
        """What the set is to be, its load from the set it follows."""
        return AimOut(card.aim).data if card.kind == "set" else None


class SessionOut(serializers.Serializer[Progress]):
    """A session as far as it has come."""

    id = serializers.UUIDField(source="session.id")
    program = serializers.UUIDField(source="session.program_id")
    local_date = serializers.DateField(source="session.local_date")
    slot = serializers.IntegerField(source="session.slot")
    started_at = serializers.DateTimeField(source="session.started_at")
    finished_at = serializers.DateTimeField(source="session.finished_at", allow_null=True)
    stopped = serializers.CharField(source="session.stopped", allow_blank=True)
    planned_sets = serializers.IntegerField(source="session.planned_sets")
    sets_done = serializers.IntegerField()
    sets = serializers.SerializerMethodField()
    next = serializers.SerializerMethodField()

    @extend_schema_field(SetOut(many=True))
    def get_sets(self, progress: Progress) -> Any:
        return SetOut(list(progress.sets.values()), many=True).data

    @extend_schema_field(NextOut)
    def get_next(self, progress: Progress) -> Any:
        return NextOut(next_card(progress)).data
