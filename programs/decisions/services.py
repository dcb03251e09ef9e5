"""The public face of decisions: what follows from logs, and what clinicians say to it."""

from programs.decisions.answering import (
    Answered,
    Stale,
    accept_proposal,
    override_dose,
    refuse_proposal,
    undo_decision,
)
from programs.decisions.deciding import decide_program, tick_programs
from programs.decisions.entering import UnknownFinding, enter_finding, set_resisted_date
from programs.decisions.locking import (
    ReasonMissing,
    clear_lock,
    report_mistake,
    report_red_flag,
)

__all__ = [
    "Answered",
    "ReasonMissing",
    "Stale",
    "UnknownFinding",
    "accept_proposal",
    "clear_lock",
    "decide_program",
    "enter_finding",
    "override_dose",
    "refuse_proposal",
    "report_mistake",
    "report_red_flag",
    "set_resisted_date",
    "tick_programs",
    "undo_decision",
]
