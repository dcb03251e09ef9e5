"""What each answer of a mail server means."""

import smtplib
from email import message_from_bytes
from email.policy import SMTP

import pytest
from django.core.mail import EmailMessage
from django.test import override_settings

from reminders.channels import NoAnswer, Outgoing, Refused, TryLater
from reminders.channels.email import EmailClient, _meaning, letter
from tests.reminders.scenes import free_port, mailers

MESSAGE = Outgoing(id="1", to="a@home.example", subject="s", body="b")


def test_a_kept_connection_carries_several_messages(mail):
    with EmailClient() as client:
        ids = [client.send(MESSAGE), client.send(MESSAGE)]
    assert (len(mail.taken), ids) == (2, ["<1@testserver>"] * 2)


def test_after_an_error_the_next_message_gets_a_new_connection(mail):
    mail.answers = ["451 not now"]
    with EmailClient() as client:
        with pytest.raises(TryLater):
            client.send(MESSAGE)
        client.send(MESSAGE)
    assert len(mail.taken) == 1


def test_nobody_at_the_port_means_later():
    with (
        override_settings(MAILERS=mailers(free_port())),
        EmailClient() as client,
        pytest.raises(TryLater),
    ):
        client.send(MESSAGE)


def test_an_address_that_is_none_means_never(mail):
    with EmailClient() as client, pytest.raises(Refused):
        client.send(Outgoing(id="1", to="no address", subject="s", body="b"))


@pytest.mark.parametrize("to", ["a@home.example", "a@hög.example"])
@pytest.mark.parametrize("words", ["Your session today", "Hoy toca sesión — ánimo"])
def test_a_letter_reads_as_the_mail_library_would_have_written_it(to, words):
    more = {"List-Unsubscribe": "<x>" * 40, "Date": "Mon, 23 Nov 2026 18:00:00 +0000"}
    ours = letter(Outgoing("1", to, words, f"{words}\n\n.\n", more))
    theirs = EmailMessage.message(ours, policy=SMTP)
    read, meant = (
        message_from_bytes(each.as_bytes(), policy=SMTP) for each in (ours.message(), theirs)
    )
    assert sorted(read.items()) == sorted(meant.items())
    assert read.get_content() == meant.get_content()


@pytest.mark.parametrize("ending", ["\r\n", "\n"])
def test_no_header_makes_room_for_another(mail, ending):
    broken = Outgoing("1", f"a@home.example{ending}Bcc: b@home.example", "s", "b")
    with EmailClient() as client, pytest.raises(Refused):
        client.send(broken)
    assert mail.taken == []


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (smtplib.SMTPDataError(552, b""), Refused),
        (smtplib.SMTPDataError(452, b""), TryLater),
        (smtplib.SMTPRecipientsRefused({"a": (550, b"")}), Refused),
        (smtplib.SMTPRecipientsRefused({"a": (450, b"")}), TryLater),
        (smtplib.SMTPSenderRefused(501, b"", "a"), Refused),
        (smtplib.SMTPServerDisconnected(), NoAnswer),
        (TimeoutError(), NoAnswer),
        (ConnectionResetError(), NoAnswer),
    ],
)
def test_codes_and_silence_have_their_meaning(error, meaning):
    assert type(_meaning(error)) is meaning
