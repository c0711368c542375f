"""Credentials in either database: one holds at a time, and each goes with what it rests on."""

from __future__ import annotations

import pytest

from tests.support import proven, seeded
from tutelage.domain.errors import Refused
from tutelage.service.credentials import Award, Credentials
from tutelage.service.issuer import Issuer


@pytest.fixture
def desk(url):
    with seeded.desk(url) as made:
        proven.threshold(made)
        yield made


@pytest.fixture
def kept(desk):
    engine = desk.ledger.engine
    return Credentials(
        engine, desk.clock, desk.entropy, Issuer(engine, desk.clock, "https://x.example")
    )


def award(desk, *rests):
    seq = desk.state("r").threshold.seq
    return Award("r", seq, "threshold", "leo", (*rests, seq))


def claims(id_, now):
    return {"jti": id_, "nbf": int(now.timestamp())}


def test_it_is_read_back_as_it_was_signed(desk, kept):
    made = kept.issue(award(desk), claims)
    assert kept.issuer.read(made.jws)["jti"] == made.id
    assert kept.issue(award(desk), claims) == made


def test_it_goes_in_the_transaction_that_erases_a_text_it_rests_on(desk, kept):
    made = kept.issue(award(desk, 5), claims)
    desk.redact("r", 4)
    assert kept.find(made.id).jws
    desk.redact("r", 5)
    assert kept.find(made.id).jws is None
    assert kept.find(made.id).revoked_at


def test_none_is_made_on_a_text_that_is_gone(desk, kept):
    desk.redact("r", 5)
    with pytest.raises(Refused) as refused:
        kept.issue(award(desk, 5), claims)
    assert refused.value.code == "text_erased"
    assert kept.of("r", "leo") == []


def test_after_it_was_revoked_another_can_be_made(desk, kept):
    made = kept.issue(award(desk), claims)
    for _ in range(2):
        kept.revoke(made.id, "leo")
    assert kept.issue(award(desk), claims).id != made.id
    assert len(kept.of("r", "leo")) == 2
