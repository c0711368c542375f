"""What the operator sets by environment: read into one object, or refused in words."""

from __future__ import annotations

import dataclasses

import pytest

from tutelage.domain.errors import Malformed
from tutelage.service.settings import settings

SMTP = {"TUTELAGE_SMTP": "smtp://ann:p%40ss@post.example", "TUTELAGE_MAIL_FROM": "t@learn.example"}
OIDC = {
    "TUTELAGE_OIDC_ISSUER": "https://id.example/realm",
    "TUTELAGE_OIDC_CLIENT": "tutelage",
    "TUTELAGE_OIDC_SECRET": "s3cret",
}


def test_nothing_is_set_by_an_empty_environment():
    assert settings({}) == settings({"TUTELAGE_SMTP": "", "TUTELAGE_OIDC_ISSUER": " "})
    assert settings({}).mail is settings({}).sign_on is None


def test_a_mail_server_is_read_with_its_password_and_its_usual_port():
    mail = settings(SMTP).mail
    assert (mail.host, mail.port, mail.tls) == ("post.example", 587, False)
    assert (mail.user, mail.password, mail.sender) == ("ann", "p@ss", "t@learn.example")
    secret = settings({**SMTP, "TUTELAGE_SMTP": "smtps://post.example:4650"}).mail
    assert (secret.port, secret.tls, secret.user) == (4650, True, "")
    assert settings({**SMTP, "TUTELAGE_SMTP": "smtps://post.example"}).mail.port == 465


def test_a_provider_is_read_and_called_by_its_host_where_it_has_no_name():
    assert settings(OIDC).sign_on.name == "id.example"
    assert settings(OIDC).sign_on.join is False
    named = settings({**OIDC, "TUTELAGE_OIDC_NAME": "Acme", "TUTELAGE_OIDC_JOIN": "yes"}).sign_on
    assert (named.name, named.join) == ("Acme", True)


def test_settings_are_frozen_and_print_no_password():
    found = settings({**SMTP, **OIDC})
    assert "p@ss" not in repr(found)
    assert "s3cret" not in repr(found)
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.mail = None


@pytest.mark.parametrize(
    "url",
    [
        "post.example:587",
        "http://post.example",
        "smtp://",
        "smtp://ann:p4ss@",
        "smtp://ann@post.example",
        "smtp://:p4ss@post.example",
        "smtp://ann:p4ss@post.example:99999",
        "smtp://ann:p4ss@post.example:0",
        "smtp://ann:p4ss@post.example:port",
        "smtp://ann:p4ss@post.example/inbox",
        "smtp://ann:p4ss@post.example?tls=no",
        "smtp://ann:p4ss@[post.example",
    ],
)
def test_a_mail_server_that_cannot_be_meant_is_refused_without_its_password(url):
    with pytest.raises(Malformed, match="TUTELAGE_SMTP") as refused:
        settings({**SMTP, "TUTELAGE_SMTP": url})
    assert refused.value.code == "bad_setting"
    assert "p4ss" not in refused.value.message


@pytest.mark.parametrize(
    "sender", ["tutelage", "a@b.example, c@d.example", "a@b.example\nBcc: x@y.z"]
)
def test_a_sender_is_one_address(sender):
    with pytest.raises(Malformed, match="TUTELAGE_MAIL_FROM"):
        settings({**SMTP, "TUTELAGE_MAIL_FROM": sender})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ISSUER", "http://id.example"),  # what is said there could be read and changed on the way
        ("ISSUER", "https://"),
        ("ISSUER", "id.example"),
        ("ISSUER", "https://id.example?x=1"),
        ("ISSUER", "https://ann:s3cret@id.example"),
        ("JOIN", "true"),
        ("NAME", "x" * 41),
        ("NAME", "A\x07"),
    ],
)
def test_a_provider_that_cannot_be_meant_is_refused(name, value):
    with pytest.raises(Malformed, match=f"TUTELAGE_OIDC_{name}"):
        settings({**OIDC, f"TUTELAGE_OIDC_{name}": value})


@pytest.mark.parametrize("missing", [*SMTP, *OIDC])
def test_half_of_what_belongs_together_is_a_mistake(missing):
    given = {k: v for k, v in {**SMTP, **OIDC}.items() if k != missing}
    with pytest.raises(Malformed, match=f"{missing} is not"):
        settings(given)
