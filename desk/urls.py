from django.urls import path

from desk import views

app_name = "desk"
urlpatterns = [
    path("", views.caseload, name="caseload"),
    path("patients/", views.patient_list, name="patient-list"),
    path("patients/<uuid:patient_id>/", views.patient_detail, name="patient-detail"),
    path("patients/<uuid:patient_id>/chart.txt", views.patient_text, name="patient-text"),
]
