"""Telling people at their time: plan, send, mend, and honour a "no more".

What must hold is in PostgreSQL; a task queue only wakes these functions earlier. Every function
takes the time (`now`, or a `clock` where time passes inside), and is safe to run twice at once.
"""

from reminders.services.answers import answer_text, stop_texts
from reminders.services.changes import consume_changes, recheck
from reminders.services.clock import Clock, ClockOff, database_clock
from reminders.services.consent import (
    choose_digest,
    has_stopped,
    note_opened,
    opt_out,
    remind_again,
    stop_channel,
    wants_digest,
)
from reminders.services.health import (
    FIGURES,
    QUEUES_DIFFER,
    beat,
    figures,
    heartbeats,
    oldest_due_age,
)
from reminders.services.planner import plan_due, plan_slots
from reminders.services.receipts import apply_receipts, receive
from reminders.services.schedules import of_program
from reminders.services.sender import deliver
from reminders.services.silence import has_fallen_silent, silence_of
from reminders.services.snooze import choices, snooze
from reminders.services.sweeper import sweep
from reminders.services.trained import open_session, trained_session
from reminders.services.words import compose, opened, stop_token

__all__ = [
    "FIGURES",
    "QUEUES_DIFFER",
    "Clock",
    "ClockOff",
    "answer_text",
    "apply_receipts",
    "beat",
    "choices",
    "choose_digest",
    "compose",
    "consume_changes",
    "database_clock",
    "deliver",
    "figures",
    "has_fallen_silent",
    "has_stopped",
    "heartbeats",
    "note_opened",
    "of_program",
    "oldest_due_age",
    "open_session",
    "opened",
    "opt_out",
    "plan_due",
    "plan_slots",
    "receive",
    "recheck",
    "remind_again",
    "silence_of",
    "snooze",
    "stop_channel",
    "stop_texts",
    "stop_token",
    "sweep",
    "trained_session",
    "wants_digest",
]
