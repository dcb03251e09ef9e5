"""The patient's own addresses."""

from django.urls import path

from programs.logging import (
    asking_views,
    help_views,
    morning_views,
    past_views,
    record_views,
    shell_views,
    starting_views,
    today_views,
    views,
)

logging_urls = [
    path("sw.js", shell_views.worker, name="worker"),
    path("offline/<slug:language>/", shell_views.shell, name="shell"),
    path("help/", help_views.get_help, name="help"),
    path(
        "offline/<slug:language>/figures/<uuid:revision_id>/", shell_views.picture, name="picture"
    ),
    path("manifest.webmanifest", today_views.manifest, name="manifest"),
    path("today/", today_views.today, name="today"),
    path("today/no-install/", today_views.install_dismiss, name="install-dismiss"),
    path("not-today/", today_views.not_today, name="not-today"),
    path("usual-pain/", views.usual_pain, name="usual-pain"),
    path("stop/", views.stop, name="stop"),
    path("past/", past_views.past_list, name="past-list"),
    path("past/<str:day>/<int:slot>/", past_views.past_log, name="past-log"),
    path("sessions/start/", starting_views.session_start, name="session-start"),
    path("sessions/<uuid:session_id>/", views.session_detail, name="session-detail"),
    path("sessions/<uuid:session_id>/sets/", views.set_log, name="set-log"),
    path("sessions/<uuid:session_id>/pain/", views.pain_report, name="pain-report"),
    path("sessions/<uuid:session_id>/finish/", views.session_finish, name="session-finish"),
    path("sessions/<uuid:session_id>/hurts/", views.session_hurts, name="session-hurts"),
    path(
        "sessions/<uuid:session_id>/question/",
        asking_views.session_question,
        name="session-question",
    ),
    path("sessions/<uuid:session_id>/record/", record_views.session_record, name="session-record"),
    path("sessions/<uuid:session_id>/note/", record_views.session_note, name="session-note"),
    path(
        "sessions/<uuid:session_id>/record/<uuid:set_key>/",
        record_views.set_correct,
        name="set-correct",
    ),
    path(
        "sessions/<uuid:session_id>/record/<uuid:set_key>/note/",
        record_views.set_note,
        name="set-note",
    ),
    path("sessions/<uuid:session_id>/check-in/", morning_views.check_in, name="check-in"),
]
