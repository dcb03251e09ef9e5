"""What is prescribed, what was done, and what follows: one consistency boundary."""

from programs.models.decisions import Answer, Decision, Signal
from programs.models.discharging import Discharge
from programs.models.findings import Finding, FurtherAnswer
from programs.models.logging import (
    CheckIn,
    Clearance,
    NotToday,
    PainReport,
    RedFlag,
    Session,
    SessionNote,
    SessionReport,
    SetLog,
    UsualPain,
)
from programs.models.prescribing import (
    DoseVersion,
    Draft,
    Interruption,
    Phase,
    Prescription,
    PrescriptionStep,
    Program,
    Side,
    Template,
)
from programs.models.queue import QueueCount, QueueRow

__all__ = [
    "Answer",
    "CheckIn",
    "Clearance",
    "Decision",
    "Discharge",
    "DoseVersion",
    "Draft",
    "Finding",
    "FurtherAnswer",
    "Interruption",
    "NotToday",
    "PainReport",
    "Phase",
    "Prescription",
    "PrescriptionStep",
    "Program",
    "QueueCount",
    "QueueRow",
    "RedFlag",
    "Session",
    "SessionNote",
    "SessionReport",
    "SetLog",
    "Side",
    "Signal",
    "Template",
    "UsualPain",
]
