"""A threshold is taken along as an Open Badge, checked by others' libraries, and taken back."""

from __future__ import annotations

import base64
import concurrent.futures
import gzip
import hashlib
import json
import re
from datetime import UTC, datetime

import jsonschema
import jwt
import pytest
import sqlalchemy as sa

from tests.support import proven, seeded
from tests.support.browsing import SCRIPT, Browser, joined
from tutelage.domain.events import LevelContested
from tutelage.domain.terms import Level, Party
from tutelage.doors.serve import application
from tutelage.service.carried import credentials, issuer_keys
from tutelage.service.settings import Settings

AT = "https://learn.example"
AT_R = "/r/r/credential"
OBJECT = {"type": "object"}
TYPED = {"type": "array", "contains": {"const": "OpenBadgeCredential"}, "minItems": 2}
IDENTITY = {
    "type": "object",
    "required": ["type", "hashed", "identityHash", "identityType"],
    "properties": {
        "type": {"const": "IdentityObject"},
        "hashed": {"type": "boolean"},
        "identityType": {"enum": ["name", "userName", "emailAddress"]},
    },
}
ACHIEVEMENT = {
    "type": "object",
    "required": ["id", "type", "name", "description", "criteria"],
    "properties": {"type": {"contains": {"const": "Achievement"}}, "criteria": OBJECT},
}
SCHEMA = {
    "type": "object",
    "required": ["@context", "id", "type", "credentialSubject", "issuer", "validFrom"],
    "properties": {
        "@context": {
            "prefixItems": [
                {"const": "https://www.w3.org/ns/credentials/v2"},
                {"pattern": r"^https://purl\.imsglobal\.org/spec/ob/v3p0/context-3\.\d\.\d\.json$"},
            ],
            "minItems": 2,
        },
        "id": {"format": "uri"},
        "type": TYPED,
        "issuer": {
            "required": ["id", "type"],
            "properties": {"type": {"contains": {"const": "Profile"}}},
        },
        "validFrom": {"pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
        "credentialStatus": {
            "required": ["type", "statusPurpose", "statusListIndex", "statusListCredential"],
            "properties": {"type": {"const": "BitstringStatusListEntry"}},
        },
        "credentialSubject": {
            "required": ["type", "achievement"],
            "properties": {
                "type": {"contains": {"const": "AchievementSubject"}},
                "identifier": {"items": IDENTITY},
                "achievement": ACHIEVEMENT,
                "result": {"items": {"required": ["type", "value", "resultDescription"]}},
            },
        },
    },
}
"""What the standard requires of a credential and of its parts, in our words."""


@pytest.fixture
def guided(desk):
    return proven.threshold(desk)


@pytest.fixture
def app(desk):
    return application(
        desk, rate=1e6, burst=1e6, settings=Settings(at=AT), hosts=("learn.example",)
    )


@pytest.fixture
def stranger(app, guided):
    return Browser(app)


def looked(browser, at=AT_R, **chosen):
    return browser.open(at).send(f"{at}/look", **chosen)


def take(browser, at=AT_R, **chosen):
    """The id of what was taken along."""
    looked(browser, at, **chosen).send(at)
    assert browser.path.startswith("/verify/"), browser.page
    return browser.path.rpartition("/")[2]


def fetched(browser, id_):
    return browser.http.get(f"/verify/{id_}/credential.jwt").text


def verified(browser, token):
    """By a library of others, with what is published, as the standard says."""
    jwks = jwt.PyJWKSet.from_dict(browser.http.get("/.well-known/jwks.json").json())
    header = jwt.get_unverified_header(token)
    assert set(header) <= {"alg", "kid", "typ"}
    assert header["typ"] == "JWT"
    key = next(k for k in jwks.keys if k.key_id == header["kid"])
    needs = ["iss", "jti", "nbf", "sub"]
    found = jwt.decode(
        token,
        key,
        algorithms=[header["alg"]],
        issuer=AT,
        options={"require": needs, "verify_nbf": False},
    )
    jsonschema.Draft202012Validator(SCHEMA).validate(found)
    assert (found["iss"], found["jti"]) == (found["issuer"]["id"], found["id"])
    assert found["sub"] == found["credentialSubject"]["id"]
    since = datetime.fromtimestamp(found["nbf"], UTC).isoformat().replace("+00:00", "Z")
    assert found["validFrom"] == since
    assert "vc" not in found
    return found


# what is signed --------------------------------------------------------------------------------
def test_a_threshold_is_taken_along_and_verified_by_an_independent_library(leo, stranger):
    found = verified(stranger, fetched(stranger, take(leo)))
    (holder,) = found["credentialSubject"]["identifier"]
    assert (holder["identityType"], holder["identityHash"]) == ("userName", "leo")
    assert found["credentialSubject"]["achievement"]["name"] == "Threshold of independent judgment"


def test_the_key_is_where_the_credential_says_and_is_public_only(leo, stranger):
    kid = jwt.get_unverified_header(fetched(stranger, take(leo)))["kid"]
    assert kid.startswith(f"{AT}/keys/")
    one = stranger.http.get(kid.removeprefix(AT)).json()
    (listed,) = stranger.http.get("/.well-known/jwks.json").json()["keys"]
    assert one == listed
    assert not {"d", "p", "q", "dp", "dq", "qi"} & set(one)


def test_it_says_what_was_confirmed_and_by_which_standard(leo, stranger):
    found = verified(stranger, fetched(stranger, take(leo)))
    labels = {
        d["id"]: d["name"] for d in found["credentialSubject"]["achievement"]["resultDescription"]
    }
    said = {
        labels[r["resultDescription"]]: r["value"] for r in found["credentialSubject"]["result"]
    }
    assert said["Confirmed on"] == "2026-03-02"
    assert said["Real situations brought"] == "16"
    assert said["Rated blind"] == "yes"
    assert said["Holds by the stricter standard for proofs"].startswith("not yet (")
    assert said["Randomized evidence that guidance did it"] == "not shown here"


def test_nothing_of_a_situation_an_account_or_the_goal_is_in_it(leo, stranger, desk):
    token = fetched(stranger, take(leo))
    body = json.dumps(verified(stranger, token), ensure_ascii=False) + leo.page
    texts = {t for row in desk.ledger.rows("r") for t in json.loads(row.texts or "[]")}
    names = [t for t in texts if len(t or "") > 5 and t in body]
    assert not names
    assert proven.ACCOUNT not in body


def test_the_goal_and_the_criteria_are_in_it_where_the_learner_chose_that(leo, stranger, desk):
    goal = desk.state("r").goal.entry.event
    looked(leo, goal="1", criteria="1")
    assert leo.says(str(goal.situation))
    leo.send(AT_R)
    said = verified(stranger, fetched(stranger, leo.path.rpartition("/")[2]))
    assert str(goal.criteria[0].name) in said["credentialSubject"]["narrative"]


def test_an_address_is_in_it_as_a_salted_digest_where_the_learner_chose_that(leo, stranger):
    found = verified(stranger, fetched(stranger, take(leo, mail="1", name="Leo Ames")))
    name, mail = found["credentialSubject"]["identifier"]
    assert (name["identityType"], name["identityHash"]) == ("name", "Leo Ames")
    digest = hashlib.sha256(f"leo@example.org{mail['salt']}".encode()).hexdigest()
    assert mail["identityHash"] == f"sha256${digest}"
    assert "leo@example.org" not in json.dumps(found)


def test_a_masterpiece_is_taken_along_beside_the_threshold(app, desk):
    seeded_at = proven.masterpiece(desk)
    leo = joined(app, "leo")
    first, second = take(leo, kind="threshold"), take(leo)
    found = verified(leo, fetched(leo, second))
    assert found["name"] == "Masterpiece of judgment"
    assert "The secret reason" not in json.dumps(found)
    assert first != second
    with desk.ledger.engine.connect() as connection:
        seqs = connection.execute(sa.select(credentials.c.seq)).scalars().all()
    assert seeded_at in seqs


# who may ---------------------------------------------------------------------------------------
def test_nobody_but_the_learner_takes_it(leo, mia, app):
    for other in (mia, joined(app, "rita"), joined(app, "eve")):
        assert other.open(AT_R).got.status_code in {403, 404}
        form = re.search(r'name="form" value="([^"]+)"', other.open("/me").page)[1]
        for path in (AT_R, f"{AT_R}/look", f"{AT_R}/revoke"):
            data = {"form": form, "kind": "threshold", "credential": "0" * 32}
            assert other.http.post(path, data=data).status_code in {403, 404}
    assert not mia.open("/r/r/levels").says("Take it with you")
    assert leo.open("/r/r/levels").says("Take it with you")


def test_the_owner_of_an_agent_takes_its_credential(app, desk):
    bot = Party(id="bot", kind="agent", owner="olga")
    proven.threshold(desk, "agents", learner=bot)
    olga = joined(app, "olga")
    found = verified(olga, fetched(olga, take(olga, "/r/agents/credential")))
    assert found["credentialSubject"]["identifier"][0]["identityHash"] == "bot"


def test_without_a_threshold_there_is_nothing_to_take(app, desk):
    seeded.guide(desk, "young")
    leo = joined(app, "leo").open("/r/young/credential")
    assert leo.says("There is nothing to take along yet")
    form = re.search(r'name="form" value="([^"]+)"', leo.page)[1]
    data = {"form": form, "kind": "threshold"}
    assert leo.http.post("/r/young/credential", data=data).status_code == 409


def test_a_level_contested_since_is_agreed_on_first(leo, desk):
    event = LevelContested(criterion=seeded.KEYS[0], to=Level.ASK, why="Not so sure")
    desk.write("r", event, actor="mia")
    assert looked(leo).says("A level is contested since")


def test_nothing_is_signed_that_was_not_shown(leo, desk):
    looked(leo)
    leo.page = leo.page.replace(
        'name="kind"', 'name="goal" value="1"><input type="hidden" name="kind"'
    )
    leo.send(AT_R)
    assert leo.got.status_code == 409
    assert leo.says("Something changed since you looked.")
    assert not desk_rows(desk)


def desk_rows(desk):
    with desk.ledger.engine.connect() as connection:
        return connection.execute(sa.select(credentials)).mappings().all()


def test_a_foreign_form_signs_nothing(leo, desk):
    got = leo.http.post(AT_R, data={"form": "stale", "kind": "threshold"})
    assert got.status_code == 403
    assert not desk_rows(desk)


def test_a_server_without_an_address_says_that_it_cannot_sign(desk, guided):
    leo = joined(application(desk, rate=1e6, burst=1e6), "leo").open(AT_R)
    assert leo.says("This server was not told how it is reached")
    assert Browser(leo.http.app).open("/.well-known/jwks.json").got.status_code == 404


@pytest.mark.parametrize("name", ["x" * 81, "Leo\x00", "Leo\u202e"])
def test_a_name_that_is_no_name_is_refused(leo, name):
    assert looked(leo, name=name).got.status_code == 422


def test_a_name_that_is_markup_is_shown_as_it_is(leo, stranger):
    looked(leo, name=SCRIPT)
    assert SCRIPT not in leo.page
    id_ = leo.send(AT_R, name=SCRIPT).path.rpartition("/")[2]
    assert SCRIPT not in stranger.open(f"/verify/{id_}").page
    assert stranger.says(SCRIPT)


def test_asked_for_twice_at_once_it_is_signed_once(leo, desk):
    looked(leo)
    form = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', leo.page))
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        got = list(pool.map(lambda _n: leo.http.post(AT_R, data=form), range(4)))
    assert len({g.url.path for g in got}) == 1
    assert len(desk_rows(desk)) == 1


# checked by others -----------------------------------------------------------------------------
def test_its_page_says_that_it_is_valid_to_whoever_has_its_address(leo, stranger):
    stranger.open(f"/verify/{take(leo)}")
    assert stranger.says("Valid.")
    assert stranger.says("leo")
    assert stranger.says("not yet (")


def test_it_is_checked_where_it_is_pasted(leo, stranger):
    token = fetched(stranger, take(leo))
    stranger.open("/verify").send("/verify", credential=f"  {token[:80]}\n{token[80:]} ")
    assert stranger.says("Valid.")


def tampered(token):
    head, body, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    claims["credentialSubject"]["identifier"][0]["identityHash"] = "eve"
    forged = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"{head}.{forged}.{signature}"


def test_one_that_was_changed_fails_everywhere(leo, stranger):
    token = tampered(fetched(stranger, take(leo)))
    with pytest.raises(jwt.InvalidSignatureError):
        verified(stranger, token)
    stranger.open("/verify").send("/verify", credential=token)
    assert stranger.got.status_code == 422
    assert stranger.says("This was not signed by this server, or it was changed since.")


@pytest.mark.parametrize("said", ["", "eyJ", "a.b.c", "\x00" * 9, "{}", "x" * 200_000, "é.é.é"])
def test_what_is_no_credential_is_said_to_be_none(stranger, said):
    stranger.open("/verify").send("/verify", credential=said)
    assert stranger.got.status_code == 422


def test_one_signed_with_nothing_or_with_a_key_of_its_own_is_none_of_ours(leo, stranger):
    token = fetched(stranger, take(leo))
    claims = jwt.decode(token, options={"verify_signature": False})
    kid = jwt.get_unverified_header(token)["kid"]
    public = stranger.http.get("/.well-known/jwks.json").json()["keys"][0]["n"]
    for forged in (
        jwt.encode(claims, "", algorithm="none", headers={"kid": kid}),
        jwt.encode(claims, public, algorithm="HS256", headers={"kid": kid}),
    ):
        stranger.open("/verify").send("/verify", credential=forged)
        assert stranger.got.status_code == 422


def test_no_page_lists_them_and_ids_are_not_guessed(leo, stranger):
    id_ = take(leo)
    assert re.fullmatch("[0-9a-f]{32}", id_)
    for path in ("/verify", "/", "/sign-in", "/achievements/threshold", "/.well-known/jwks.json"):
        assert id_ not in stranger.open(path).page
    codes = [stranger.open(f"/verify/{n:032x}").got.status_code for n in range(200)]
    assert set(codes) == {404, 429}


# taken back ------------------------------------------------------------------------------------
def signed_here(browser, token):
    """The claims of what is published here, by a library of others."""
    jwks = jwt.PyJWKSet.from_dict(browser.http.get("/.well-known/jwks.json").json())
    key = jwks[jwt.get_unverified_header(token)["kid"]]
    options = {"verify_nbf": False}
    return jwt.decode(token, key, algorithms=["RS256", "ES256"], issuer=AT, options=options)


def revoked(browser, id_):
    """What the signed status list says of it, read as its standard says."""
    status = {"statusListIndex": "0", "statusListCredential": f"{AT}/verify/{id_}/status"}
    found = signed_here(browser, browser.http.get(f"/verify/{id_}/status").text)
    assert found["id"] == status["statusListCredential"]
    assert "BitstringStatusListCredential" in found["type"]
    listed = found["credentialSubject"]["encodedList"]
    assert listed[0] == "u"
    bits = gzip.decompress(base64.urlsafe_b64decode(listed[1:] + "=="))
    assert len(bits) * 8 >= 131_072
    at = int(status["statusListIndex"])
    return bool(bits[at // 8] >> (7 - at % 8) & 1)


def gone(stranger, id_, token):
    """Whether nothing of it is left but that it was revoked."""
    stranger.open(f"/verify/{id_}")
    said = stranger.says("Revoked.") and not stranger.says("leo")
    stranger.open("/verify").send("/verify", credential=token)
    pasted = stranger.says("Revoked.") and not stranger.says("leo")
    file = stranger.http.get(f"/verify/{id_}/credential.jwt").status_code
    return said and pasted and revoked(stranger, id_) and file == 404


def test_a_revoked_one_says_so_and_a_new_one_can_be_taken(leo, stranger, desk):
    id_ = take(leo)
    token = fetched(stranger, id_)
    assert not revoked(stranger, id_)
    leo.open(AT_R).send(f"{AT_R}/revoke")
    assert gone(stranger, id_, token)
    assert {row["jws"] for row in desk_rows(desk)} == {None}
    assert take(leo) != id_


def test_a_credential_is_revoked_by_its_own_learner_only(leo, app, stranger, desk):
    id_ = take(leo)
    proven.threshold(desk, "other", learner=Party(id="pat", kind="person"))
    pat = joined(app, "pat").open("/r/other/credential")
    form = re.search(r'name="form" value="([^"]+)"', pat.page)[1]
    got = pat.http.post("/r/other/credential/revoke", data={"form": form, "credential": id_})
    assert got.status_code == 404
    assert stranger.open(f"/verify/{id_}").says("Valid.")


def test_it_goes_with_the_account(leo, stranger):
    id_ = take(leo)
    token = fetched(stranger, id_)
    leo.open("/me/delete").send("/me/delete")
    assert gone(stranger, id_, token)


def test_it_goes_with_a_text_that_it_rests_on_also_through_a_copy(leo, stranger, desk):
    id_ = take(leo)
    token = fetched(stranger, id_)
    seq = desk.state("r").find("proof").account.seq
    desk.fork("r", at=desk.state("r").seq, arm="copy", id="copy")
    desk.redact("copy", seq)
    assert gone(stranger, id_, token)
    assert looked(leo).says("A text that it rests on was erased")


def test_it_stays_where_another_text_is_erased(leo, stranger, desk):
    id_ = take(leo)
    desk.redact("r", desk.state("r").find("s3").opened.seq)
    assert stranger.open(f"/verify/{id_}").says("Valid.")


def test_it_goes_with_all_texts_once_they_were_kept_for_long_enough(leo, stranger, desk):
    id_ = take(leo)
    token = fetched(stranger, id_)
    seeded.close(desk)
    desk.clock.later(days=40)
    list(desk.retain(30))
    assert gone(stranger, id_, token)


# the key ---------------------------------------------------------------------------------------
def test_the_key_is_made_once_and_holds_over_a_restart(leo, desk):
    token = fetched(leo, take(leo))
    again = Browser(application(desk, rate=1e6, burst=1e6, settings=Settings(at=AT)))
    assert verified(again, token)
    with desk.ledger.engine.connect() as connection:
        assert len(connection.execute(sa.select(issuer_keys)).all()) == 1


def _files(tmp_path):
    from joserfc.jwk import ECKey, RSAKey

    made = {
        "pem": RSAKey.generate_key(2048, private=True).as_pem(private=True),
        "ec": ECKey.generate_key("P-256", private=True).as_pem(private=True),
        "jwk": json.dumps(ECKey.generate_key("P-256", private=True).as_dict(private=True)).encode(),
    }
    for name, body in made.items():
        (tmp_path / name).write_bytes(body)
    return tmp_path


@pytest.mark.parametrize("name", ["pem", "ec", "jwk"])
def test_the_operators_own_key_signs_and_what_was_signed_before_is_still_verified(
    leo, desk, tmp_path, name
):
    before = fetched(leo, take(leo))
    file = str(_files(tmp_path) / name)
    app = application(desk, rate=1e6, burst=1e6, settings=Settings(at=AT, credential_key=file))
    leo.open(AT_R).send(f"{AT_R}/revoke")
    here = Browser(app)
    here.http.cookies = leo.http.cookies
    token = fetched(here, take(here))
    assert verified(here, token)
    assert verified(here, before)
    assert jwt.get_unverified_header(token)["kid"] != jwt.get_unverified_header(before)["kid"]


@pytest.mark.parametrize("body", [b"", b"{}", b"\xff", b'{"kty":"oct","k":"AAAA"}', b"-----BEGIN"])
def test_a_file_that_holds_no_such_key_is_refused_at_the_start(desk, tmp_path, body):
    from tutelage.domain.errors import Malformed

    file = tmp_path / "key"
    file.write_bytes(body)
    with pytest.raises(Malformed) as refused:
        application(desk, settings=Settings(at=AT, credential_key=str(file)))
    assert refused.value.code == "bad_setting"
    with pytest.raises(Malformed):
        application(desk, settings=Settings(at=AT, credential_key=str(tmp_path / "none")))
