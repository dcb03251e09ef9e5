"""Gives the test run its own PostgreSQL and Valkey, before Django reads its settings.

Loaded with `-p`, so that it comes first. The controller starts the servers; the workers of
pytest-xdist inherit their addresses.
"""

import atexit
import os
import tempfile
from pathlib import Path

from config import embedded

SUPERUSER = "FLEXION_TEST_SUPERUSER_URL"

if "PYTEST_XDIST_WORKER" not in os.environ:
    _folder = tempfile.TemporaryDirectory(prefix="flexion-tests-", ignore_cleanup_errors=True)
    _servers = embedded.start(Path(_folder.name), durable=False)
    atexit.register(_folder.cleanup)
    atexit.register(embedded.stop, _servers)
    os.environ.update(_servers.environ())
    os.environ[SUPERUSER] = _servers.database_url("superuser")
    os.environ["SITE_URL"] = "http://testserver"
    os.environ["ALLOWED_HOSTS"] = "testserver,127.0.0.1,localhost"
    os.environ["SECRET_KEY"] = "only for the tests, which sign nothing that leaves them"
    os.environ["DEBUG"] = "1"  # static files without a build; Django's tests turn DEBUG itself off
    os.environ["LOG_LEVEL"] = "ERROR"
