from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from programs.logging import shell_views


def hashed(name: str) -> str:
    """As in production: a name that no file has is an error, the folder's own too."""
    if not name:
        raise ValueError("Missing staticfiles manifest entry for ''")
    return f"/static/{name}?hashed"


@pytest.mark.django_db
def test_the_worker_answers_where_names_carry_a_hash(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shell_views, "static", hashed)
    settings.PLAIN_STATIC = False
    answer = client.get(reverse("programs:worker"))
    assert answer.status_code == 200
    assert "/static/js/player.js?hashed" in answer.content.decode()
    assert "/static/css/" in answer.content.decode()
