"""The one router of the API."""

from django.urls import path

from config import openapi
from programs.api import views as programs

app_name = "api"
urlpatterns = [
    path("schema/", openapi.schema, name="schema"),
    path("docs/", openapi.docs, name="docs"),
    path("programs/", programs.ProgramList.as_view(), name="program-list"),
    path("programs/<uuid:program>/", programs.program_detail, name="program-detail"),
    path("sessions/", programs.session_start, name="session-start"),
    path("sessions/<uuid:session>/", programs.session_detail, name="session-detail"),
    path("sessions/<uuid:session>/sets/", programs.set_log, name="set-log"),
    path("sessions/<uuid:session>/pain/", programs.pain_report, name="pain-report"),
    path("sessions/<uuid:session>/finish/", programs.session_finish, name="session-finish"),
]
