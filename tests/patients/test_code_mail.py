"""The mails around signing in, in the words of Flexion."""

import pytest
from django.template.loader import render_to_string
from django.utils import translation

CONTEXT = {"code": "ABC-123", "password_reset_url": "https://clinic.example/reset/"}


@pytest.mark.parametrize(("language", "said"), [("en", "nobody gets in"), ("es", "nadie entra")])
def test_the_code_mail_says_its_code_and_what_to_do(language: str, said: str) -> None:
    with translation.override(language):
        text = render_to_string("account/email/login_code_message.txt", CONTEXT)
    assert "\nABC-123\n" in text
    assert said in text


@pytest.mark.parametrize("mail", ["login_code", "password_reset_key", "unknown_account"])
def test_a_subject_is_one_line_without_the_code(mail: str) -> None:
    subject = render_to_string(f"account/email/{mail}_subject.txt", CONTEXT).strip()
    assert subject
    assert "\n" not in subject
    assert "ABC" not in subject


def test_borrowed_words_say_tu() -> None:
    with translation.override("es"):
        assert translation.gettext("Enter a valid date.") == "Escribe una fecha válida."
