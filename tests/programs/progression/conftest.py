"""How many examples Hypothesis tries: FLEXION_HYPOTHESIS is plain (default), ci or nightly."""

import os

from hypothesis import HealthCheck, settings

COMMON = {
    "deadline": None,
    "database": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large],
}
settings.register_profile("plain", max_examples=100, **COMMON)
settings.register_profile("ci", max_examples=2000, **COMMON)
settings.register_profile("nightly", max_examples=100_000, **COMMON)
settings.load_profile(os.environ.get("FLEXION_HYPOTHESIS", "plain"))
