"""The address of a patient's report."""

from django.urls import path

from desk.report import views

app_name = "report"
urlpatterns = [
    path("desk/patients/<uuid:patient_id>/report.pdf", views.report_print, name="print"),
]
