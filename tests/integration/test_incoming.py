"""A mail that came is read: its own words, from whom, and nothing that is not there."""

from __future__ import annotations

import contextlib
import time
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutelage.service.incoming import Unreadable, plainly, read
from tutelage.service.quoting import said

OWN = "I would wait.\n\nIt often settles."


@pytest.mark.parametrize(
    "rest",
    [
        "\n\nOn Mon, 2 Mar 2026 at 12:00, Tutelage <t@learn.example> wrote:\n> Hello\n>\n> more",
        "\n\nOn Mon, 2 Mar 2026 at 12:00, Tutelage\n<t@learn.example> wrote:\n\n> Hello",
        "\n\nAm 02.03.26 um 12:00 schrieb Tutelage:\n> Hallo leo,\n> das wartet",
        "\n\nAm Mo., 2. März 2026 um 12:00 Uhr schrieb Tutelage <t@learn.example>:\n\n> Hallo",
        "\n\nLe lun. 2 mars 2026 à 12:00, Tutelage <t@learn.example> a écrit :\n> Bonjour",
        "\n-- \nLeo Example\n+49 30 123",
        "\n--\nLeo",
        "\n\n-----Original Message-----\nFrom: Tutelage\nHello",
        "\n\n----- Ursprüngliche Nachricht -----\nHallo",
        "\n\n________________________________\nVon: Tutelage <t@x.y>\nGesendet: Montag, 2. März\nAn: Leo\n",
        "\n\nFrom: Tutelage <t@learn.example>\nSent: Monday, March 2, 2026 12:00\nTo: Leo\n\nHello",
        "\n\nGesendet: Montag, 02. März 2026 um 12:00 Uhr\nVon: t@learn.example\nAn: Leo\nBetreff: x\nHi",
        "\n \n*Gesendet:* Montag, 2. März 2026\n\n*Von:* Tutelage\n\n*An:* Leo\n\nHallo",
        "\n\n**Von:** Tutelage\n**Betreff:** Etwas wartet\n**Datum:** 02.03.26\n\nHallo",
        "\n\nBetreff: Etwas wartet\nAn: Leo\nVon: Tutelage\n\nHallo",
        "\n\nDe : Tutelage <t@learn.example>\nÀ : Leo\nEnvoyé : lundi 2 mars 2026\n\nBonjour",
        "\n\nDe: Tutelage\nEnviado el: lunes\nPara: Leo\nAsunto: Algo\n\nHola",
        "\n\nOn 2 Mar 2026, at 12:00, Tutelage <t@learn.example> wrote:\n\nHello leo,\nunmarked",
        "\n\nSent from my phone",
        "\n\n> Hello\n> more",
        "",
    ],
)
def test_the_quotation_and_the_signature_are_left_out(rest):
    assert said(OWN + rest) == OWN
    assert said((OWN + rest).replace("\n", "\r\n")) == OWN


@pytest.mark.parametrize(
    "text",
    [
        "On Monday I wrote: nothing is lost by waiting.",
        "Am Montag schrieb ich ihr:\nSie soll warten.",
        "From: here on I would wait.",
        "To: the team\nSubject: the outage\nI would write to all.",
        "Date: 3 May\nThe log was full, so I would wait.",
        "a --\nb",
        "---\nTwo options",
        "On 3 May the log wrote: disk full\nso I would wait",
    ],
)
def test_own_words_that_look_like_a_quotation_are_kept(text):
    assert said(text) == text


def test_words_below_and_between_a_quotation_are_kept():
    text = "On Mon, 2 Mar 2026, Tutelage wrote:\n> What?\n\nWait.\n\n> Why?\n\nIt settles."
    assert said(text) == "Wait.\n\nIt settles."


def mail(**heads):
    made = EmailMessage()
    made["From"], made["To"] = "Leo <leo@example.org>", "a@b.c"
    for name, value in heads.items():
        made[name] = value
    return made


