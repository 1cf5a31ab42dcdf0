"""Whom the API lets in: every token and key that is not as it should be is refused."""

import base64
import hashlib
import hmac
import json
import time

import pytest

from api_refusals import (
    CANARY,
    ONE_SECRET,
    PROJECTS,
    SECRETS,
    log_without_canary,
    new_secret,
    refused,
    token,
)
from conftest import PASSPHRASE

# Tokens


def encode(part):
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(part):
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def signed(header, payload, key, algorithm=hashlib.sha256):
    text = f"{encode(header)}.{payload}"
    return f"{text}.{encode(hmac.digest(key, text.encode(), algorithm))}"


def other(letter):
    return "B" if letter == "A" else "A"


HS256, HS512 = {"alg": "HS256", "typ": "JWT"}, {"alg": "HS512", "typ": "JWT"}

FORGERIES = {
    "alg none": lambda h, p, s: f"{encode({'alg': 'none', 'typ': 'JWT'})}.{p}.",
    "alg none, without the last dot": lambda h, p, s: f"{encode({'alg': 'none', 'typ': 'JWT'})}.{p}",
    "alg none, with the signature": lambda h, p, s: f"{encode({'alg': 'none', 'typ': 'JWT'})}.{p}.{s}",
    "alg nOnE": lambda h, p, s: f"{encode({'alg': 'nOnE', 'typ': 'JWT'})}.{p}.",
    "no alg": lambda h, p, s: f"{encode({'typ': 'JWT'})}.{p}.{s}",
    "HS512 with the signature": lambda h, p, s: f"{encode(HS512)}.{p}.{s}",
    "HS512 with an empty key": lambda h, p, s: signed(HS512, p, b"", hashlib.sha512),
    "RS256 with the signature": lambda h, p, s: f"{encode({'alg': 'RS256', 'typ': 'JWT'})}.{p}.{s}",
    "an empty key": lambda h, p, s: signed(HS256, p, b""),
    "a key of zeros": lambda h, p, s: signed(HS256, p, bytes(32)),
    "the passphrase as the key": lambda h, p, s: signed(HS256, p, PASSPHRASE.encode()),
    "a key of its own in the header": lambda h, p, s: signed(HS256 | {"jwk": {"kty": "oct", "k": "AA"}}, p, b"\0"),
    "no signature": lambda h, p, s: f"{h}.{p}.",
    "two parts": lambda h, p, s: f"{h}.{p}",
    "one part": lambda h, p, s: h,
    "four parts": lambda h, p, s: f"{h}.{p}.{s}.{s}",
    "signature cut by one character": lambda h, p, s: f"{h}.{p}.{s[:-1]}",
    "signature cut in half": lambda h, p, s: f"{h}.{p}.{s[:21]}",
    "another signature": lambda h, p, s: f"{h}.{p}.{other(s[0])}{s[1:]}",
    "another header": lambda h, p, s: f"{encode(decode(h) | {'x': CANARY})}.{p}.{s}",
    "later expiry": lambda h, p, s: f"{h}.{encode(decode(p) | {'exp': 9_999_999_999})}.{s}",
    "another name": lambda h, p, s: f"{h}.{encode(decode(p) | {'sub': CANARY})}.{s}",
    "payload that is not JSON": lambda h, p, s: f"{h}.{encode(CANARY.encode())}.{s}",
    "text": lambda h, p, s: CANARY,
    "text in three parts": lambda h, p, s: f"{CANARY}.{CANARY}.{CANARY}",
    "two dots": lambda h, p, s: "..",
    "nothing": lambda h, p, s: "",
    "two tokens": lambda h, p, s: f"{h}.{p}.{s} {h}.{p}.{s}",
    "8,000 characters": lambda h, p, s: CANARY * 600,
}


def check_challenge(answer, presented=True):
    assert answer.headers["WWW-Authenticate"] == ('Bearer error="invalid_token"' if presented else "Bearer")


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
def test_a_forged_token_is_refused(shared_server, refused, forge):
    forged = forge(*shared_server.token.split("."))
    assert forged != shared_server.token
    answer = refused(401, "POST", SECRETS, token=forged, json=new_secret())
    check_challenge(answer)
    assert len(forged) < 3 or forged not in answer.text + shared_server.log.read_text()


