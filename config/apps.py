from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The project itself, for its management commands, its logs and its task queue."""

    name = "config"

    def ready(self) -> None:
        from config import celery, logs

        celery.app.set_default()  # tasks queued from any process go to Flexion's broker
        logs.configure()
