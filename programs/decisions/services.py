"""The public face of decisions: what follows from logs, and what clinicians say to it."""

from programs.decisions.answering import (
    Answered,
    Stale,
    accept_proposal,
    override_dose,
    refuse_proposal,
    undo_decision,
)
from programs.decisions.checking import check_queues
from programs.decisions.deciding import decide_program, tick_programs
from programs.decisions.entering import UnknownFinding, enter_finding, set_resisted_date
from programs.decisions.locking import (
    ReasonMissing,
    clear_lock,
    report_mistake,
    report_red_flag,
)
from programs.decisions.queueing import (
    MOST,
    Accepted,
    LeftOut,
    accept_several,
    note_delivered,
    note_undelivered,
    skip_signal,
    tidy_queues,
)

__all__ = [
    "MOST",
    "Accepted",
    "Answered",
    "LeftOut",
    "ReasonMissing",
    "Stale",
    "UnknownFinding",
    "accept_proposal",
    "accept_several",
    "check_queues",
    "clear_lock",
    "decide_program",
    "enter_finding",
    "note_delivered",
    "note_undelivered",
    "override_dose",
    "refuse_proposal",
    "report_mistake",
    "report_red_flag",
    "set_resisted_date",
    "skip_signal",
    "tick_programs",
    "tidy_queues",
    "undo_decision",
]
