"""Addresses of decisions: the patient reads them, clinicians answer them."""

from django.urls import path

from programs.decisions import entering_views, queue_views, views

decisions_urls = [
    path("progress/", views.progress, name="progress"),
    path("decisions/<uuid:decision_id>/", views.decision_detail, name="decision-detail"),
    path("decisions/<uuid:decision_id>/accept/", views.decision_accept, name="decision-accept"),
    path("decisions/<uuid:decision_id>/refuse/", views.decision_refuse, name="decision-refuse"),
    path("decisions/<uuid:decision_id>/undo/", views.decision_undo, name="decision-undo"),
    path("decisions/accept/", queue_views.decisions_accept, name="decisions-accept"),
    path("signals/<uuid:signal_id>/skip/", queue_views.signal_skip, name="signal-skip"),
    path("programs/<uuid:program_id>/clear/", views.program_clear, name="program-clear"),
    path(
        "programs/<uuid:program_id>/findings/", entering_views.finding_enter, name="finding-enter"
    ),
    path(
        "patients/<uuid:patient_id>/resisted-date/",
        entering_views.resisted_date,
        name="resisted-date",
    ),
]
