"""Authenticator extensions (CTAP §12) that have no test file of their own."""

import os

import pytest
from fido2.ctap2.pin import ClientPin, PinProtocolV1, PinProtocolV2
from fido2.webauthn import AuthenticatorData

from ceremonies import (
    ERR, GA, MC, assert_signed, descriptor, get, make, refused, verified,
)

FLAG = AuthenticatorData.FLAG
SALT, OTHER_SALT = b"\x01" * 32, b"\x02" * 32


def outputs(response):
    """The extension outputs, signed by the authenticator."""
    assert bool(response.auth_data.extensions) == bool(response.auth_data.flags & FLAG.ED)
    return response.auth_data.extensions


def test_an_extension_that_nobody_knows_is_ignored(ctap):
    unheard = {"extensions": {"com.example.unheard": True}}
    assert outputs(make(ctap, **unheard)) is None
    assert outputs(get(ctap, **unheard)) is None


# --- credProtect ---


@pytest.mark.parametrize("level", [1, 2, 3])
@pytest.mark.parametrize("uv", [False, True], ids=["without UV", "with UV"])
@pytest.mark.parametrize("listed", [False, True], ids=["without allow list", "with allow list"])
def test_cred_protect_decides_who_sees_a_passkey(pin_ctap, level, uv, listed):
    made = make(pin_ctap, extensions={"credProtect": level})
    assert outputs(made) == {"credProtect": level}
    allow_list = [made] if listed else []
    proof = verified(pin_ctap, GA) if uv else {}
    if uv or level == 1 or (level == 2 and listed):
        assert_signed(get(pin_ctap, *allow_list, **proof), made)
    else:
        with refused(ERR.NO_CREDENTIALS):
            get(pin_ctap, *allow_list, **proof)


def test_what_is_hidden_is_not_counted_either(pin_ctap):
    for level, name in ((1, "alice"), (2, "bob"), (3, "carol"), (1, "dave")):
        make(pin_ctap, name, extensions={"credProtect": level})
    assert get(pin_ctap).number_of_credentials == 2
    pin_ctap.get_next_assertion()
    with refused(ERR.NOT_ALLOWED):
        pin_ctap.get_next_assertion()
    assert get(pin_ctap, **verified(pin_ctap, GA)).number_of_credentials == 4


def test_an_exclude_list_tells_nobody_of_what_needs_verification(pin_ctap):
    hidden = make(pin_ctap, "alice", extensions={"credProtect": 3})
    shown = make(pin_ctap, "bob", extensions={"credProtect": 2})
    make(pin_ctap, "carol", exclude_list=[descriptor(hidden)])
    with refused(ERR.CREDENTIAL_EXCLUDED):
        make(pin_ctap, "carol", exclude_list=[descriptor(shown)])
    with refused(ERR.CREDENTIAL_EXCLUDED):
        make(pin_ctap, "carol", exclude_list=[descriptor(hidden)], **verified(pin_ctap, MC))


# --- hmac-secret ---


def salted(ctap, *salts, protocol=None, name="hmac-secret"):
    """The input of hmac-secret, and what opens the output."""
    protocol = protocol or PinProtocolV2()
    key_agreement, secret = ClientPin(ctap, protocol)._get_shared_secret()
    salt_enc = protocol.encrypt(secret, b"".join(salts))
    salt_auth = protocol.authenticate(secret, salt_enc)
    value = {1: key_agreement, 2: salt_enc, 3: salt_auth, 4: protocol.VERSION}
    return {name: value}, lambda response: protocol.decrypt(secret, outputs(response)[name])


def secrets(ctap, made, *salts, protocol=None, **proof):
    """The secrets of a passkey for these salts."""
    extensions, open_output = salted(ctap, *salts, protocol=protocol)
    assertion = get(ctap, made, extensions=extensions, **proof)
    assert_signed(assertion, made)
    return open_output(assertion)


@pytest.fixture
def secret_keeper(pin_ctap):
    """A passkey made for hmac-secret."""
    made = make(pin_ctap, extensions={"hmac-secret": True})
    assert outputs(made) == {"hmac-secret": True}
    return made


def test_a_secret_is_stable(pin_ctap, secret_keeper, connect):
    secret = secrets(pin_ctap, secret_keeper, SALT)
    assert len(secret) == 32
    assert secrets(pin_ctap, secret_keeper, SALT) == secret
    assert secrets(connect(), secret_keeper, SALT) == secret


def test_two_salts_give_two_secrets(pin_ctap, secret_keeper, protocol):
    one, two = (secrets(pin_ctap, secret_keeper, salt, protocol=protocol) for salt in (SALT, OTHER_SALT))
    assert one != two
    assert secrets(pin_ctap, secret_keeper, SALT, OTHER_SALT, protocol=protocol) == one + two


def test_both_protocols_carry_the_same_secret(pin_ctap, secret_keeper):
    one, two = (secrets(pin_ctap, secret_keeper, SALT, protocol=each) for each in (PinProtocolV1(), PinProtocolV2()))
    assert one == two


def test_who_was_verified_gets_another_secret(pin_ctap, secret_keeper):
    without = secrets(pin_ctap, secret_keeper, SALT)
    with_uv = [secrets(pin_ctap, secret_keeper, SALT, **verified(pin_ctap, GA)) for _ in range(2)]
    assert with_uv[0] == with_uv[1] != without


