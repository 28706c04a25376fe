"""The signature algorithms: each one makes, attests and signs, and python-fido2's own keys judge it."""

import pytest
from cryptography.exceptions import InvalidSignature
from fido2.cose import CoseKey, EdDSA, ES256, ES384, MLDSA44, MLDSA65, RS256

from ceremonies import ERR, RP_ID, assert_signed, get, make, refused

KEYS = [ES256, EdDSA, ES384, RS256, MLDSA44, MLDSA65]


def test_they_are_what_get_info_tells(ctap):
    told = [entry["alg"] for entry in ctap.info.algorithms]
    assert sorted(told) == sorted(key.ALGORITHM for key in KEYS)
    assert all(entry["type"] == "public-key" for entry in ctap.info.algorithms)


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.__name__)
def test_an_algorithm_attests_and_signs(ctap, connect, key):
    made = make(ctap, algorithms=[key.ALGORITHM], formats=["packed"])
    assert made.fmt == "packed"
    assert made.att_stmt["alg"] == key.ALGORITHM
    public_key = made.auth_data.credential_data.public_key
    assert type(CoseKey.parse(public_key)) is key
    assert_signed(get(ctap), made)
    assert_signed(get(connect(), made), made)


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.__name__)
def test_a_signature_is_of_its_own_message(ctap, key):
    made = make(ctap, algorithms=[key.ALGORITHM])
    assertion = get(ctap)
    with pytest.raises(InvalidSignature):
        assertion.verify(b"\0" * 32, made.auth_data.credential_data.public_key)


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.__name__)
def test_the_first_that_is_known_is_taken(ctap, key):
    others = [other.ALGORITHM for other in KEYS if other is not key]
    made = make(ctap, algorithms=[-65535, key.ALGORITHM, *others])
    assert made.auth_data.credential_data.public_key[3] == key.ALGORITHM


def test_none_that_is_known(ctap):
    with refused(ERR.UNSUPPORTED_ALGORITHM):
        make(ctap, algorithms=[-65535, -36])
    with refused(ERR.UNSUPPORTED_ALGORITHM):
        make(ctap, algorithms=[])
    with refused(ERR.NO_CREDENTIALS):
        get(ctap, rp_id=RP_ID)


def test_accounts_of_all_algorithms_live_beside_each_other(ctap):
    made = [make(ctap, key.__name__, algorithms=[key.ALGORITHM]) for key in KEYS]
    first = get(ctap)
    assertions = [first] + [ctap.get_next_assertion() for _ in made[1:]]
    for assertion, credential in zip(assertions, reversed(made), strict=True):
        assert_signed(assertion, credential)
