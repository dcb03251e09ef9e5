"""How Hypothesis tries the engine: 100 examples each, the same ones wherever they run."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "engine",
    max_examples=100,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("engine")
