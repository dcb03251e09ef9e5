"""Addresses of programs: the patient's, decisions, prescribing, templates, the owner's limits."""

from programs.caring.urls import caring_urls
from programs.decisions.urls import decisions_urls
from programs.discharging.urls import discharging_urls
from programs.leaving.urls import leaving_urls
from programs.limiting.urls import limiting_urls
from programs.logging.urls import logging_urls
from programs.messaging.urls import messaging_urls
from programs.outcomes.urls import outcomes_urls
from programs.prescribing.urls import urlpatterns as prescribing_urls
from programs.revising.urls import revising_urls
from programs.templating.urls import templating_urls

app_name = "programs"
urlpatterns = [
    *logging_urls,
    *decisions_urls,
    *messaging_urls,
    *outcomes_urls,
    *caring_urls,
    *discharging_urls,
    *leaving_urls,
    *limiting_urls,
    *revising_urls,
    *prescribing_urls,
    *templating_urls,
]
