from collections.abc import Iterator

import pytest

from tests.reminders.scenes import MailServer, mail_server


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server