def test_each_passkey_has_its_own_secret(pin_ctap, secret_keeper):
    other = make(pin_ctap, "bob", extensions={"hmac-secret": True})
    assert secrets(pin_ctap, secret_keeper, SALT) != secrets(pin_ctap, other, SALT)


def test_getting_all_assertions_gets_all_secrets(pin_ctap, secret_keeper):
    other = make(pin_ctap, "bob", extensions={"hmac-secret": True})
    extensions, open_output = salted(pin_ctap, SALT)
    found = [open_output(get(pin_ctap, extensions=extensions)), open_output(pin_ctap.get_next_assertion())]
    assert found == [secrets(pin_ctap, made, SALT) for made in (other, secret_keeper)]


def test_salts_must_be_authentic(pin_ctap, secret_keeper, protocol):
    extensions, _ = salted(pin_ctap, SALT, protocol=protocol)
    salt_auth = extensions["hmac-secret"][3]
    extensions["hmac-secret"][3] = bytes([salt_auth[0] ^ 1]) + salt_auth[1:]
    with refused(ERR.PIN_AUTH_INVALID):
        get(pin_ctap, secret_keeper, extensions=extensions)


@pytest.mark.parametrize("length", [16, 48, 96])
def test_a_salt_has_32_bytes(pin_ctap, secret_keeper, protocol, length):
    extensions, _ = salted(pin_ctap, os.urandom(length), protocol=protocol)
    with refused(ERR.INVALID_LENGTH):
        get(pin_ctap, secret_keeper, extensions=extensions)


def test_there_is_no_secret_without_presence(pin_ctap, secret_keeper):
    extensions, _ = salted(pin_ctap, SALT)
    with refused(ERR.UNSUPPORTED_OPTION):
        get(pin_ctap, secret_keeper, extensions=extensions, options={"up": False})


# --- hmac-secret-mc ---


@pytest.mark.parametrize("uv", [False, True], ids=["without UV", "with UV"])
def test_the_secret_at_creation_is_that_of_later(pin_ctap, protocol, uv):
    extensions, open_output = salted(pin_ctap, SALT, OTHER_SALT, protocol=protocol, name="hmac-secret-mc")
    proof = verified(pin_ctap, MC) if uv else {}
    made = make(pin_ctap, extensions={"hmac-secret": True, **extensions}, **proof)
    assert outputs(made)["hmac-secret"] is True
    proof = verified(pin_ctap, GA) if uv else {}
    assert open_output(made) == secrets(pin_ctap, made, SALT, OTHER_SALT, **proof)


def test_salts_at_creation_must_be_authentic(pin_ctap):
    extensions, _ = salted(pin_ctap, SALT, name="hmac-secret-mc")
    extensions["hmac-secret-mc"][3] = b"\0" * 32
    with refused(ERR.PIN_AUTH_INVALID):
        make(pin_ctap, extensions={"hmac-secret": True, **extensions})
    with refused(ERR.NO_CREDENTIALS):
        get(pin_ctap)


# --- credBlob ---


def test_a_cred_blob_is_kept(ctap, connect):
    blob = os.urandom(ctap.info.max_cred_blob_length)
    made = make(ctap, extensions={"credBlob": blob})
    assert outputs(made) == {"credBlob": True}
    assert outputs(get(connect(), made, extensions={"credBlob": True})) == {"credBlob": blob}


def test_a_cred_blob_that_is_too_long_is_left_out(ctap):
    made = make(ctap, extensions={"credBlob": os.urandom(ctap.info.max_cred_blob_length + 1)})
    assert outputs(made) == {"credBlob": False}
    assert outputs(get(ctap, made, extensions={"credBlob": True})) == {"credBlob": b""}


def test_where_there_is_no_cred_blob_it_is_empty(ctap):
    make(ctap)
    assert outputs(get(ctap, extensions={"credBlob": True})) == {"credBlob": b""}
    assert outputs(get(ctap)) is None


# --- thirdPartyPayment ---


@pytest.mark.parametrize("payment", [True, False])
def test_third_party_payment_is_told(ctap, payment):
    made = make(ctap, extensions={"thirdPartyPayment": True} if payment else None)
    assert outputs(get(ctap, made, extensions={"thirdPartyPayment": True})) == {"thirdPartyPayment": payment}


# --- together ---


def test_all_at_once(pin_ctap):
    extensions, open_output = salted(pin_ctap, SALT)
    both = {"largeBlobKey": True, "thirdPartyPayment": True}
    wanted = {"credProtect": 2, "hmac-secret": True, "credBlob": b"blob", **both}
    made = make(pin_ctap, extensions=wanted, formats=["packed"], **verified(pin_ctap, MC))
    told = outputs(made)
    assert (told["credProtect"], told["hmac-secret"], told["credBlob"]) == (2, True, True)
    asked = {**extensions, "credBlob": True, **both}
    assertion = get(pin_ctap, made, extensions=asked, **verified(pin_ctap, GA))
    assert_signed(assertion, made)
    told = outputs(assertion)
    assert (told["credBlob"], told["thirdPartyPayment"]) == (b"blob", True)
    assert assertion.large_blob_key == made.large_blob_key
    assert len(open_output(assertion)) == 32
