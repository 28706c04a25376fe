"""authenticatorClientPIN (CTAP §6.5)."""

import pytest
from fido2.ctap2.pin import ClientPin, PinProtocolV1, PinProtocolV2
from fido2.utils import sha256

from ceremonies import (
    ACFG, CM, ERR, GA, LBW, MC, PCMR, PERMISSION, PIN, RP_ID, get, make, proof, refused, token, verified,
)

NEW_PIN = "battery staple"
WRONG_PIN = "incorrect horse"


def set_raw_pin(ctap, padded, protocol):
    """setPIN with a newPin that python-fido2 would not send."""
    key_agreement, secret = ClientPin(ctap, protocol)._get_shared_secret()
    new_pin_enc = protocol.encrypt(secret, padded)
    param = protocol.authenticate(secret, new_pin_enc)
    members = {"key_agreement": key_agreement, "new_pin_enc": new_pin_enc, "pin_uv_param": param}
    ctap.client_pin(protocol.VERSION, ClientPin.CMD.SET_PIN, **members)


def get_raw_token(ctap, command, protocol=None, **members):
    """One of the sub-commands that give a token, with any members."""
    protocol = protocol or PinProtocolV2()
    key_agreement, secret = ClientPin(ctap, protocol)._get_shared_secret()
    pin_hash_enc = protocol.encrypt(secret, sha256(PIN.encode())[:16])
    return ctap.client_pin(protocol.VERSION, command, key_agreement=key_agreement, pin_hash_enc=pin_hash_enc, **members)


def public_key(ctap, protocol):
    """getKeyAgreement."""
    return ctap.client_pin(protocol.VERSION, ClientPin.CMD.GET_KEY_AGREEMENT)[1]


def try_pins(ctap, *attempts):
    """Each wrong PIN, and the status that it is refused with."""
    for status in attempts:
        with refused(status):
            token(ctap, GA, RP_ID, pin=WRONG_PIN)


# --- the first PIN ---


def test_a_pin_is_set_and_then_used(ctap, protocol, connect):
    assert ctap.info.options["clientPin"] is False
    ClientPin(ctap, protocol).set_pin(PIN)
    ctap = connect()
    assert ctap.info.options["clientPin"] is True
    make(ctap, **verified(ctap, MC, protocol=protocol))


def test_a_pin_is_set_once(pin_ctap, protocol):
    with refused(ERR.PIN_AUTH_INVALID):
        ClientPin(pin_ctap, protocol).set_pin(NEW_PIN)
    token(pin_ctap, GA, RP_ID)


def test_without_a_pin_there_is_no_token(ctap):
    with refused(ERR.PIN_NOT_SET):
        token(ctap, GA, RP_ID)
    assert ClientPin(ctap).get_pin_retries() == (8, False)


@pytest.mark.parametrize("text", ["", "123", "πππ"], ids=["empty", "three digits", "three letters in six bytes"])
def test_a_short_pin_breaks_the_policy(ctap, protocol, text):
    with refused(ERR.PIN_POLICY_VIOLATION):
        set_raw_pin(ctap, text.encode().ljust(64, b"\0"), protocol)
    assert ctap.get_info().options["clientPin"] is False


def test_a_pin_has_63_bytes_at_most(ctap, protocol):
    with refused(ERR.PIN_POLICY_VIOLATION):
        set_raw_pin(ctap, b"1" * 64, protocol)
    with refused(ERR.INVALID_PARAMETER):
        set_raw_pin(ctap, b"1234".ljust(80, b"\0"), protocol)
    longest = "ä" * 31 + "1"
    ClientPin(ctap, protocol).set_pin(longest)
    token(ctap, GA, RP_ID, pin=longest)


def test_a_new_pin_must_be_authentic(ctap, protocol):
    key_agreement, secret = ClientPin(ctap, protocol)._get_shared_secret()
    new_pin_enc = protocol.encrypt(secret, b"1234".ljust(64, b"\0"))
    with refused(ERR.PIN_AUTH_INVALID):
        ctap.client_pin(
            protocol.VERSION, ClientPin.CMD.SET_PIN, key_agreement=key_agreement, new_pin_enc=new_pin_enc,
            pin_uv_param=protocol.authenticate(secret, b"something else"),
        )
    assert ctap.get_info().options["clientPin"] is False