def test_a_mail_of_html_alone_is_read_as_text():
    made = mail()
    made.set_content(
        "<html><head><style>p{}</style></head><body><p>Wait &amp; see.</p><p>It<br>settles.</p>"
        '<script>x()</script><div class="gmail_quote">On Mon, 2 Mar 2026 T &lt;t@x.y&gt; wrote:'
        "<blockquote>Hello<p>leo</p></blockquote></div></body></html>",
        subtype="html",
    )
    assert read(made.as_bytes()).text == "Wait & see.\n\nIt\nsettles."


def test_the_text_is_preferred_and_attachments_are_counted():
    made = mail()
    made.set_content("Plain.")
    made.add_alternative("<p>HTML.</p>", subtype="html")
    made.add_attachment(b"x" * 99, maintype="image", subtype="png", filename="a.png")
    made.add_attachment("not mine", filename="a.txt")
    found = read(made.as_bytes())
    assert (found.text, found.attachments) == ("Plain.", 2)


@pytest.mark.parametrize(
    ("charset", "raw", "text"),
    [
        ("utf-8", "Früh".encode(), "Früh"),
        ("iso-8859-1", "Früh".encode("latin-1"), "Früh"),
        ("utf-8", b"Fr\xfch", "Fr\ufffdh"),
        ("no-such", b"Wait", "Wait"),
        ("rot13", b"Wait", "Wait"),
        ("unicode_escape", b"Wait\\x00", "Wait\\x00"),
        ("utf-16", b"\xff", "\ufffd"),
    ],
)
def test_letters_that_cannot_be_read_lose_nothing_else(charset, raw, text):
    head = f"From: a@b.c\nContent-Type: text/plain; charset={charset}\n"
    assert read(head.encode() + b"Content-Transfer-Encoding: 8bit\n\n" + raw).text == text


def test_flowed_lines_are_one_paragraph():
    raw = b"From: a@b.c\nContent-Type: text/plain; format=flowed\n\nI would \nwait.\n\n-- \nLeo\n"
    assert read(raw).text == "I would wait."


def test_a_forwarded_mail_is_an_attachment():
    inner, made = mail(), mail()
    inner.set_content("Not mine.")
    made.set_content("Mine.")
    made.add_attachment(inner)
    assert read(made.as_bytes()).text == "Mine."


@given(st.binary(max_size=2000))
def test_whatever_comes_is_read_or_refused(raw):
    for start in (b"", b"From: a@b.c\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"):
        try:
            found = read(start + raw, "mx")
        except Unreadable:
            continue
        found.text.encode()


@given(st.text(max_size=500))
def test_own_words_are_never_more_than_was_written(text):
    assert set(said(text).split()) <= set(text.split())
    plainly(text)


HEAD = b"From: leo@example.org\r\nTo: reply@learn.example\r\n"


@pytest.mark.parametrize(
    "raw",
    [
        HEAD + b"Content-Type: text/html\r\n\r\n" + b"<a " * 600_000,
        HEAD + b"Content-Type: text/html\r\n\r\n" + b"<!" * 900_000,
        HEAD + b"Content-Type: text/plain; " + b"a=b; " * 300_000 + b"\r\n\r\nx",
        HEAD + b"To: a@example.org\r\n" * 80_000 + b"\r\nx",
        HEAD + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + b"--x\r\n\r\n" * 200_000,
        HEAD + b"\r\n" + b"\n" * 1_900_000,
    ],
    ids=["tags", "declarations", "parameters", "addresses", "parts", "lines"],
)
def test_no_mail_keeps_the_others_waiting(raw):
    began = time.process_time()
    with contextlib.suppress(Unreadable):
        read(raw)
    assert time.process_time() - began < 10


def test_words_behind_the_last_tag_are_kept():
    assert plainly("Wait.<br>It settles. <unclosed") == "Wait.\nIt settles."
