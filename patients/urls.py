from django.urls import path

from patients import inviting_views as inviting
from patients import views

app_name = "patients"
urlpatterns = [
    path("acting/", views.acting_choose, name="acting-choose"),
    path("i/<str:token>/", inviting.invitation_open, name="invitation-open"),
    path("i/<str:token>/agree/", inviting.invitation_accept, name="invitation-accept"),
    path("settings/", views.settings, name="settings"),
    path("desk/patients/new/", views.patient_create, name="patient-create"),
    path("desk/patients/<uuid:patient_id>/invite/", inviting.patient_invite, name="patient-invite"),
    path("desk/patients/<uuid:patient_id>/cover/", views.patient_cover, name="patient-cover"),
]
