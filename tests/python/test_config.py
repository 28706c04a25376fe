"""authenticatorConfig (CTAP §6.11), and the extension minPinLength (CTAP §12.5)."""

import pytest
from fido2.ctap2.config import Config
from fido2.ctap2.pin import ClientPin, PinProtocolV2

from ceremonies import (
    ACFG, CM, ERR, GA, MC, PIN, RP_ID, assert_signed, get, make, refused, token, verified,
)

NEW_PIN = "battery staple"


def config(ctap, protocol=None, permissions=ACFG, rp_id=None, pin=PIN):
    """authenticatorConfig with a token for it."""
    protocol = protocol or PinProtocolV2()
    return Config(ctap, protocol, token(ctap, permissions, rp_id, protocol, pin))


# --- toggleAlwaysUv ---


def test_always_uv_is_turned_on_and_off(pin_ctap, protocol, connect):
    config(pin_ctap, protocol).toggle_always_uv()
    options = connect().info.options
    assert options["alwaysUv"] is True
    assert not options.get("makeCredUvNotRqd")
    ctap = connect()
    config(ctap, protocol).toggle_always_uv()
    options = connect().info.options
    assert (options["alwaysUv"], options["makeCredUvNotRqd"]) == (False, True)


def test_always_uv_means_every_ceremony(pin_ctap):
    made = make(pin_ctap)
    config(pin_ctap).toggle_always_uv()
    for options in ({"rk": True}, {"rk": False}):
        with refused(ERR.PUAT_REQUIRED):
            make(pin_ctap, "bob", options=options)
    for credentials in ([], [made]):
        with refused(ERR.PUAT_REQUIRED):
            get(pin_ctap, *credentials)
    assert_signed(get(pin_ctap, **verified(pin_ctap, GA)), made)
    make(pin_ctap, "bob", **verified(pin_ctap, MC))
    config(pin_ctap).toggle_always_uv()
    make(pin_ctap, "carol")


def test_a_look_without_presence_needs_no_verification(pin_ctap):
    made = make(pin_ctap)
    config(pin_ctap).toggle_always_uv()
    assert_signed(get(pin_ctap, made, options={"up": False}), made)


# --- setMinPINLength ---


def test_the_shortest_pin_only_grows(pin_ctap, protocol, connect):
    config(pin_ctap, protocol).set_min_pin_length(8)
    ctap = connect()
    assert ctap.info.min_pin_length == 8
    for length in (7, 4):
        with refused(ERR.PIN_POLICY_VIOLATION):
            config(ctap, protocol).set_min_pin_length(length)
    config(ctap, protocol).set_min_pin_length(8)
    config(ctap, protocol).set_min_pin_length(9)
    assert ctap.get_info().min_pin_length == 9


def test_a_new_pin_must_be_that_long(pin_ctap):
    config(pin_ctap).set_min_pin_length(10)
    with refused(ERR.PIN_POLICY_VIOLATION):
        ClientPin(pin_ctap).change_pin(PIN, "123456789")
    ClientPin(pin_ctap).change_pin(PIN, "1234567890")
    token(pin_ctap, GA, RP_ID, pin="1234567890")


def test_the_first_pin_too(ctap):
    Config(ctap).set_min_pin_length(6)
    with refused(ERR.PIN_POLICY_VIOLATION):
        ClientPin(ctap).set_pin("12345")
    ClientPin(ctap).set_pin("123456")


def test_a_pin_that_is_now_too_short_must_be_changed(pin_ctap, connect):
    config(pin_ctap).set_min_pin_length(len(PIN))
    assert pin_ctap.get_info().force_pin_change is False
    config(pin_ctap).set_min_pin_length(len(PIN) + 1)
    assert connect().info.force_pin_change is True


def test_a_length_that_no_pin_can_have(pin_ctap):
    with refused(ERR.PIN_POLICY_VIOLATION):
        config(pin_ctap).set_min_pin_length(64)
    assert pin_ctap.get_info().min_pin_length == 4


