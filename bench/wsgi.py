"""The product behind gunicorn, with the static files that the bench has collected."""

import os

from django.conf import settings

settings.STATIC_ROOT = os.environ["BENCH_STATIC_ROOT"]

from config.wsgi import application  # noqa: E402  after the setting

__all__ = ["application"]