def test_the_signature_of_another_token_is_refused(shared_server, refused, token):
    theirs, _ = token("--read-only")
    mixed = ".".join([*shared_server.token.split(".")[:2], theirs.split(".")[2]])
    check_challenge(refused(401, "POST", SECRETS, token=mixed, json=new_secret()))


@pytest.mark.parametrize(
    "method, path",
    [
        ("GET", SECRETS), ("POST", SECRETS), ("GET", ONE_SECRET), ("PATCH", ONE_SECRET), ("DELETE", ONE_SECRET),
        ("GET", PROJECTS), ("POST", PROJECTS),
    ],
)
def test_nothing_works_without_a_token(refused, method, path):
    body = new_secret(default_available=True) if method in ("POST", "PATCH") else None
    check_challenge(refused(401, method, f"{path}?access_token={CANARY}", token=None, json=body), presented=False)


@pytest.mark.parametrize(
    "credentials",
    ["{}", "Basic {}", "Digest {}", "Token {}", "Bearer", "Bearer{}", "Bearer={}", "Bearer, Bearer {}"],
)
def test_a_token_counts_as_bearer_only(shared_server, refused, credentials):
    headers = {"Authorization": credentials.format(shared_server.token)}
    check_challenge(refused(401, "GET", SECRETS, token=None, headers=headers))


def test_a_token_in_the_query_or_a_cookie_is_not_read(shared_server, refused):
    headers = {"Cookie": f"token={shared_server.token}; Authorization=Bearer {shared_server.token}"}
    answer = refused(401, "GET", f"{SECRETS}?access_token={shared_server.token}&{CANARY}", token=None, headers=headers)
    check_challenge(answer, presented=False)


@pytest.mark.parametrize("bad", ["", CANARY, "coffer_sk_", "coffer_sk_" + "A" * 32, "neo_sk_" + "A" * 32])
def test_an_unknown_api_key_is_refused(refused, bad):
    answer = refused(401, "GET", f"{SECRETS}?{CANARY}", token=None, headers={"X-Api-Key": bad})
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_an_api_key_cut_short_is_refused(refused, token):
    key, _ = token("--api-key")
    for bad in (key[:-1], key + "A", key.removeprefix("coffer_sk_"), key.upper(), f"Bearer {key}"):
        check_challenge(refused(401, "GET", SECRETS, token=None, headers={"X-Api-Key": bad}, hidden=bad))


def test_token_and_api_key_do_not_stand_in_for_each_other(shared_server, refused, token):
    key, _ = token("--api-key")
    check_challenge(refused(401, "GET", SECRETS, token=key, hidden=key))
    check_challenge(refused(401, "GET", SECRETS, token=None, headers={"X-Api-Key": shared_server.token}))


def test_a_good_key_does_not_make_up_for_a_bad_token(refused, token):
    key, _ = token("--api-key")
    check_challenge(refused(401, "GET", SECRETS, token=CANARY, headers={"X-Api-Key": key}))


def test_a_revoked_token_is_refused_at_once(shared_server, refused, token):
    for kind in ([], ["--api-key"]):
        revoked, name = token(*kind)
        headers = {"X-Api-Key": revoked} if kind else {"Authorization": f"Bearer {revoked}"}
        assert shared_server.request("GET", SECRETS, token=None, headers=headers).status_code == 200
        shared_server.vault.ok("token", "revoke", name)
        check_challenge(refused(401, "GET", SECRETS, token=None, headers=headers, hidden=revoked))


def test_an_expired_token_is_refused(refused, token):
    key, _ = token("--expires", "1s", "--api-key")
    expired, _ = token("--expires", "1s")
    expiry = decode(expired.split(".")[1])["exp"]
    assert expiry <= time.time() + 1
    time.sleep(max(0, expiry - time.time() + 0.05))
    check_challenge(refused(401, "GET", SECRETS, token=expired, hidden=expired))
    check_challenge(refused(401, "GET", SECRETS, token=None, headers={"X-Api-Key": key}, hidden=key))


def test_a_token_of_another_vault_is_refused(vault, refused, token):
    foreign, _ = token(vault=vault)
    key, _ = token("--api-key", vault=vault)
    check_challenge(refused(401, "GET", SECRETS, token=foreign, hidden=foreign))
    check_challenge(refused(401, "GET", SECRETS, token=None, headers={"X-Api-Key": key}, hidden=key))
