from tests.reminders.conftest import mail

__all__ = ["mail"]