# --- wrong PINs ---


def test_a_wrong_pin_costs_a_try_and_the_right_one_gives_it_back(pin_ctap, protocol):
    client_pin = ClientPin(pin_ctap, protocol)
    assert client_pin.get_pin_retries() == (8, False)
    with refused(ERR.PIN_INVALID):
        client_pin.get_pin_token(WRONG_PIN, GA, RP_ID)
    assert client_pin.get_pin_retries() == (7, False)
    client_pin.get_pin_token(PIN, GA, RP_ID)
    assert client_pin.get_pin_retries() == (8, False)


def test_a_wrong_pin_costs_the_key_agreement_key(pin_ctap, protocol):
    client_pin = ClientPin(pin_ctap, protocol)
    before = public_key(pin_ctap, protocol)
    assert public_key(pin_ctap, protocol) == before
    with refused(ERR.PIN_INVALID):
        client_pin.get_pin_token(WRONG_PIN, GA, RP_ID)
    assert public_key(pin_ctap, protocol) != before


def test_three_wrong_pins_need_a_new_session(pin_ctap, connect):
    try_pins(pin_ctap, ERR.PIN_INVALID, ERR.PIN_INVALID, ERR.PIN_AUTH_BLOCKED)
    with refused(ERR.PIN_AUTH_BLOCKED):
        token(pin_ctap, GA, RP_ID)
    assert ClientPin(pin_ctap).get_pin_retries() == (5, True)
    ctap = connect()
    assert ClientPin(ctap).get_pin_retries() == (5, False)
    token(ctap, GA, RP_ID)
    assert ClientPin(ctap).get_pin_retries() == (8, False)


def test_eight_wrong_pins_lock_it(pin_ctap, connect):
    try_pins(pin_ctap, ERR.PIN_INVALID, ERR.PIN_INVALID, ERR.PIN_AUTH_BLOCKED)
    try_pins(connect(), ERR.PIN_INVALID, ERR.PIN_INVALID, ERR.PIN_AUTH_BLOCKED)
    try_pins(connect(), ERR.PIN_INVALID, ERR.PIN_BLOCKED, ERR.PIN_BLOCKED)
    ctap = connect()
    assert ClientPin(ctap).get_pin_retries()[0] == 0
    with refused(ERR.PIN_BLOCKED):
        token(ctap, GA, RP_ID)
    with refused(ERR.PIN_BLOCKED):
        ClientPin(ctap).change_pin(PIN, NEW_PIN)


# --- another PIN ---


def test_the_pin_is_changed(pin_ctap, protocol, connect):
    ClientPin(pin_ctap, protocol).change_pin(PIN, NEW_PIN)
    ctap = connect()
    with refused(ERR.PIN_INVALID):
        token(ctap, GA, RP_ID, pin=PIN)
    token(ctap, GA, RP_ID, pin=NEW_PIN)


def test_a_wrong_pin_changes_nothing(pin_ctap, protocol):
    with refused(ERR.PIN_INVALID):
        ClientPin(pin_ctap, protocol).change_pin(WRONG_PIN, NEW_PIN)
    assert ClientPin(pin_ctap).get_pin_retries() == (7, False)
    token(pin_ctap, GA, RP_ID)


def test_another_pin_ends_the_token_of_the_old_one(pin_ctap):
    once = verified(pin_ctap, MC)
    ClientPin(pin_ctap).change_pin(PIN, NEW_PIN)
    with refused(ERR.PIN_AUTH_INVALID):
        make(pin_ctap, **once)


# --- tokens ---


def test_a_new_token_ends_the_one_before(pin_ctap):
    once = verified(pin_ctap, MC)
    verified(pin_ctap, MC)
    with refused(ERR.PIN_AUTH_INVALID):
        make(pin_ctap, **once)


