"""Celery: the wake-up, never the truth. What is due lives in PostgreSQL (see reminders)."""

import os

from celery import Celery
from celery.schedules import crontab
from kombu import Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("flexion")
app.conf.update(
    broker_url=os.environ.get("BROKER_URL", ""),
    broker_connection_retry_on_startup=True,
    broker_transport_options={"visibility_timeout": 900},
    # One queue a channel, so that a slow provider holds up no other; a worker takes from all
    # unless it is told which (--queues).
    task_queues=[Queue(name) for name in ("celery", "email", "sms", "push")],
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_time_limit=120,
    worker_soft_shutdown_timeout=10,
    worker_hijack_root_logger=False,
    timezone="UTC",
    beat_schedule={
        "tick": {
            "task": "reminders.tasks.tick",
            "schedule": float(os.environ.get("TICK_SECONDS", "60")),
            "options": {"expires": 60},
        },
        "sweep": {
            "task": "reminders.tasks.sweep",
            "schedule": 10.0,
            "options": {"expires": 10},
        },
        "measure": {
            "task": "reminders.tasks.measure",
            "schedule": 60.0,
            "options": {"expires": 60},
        },
        "judge": {
            "task": "programs.tasks.judge_time",
            "schedule": crontab(minute=7),
        },
        "tidy": {
            "task": "programs.tasks.tidy_queues",
            "schedule": 300.0,
            "options": {"expires": 300},
        },
        "follow": {
            "task": "patients.tasks.follow",
            "schedule": 300.0,
            "options": {"expires": 300},
        },
        "check-queues": {
            "task": "reminders.tasks.check_queues",
            "schedule": crontab(hour=3, minute=41),
        },
        "recheck": {
            "task": "reminders.tasks.recheck",
            "schedule": crontab(hour=3, minute=17),
        },
    },
)
app.autodiscover_tasks()
