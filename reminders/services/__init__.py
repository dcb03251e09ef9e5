"""Telling people at their time: plan, send, mend, and honour a "no more".

What must hold is in PostgreSQL; a task queue only wakes these functions earlier. Every function
takes the time (`now`, or a `clock` where time passes inside), and is safe to run twice at once.
"""

from reminders.services.changes import consume_changes, recheck, recompute
from reminders.services.clock import Clock, ClockOff, database_clock
from reminders.services.consent import opt_out, unwanted
from reminders.services.facts import open_session
from reminders.services.health import QUEUES_DIFFER, beat, heartbeats, oldest_due_age
from reminders.services.planner import plan_due
from reminders.services.sender import deliver, send
from reminders.services.sweeper import sweep
from reminders.services.words import compose, opened

__all__ = [
    "QUEUES_DIFFER",
    "Clock",
    "ClockOff",
    "beat",
    "compose",
    "consume_changes",
    "database_clock",
    "deliver",
    "heartbeats",
    "oldest_due_age",
    "open_session",
    "opened",
    "opt_out",
    "plan_due",
    "recheck",
    "recompute",
    "send",
    "sweep",
    "unwanted",
]
