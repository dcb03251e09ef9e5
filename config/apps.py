from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The project itself, for its management commands."""

    name = "config"

    def ready(self) -> None:
        from config import logs

        logs.configure()
