"""How a password is kept."""

from django.contrib.auth.hashers import check_password, make_password
from django.test import override_settings

from config import settings as product


def test_the_product_keeps_passwords_by_argon2id() -> None:
    with override_settings(PASSWORD_HASHERS=product.PASSWORD_HASHERS):
        kept = make_password("a long and plain password")
        assert kept.startswith("argon2$argon2id$")
        assert check_password("a long and plain password", kept)
