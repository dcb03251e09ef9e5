from django.apps import AppConfig


class ProgramsConfig(AppConfig):
    name = "programs"

    def ready(self) -> None:
        from exercises.showing import shown_by
        from exercises.usage import counted_by
        from programs.revising.usage import patients_using

        counted_by(patients_using)
        shown_by("programs.logging.specimen.specimen")
