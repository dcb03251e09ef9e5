"""What the desk keeps of its own: remote monitoring's episodes, time and contacts."""

from desk.monitoring.models import Contact, Episode, TimeEntry, Timer

__all__ = ["Contact", "Episode", "TimeEntry", "Timer"]