@pytest.mark.parametrize("permission", [MC, GA])
def test_the_token_of_ctap_2_0_is_for_both_ceremonies(pin_ctap, protocol, permission):
    make(pin_ctap)
    pin_token = ClientPin(pin_ctap, protocol).get_pin_token(PIN)
    ceremony = make if permission == MC else get
    ceremony(pin_ctap, **proof(pin_token, protocol=protocol))


def test_the_token_of_ctap_2_0_is_bound_by_its_first_use(pin_ctap):
    made = make(pin_ctap)
    pin_token = ClientPin(pin_ctap).get_pin_token(PIN)
    get(pin_ctap, made, options={"up": False}, **proof(pin_token))
    with refused(ERR.PIN_AUTH_INVALID):
        make(pin_ctap, rp_id="example.org", **proof(pin_token))


def test_the_token_of_ctap_2_0_takes_no_permissions(pin_ctap):
    legacy = ClientPin.CMD.GET_TOKEN_USING_PIN_LEGACY
    for members in ({"permissions": MC}, {"permissions_rpid": RP_ID}):
        with refused(ERR.INVALID_PARAMETER):
            get_raw_token(pin_ctap, legacy, **members)


def test_permissions_that_cannot_be(pin_ctap):
    using_pin = ClientPin.CMD.GET_TOKEN_USING_PIN
    with refused(ERR.INVALID_PARAMETER):
        get_raw_token(pin_ctap, using_pin, permissions=0, permissions_rpid=RP_ID)
    with refused(ERR.UNAUTHORIZED_PERMISSION):
        get_raw_token(pin_ctap, using_pin, permissions=PERMISSION.BIO_ENROLL)
    with refused(ERR.UNAUTHORIZED_PERMISSION):
        get_raw_token(pin_ctap, using_pin, permissions=PCMR | CM)
    with refused(ERR.MISSING_PARAMETER):
        get_raw_token(pin_ctap, using_pin)
    for permission in (MC, GA):
        with refused(ERR.MISSING_PARAMETER):
            get_raw_token(pin_ctap, using_pin, permissions=permission)


@pytest.mark.parametrize("permission", [CM, LBW, ACFG, CM | LBW | ACFG])
def test_these_permissions_need_no_rp(pin_ctap, permission):
    token(pin_ctap, permission)


def test_a_key_off_the_curve_is_refused(pin_ctap, protocol):
    key_agreement, secret = ClientPin(pin_ctap, protocol)._get_shared_secret()
    with refused(ERR.INVALID_PARAMETER):
        pin_ctap.client_pin(
            protocol.VERSION, ClientPin.CMD.GET_TOKEN_USING_PIN, key_agreement={**key_agreement, -3: b"\1" * 32},
            pin_hash_enc=protocol.encrypt(secret, sha256(PIN.encode())[:16]), permissions=GA, permissions_rpid=RP_ID,
        )
    assert ClientPin(pin_ctap).get_pin_retries() == (8, False)


def test_sub_commands_and_protocols_that_are_not_there(ctap):
    with refused(ERR.INVALID_SUBCOMMAND):
        ctap.client_pin(2, 0x63)
    with refused(ERR.INVALID_PARAMETER):
        ctap.client_pin(3, ClientPin.CMD.GET_KEY_AGREEMENT)
    with refused(ERR.MISSING_PARAMETER):
        ctap.client_pin(None, ClientPin.CMD.GET_KEY_AGREEMENT)


def test_the_protocols_have_keys_of_their_own(ctap):
    assert public_key(ctap, PinProtocolV1) != public_key(ctap, PinProtocolV2)


def test_there_is_no_built_in_user_verification_here(pin_ctap):
    assert not pin_ctap.info.options.get("uv")
    assert ClientPin(pin_ctap).get_uv_retries() > 0
    with refused(ERR.NOT_ALLOWED):
        ClientPin(pin_ctap).get_uv_token(GA, RP_ID)
