from django.urls import path

from patients import away_views, settings_views, views
from patients import inviting_views as inviting

app_name = "patients"
urlpatterns = [
    path("acting/", views.acting_choose, name="acting-choose"),
    path("i/<str:token>/", inviting.invitation_open, name="invitation-open"),
    path("i/<str:token>/agree/", inviting.invitation_accept, name="invitation-accept"),
    path("settings/", settings_views.settings, name="settings"),
    path("settings/unit/", settings_views.settings_unit, name="settings-unit"),
    path("settings/equipment/", settings_views.settings_equipment, name="settings-equipment"),
    path("settings/place/", settings_views.settings_place, name="settings-place"),
    path("desk/away/", away_views.away, name="away"),
    path("desk/patients/new/", views.patient_create, name="patient-create"),
    path("desk/patients/<uuid:patient_id>/invite/", inviting.patient_invite, name="patient-invite"),
    path("desk/patients/<uuid:patient_id>/cover/", views.patient_cover, name="patient-cover"),
]
