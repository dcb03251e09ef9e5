"""The clinician's own pages of programs; programs.urls holds them."""

from django.urls import path

from programs.prescribing import exercise_views, rule_views, views

urlpatterns = [
    path("desk/patients/<uuid:patient_id>/assign/", views.program_assign, name="program-assign"),
    path("desk/patients/<uuid:patient_id>/assign/fan/", views.program_fan, name="program-fan"),
    path(
        "desk/patients/<uuid:patient_id>/assign/exercises/",
        exercise_views.program_exercises,
        name="program-exercises",
    ),
    path(
        "desk/patients/<uuid:patient_id>/assign/rules/<int:place>/",
        rule_views.program_rule,
        name="program-rule",
    ),
    path("desk/phases/<uuid:phase_id>/start/", views.phase_start, name="phase-start"),
    path("desk/programs/<uuid:program_id>/pause/", views.program_pause, name="program-pause"),
    path("desk/programs/<uuid:program_id>/resume/", views.program_resume, name="program-resume"),
    path("desk/programs/<uuid:program_id>/end/", views.program_end, name="program-end"),
    path(
        "desk/prescriptions/<uuid:prescription_id>/<str:side>/dose/",
        views.dose_change,
        name="dose-change",
    ),
]