# --- forceChangePin ---


def test_a_pin_that_must_be_changed_gives_no_token(pin_ctap, connect):
    config(pin_ctap).set_min_pin_length(force_change_pin=True)
    ctap = connect()
    assert ctap.info.force_pin_change is True
    with refused(ERR.PIN_POLICY_VIOLATION):
        token(ctap, GA, RP_ID)
    with refused(ERR.PIN_INVALID):
        ClientPin(ctap).get_pin_token(PIN)
    with refused(ERR.PIN_POLICY_VIOLATION):
        ClientPin(ctap).change_pin(PIN, PIN)
    ClientPin(ctap).change_pin(PIN, NEW_PIN)
    assert ctap.get_info().force_pin_change is False
    token(ctap, GA, RP_ID, pin=NEW_PIN)


def test_where_there_is_no_pin_there_is_none_to_change(ctap):
    with refused(ERR.PIN_NOT_SET):
        Config(ctap).set_min_pin_length(force_change_pin=True)
    assert ctap.get_info().force_pin_change is False


# --- minPinLength ---


def test_the_rps_that_are_listed_learn_the_shortest_pin(pin_ctap, connect):
    asking = {"extensions": {"minPinLength": True}}
    assert make(pin_ctap, **asking).auth_data.extensions is None
    config(pin_ctap).set_min_pin_length(5, [RP_ID])
    ctap = connect()
    assert make(ctap, **asking).auth_data.extensions == {"minPinLength": 5}
    assert make(ctap).auth_data.extensions is None
    assert make(ctap, rp_id="example.org", **asking).auth_data.extensions is None


def test_a_new_list_of_rps_replaces_the_one_before(pin_ctap):
    config(pin_ctap).set_min_pin_length(rp_ids=[RP_ID])
    config(pin_ctap).set_min_pin_length(rp_ids=["example.org"])
    asking = {"extensions": {"minPinLength": True}}
    assert make(pin_ctap, **asking).auth_data.extensions is None
    assert make(pin_ctap, rp_id="example.org", **asking).auth_data.extensions == {"minPinLength": 4}
    config(pin_ctap).set_min_pin_length(6)
    assert make(pin_ctap, rp_id="example.org", **asking).auth_data.extensions == {"minPinLength": 6}


def test_as_many_rps_as_get_info_says(pin_ctap):
    most = pin_ctap.info.max_rpids_for_min_pin
    config(pin_ctap).set_min_pin_length(rp_ids=[f"{number}.example" for number in range(most)])
    with refused(ERR.KEY_STORE_FULL):
        config(pin_ctap).set_min_pin_length(rp_ids=[f"{number}.example" for number in range(most + 1)])


# --- tokens ---

CALLS = {"always": lambda config: config.toggle_always_uv(), "length": lambda config: config.set_min_pin_length(8)}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_where_there_is_a_pin_it_takes_a_token_for_it(pin_ctap, call):
    with refused(ERR.PUAT_REQUIRED):
        call(Config(pin_ctap))
    for permissions in (CM, MC | GA):
        with refused(ERR.PIN_AUTH_INVALID):
            call(config(pin_ctap, permissions=permissions, rp_id=RP_ID))
    info = pin_ctap.get_info()
    assert (info.options["alwaysUv"], info.min_pin_length) == (False, 4)


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_proof_is_of_its_own_message(pin_ctap, call):
    changing = config(pin_ctap)
    authenticate = changing.pin_uv.protocol.authenticate
    changing.pin_uv.protocol.authenticate = lambda key, message: authenticate(key, message[32:])
    with refused(ERR.PIN_AUTH_INVALID):
        call(changing)


@pytest.mark.parametrize("sub_command", [0x01, 0x04, 0x63, 0xFF])
def test_sub_commands_that_are_not_there(ctap, sub_command):
    with refused(ERR.INVALID_PARAMETER):
        ctap.config(sub_command)
