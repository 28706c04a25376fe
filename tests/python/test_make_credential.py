"""authenticatorMakeCredential (CTAP §6.1)."""

import pytest
from fido2 import cbor
from fido2.hid import CTAPHID
from fido2.webauthn import AuthenticatorData

from ceremonies import (
    ERR, ES256, GA, HASH, MC, RP_ID, assert_signed, credential_id, descriptor, get, make, proof, refused, token,
    user_entity, verified,
)

FLAG = AuthenticatorData.FLAG
SHORTEST = {1: HASH, 2: {"id": RP_ID}, 3: user_entity("alice"), 4: [{"type": "public-key", "alg": ES256}]}


def test_a_passkey_is_made(ctap):
    data = make(ctap).auth_data
    assert data.flags & (FLAG.UP | FLAG.UV | FLAG.AT | FLAG.ED) == FLAG.UP | FLAG.AT
    assert data.credential_data.aaguid == ctap.info.aaguid
    assert 16 <= len(data.credential_data.credential_id) <= ctap.info.max_cred_id_length


def test_each_passkey_has_its_own_id_and_key(ctap):
    first, second = make(ctap, "alice"), make(ctap, "bob")
    assert credential_id(first) != credential_id(second)
    assert first.auth_data.credential_data.public_key != second.auth_data.credential_data.public_key


def test_the_preferred_attestation_format_is_given(ctap):
    assert make(ctap, formats=["packed"]).fmt == "packed"
    assert make(ctap, formats=["none", "packed"]).fmt == "none"
    assert make(ctap, formats=["tpm", "packed", "none"]).fmt == "packed"
    assert set(ctap.info.attestation_formats) == {"packed", "none"}


def test_without_a_preference_a_passkey_attests_itself(ctap):
    made = make(ctap)
    assert made.fmt == "packed"
    assert set(made.att_stmt) == {"alg", "sig"}
    assert made.ep_att is None


# --- the exclude list ---


def test_an_excluded_credential_is_told(ctap):
    made = make(ctap)
    with refused(ERR.CREDENTIAL_EXCLUDED):
        make(ctap, "bob", exclude_list=[descriptor(made)])
    unknown = {"type": "public-key", "id": b"\0" * 32}
    with refused(ERR.CREDENTIAL_EXCLUDED):
        make(ctap, "bob", exclude_list=[unknown, descriptor(made)])
    make(ctap, "bob", exclude_list=[unknown])


def test_the_exclude_list_is_of_one_rp(ctap):
    made = make(ctap)
    make(ctap, rp_id="example.org", exclude_list=[descriptor(made)])


# --- discoverable or not ---


def test_a_second_passkey_for_one_account_takes_the_place_of_the_first(ctap):
    first, second = make(ctap), make(ctap)
    assertion = get(ctap)
    assert_signed(assertion, second)
    assert assertion.number_of_credentials is None
    with refused(ERR.NO_CREDENTIALS):
        get(ctap, first)


@pytest.mark.parametrize("options", [{"rk": False}, {}])
def test_what_is_not_discoverable_signs_for_an_allow_list_alone(ctap, options):
    made = make(ctap, options=options)
    with refused(ERR.NO_CREDENTIALS):
        get(ctap)
    assert_signed(get(ctap, made), made)


def test_what_is_not_discoverable_replaces_nothing(ctap):
    discoverable = make(ctap)
    first, second = make(ctap, options={"rk": False}), make(ctap, options={"rk": False})
    for made in (discoverable, first, second):
        assert_signed(get(ctap, made), made)
    assert_signed(get(ctap), discoverable)


def test_what_is_not_discoverable_is_excluded_too(ctap):
    made = make(ctap, options={"rk": False})
    with refused(ERR.CREDENTIAL_EXCLUDED):
        make(ctap, "bob", exclude_list=[descriptor(made)])


# --- options and members ---


def test_options_that_cannot_be(ctap):
    with refused(ERR.INVALID_OPTION):
        make(ctap, options={"rk": True, "up": False})
    with refused(ERR.INVALID_OPTION):
        make(ctap, options={"rk": True, "uv": True})
    make(ctap, options={"rk": True, "up": True, "uv": False, "unheard": True})


def test_there_is_no_enterprise_attestation(ctap):
    with refused(ERR.INVALID_PARAMETER):
        make(ctap, enterprise_attestation=1)


@pytest.mark.parametrize("member", [1, 2, 3, 4])
def test_a_member_that_is_missing(ctap, member):
    ctap.send_cbor(ctap.CMD.MAKE_CREDENTIAL, SHORTEST)
    with refused(ERR.MISSING_PARAMETER):
        ctap.send_cbor(ctap.CMD.MAKE_CREDENTIAL, {key: value for key, value in SHORTEST.items() if key != member})


@pytest.mark.parametrize("member", [1, 2, 3, 4, 5, 6, 7, 8])
def test_a_member_of_the_wrong_type(ctap, member):
    with refused(ERR.CBOR_UNEXPECTED_TYPE):
        ctap.send_cbor(ctap.CMD.MAKE_CREDENTIAL, {**SHORTEST, member: "text"})


DAMAGE = {
    "cut short": lambda data: data[:-1],
    "a byte too many": lambda data: data + b"\0",
    "of indefinite length": lambda data: b"\xbf" + data[1:] + b"\xff",
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_what_is_not_canonical_cbor(ctap, damage):
    request = cbor.encode(SHORTEST)
    assert ctap.device.call(CTAPHID.CBOR, bytes([ctap.CMD.MAKE_CREDENTIAL]) + request)[0] == 0
    answer = ctap.device.call(CTAPHID.CBOR, bytes([ctap.CMD.MAKE_CREDENTIAL]) + damage(request))
    assert answer == bytes([ERR.INVALID_CBOR])


def test_an_account_may_have_no_names(ctap):
    ctap.send_cbor(ctap.CMD.MAKE_CREDENTIAL, {**SHORTEST, 3: {"id": b"\x01" * 64}, 7: {"rk": True}})
    assert get(ctap).user == {"id": b"\x01" * 64}


# --- user verification ---


def test_with_the_pin_uv_is_set(pin_ctap, protocol):
    made = make(pin_ctap, formats=["packed"], **verified(pin_ctap, MC, protocol=protocol))
    assert made.auth_data.flags & (FLAG.UP | FLAG.UV) == FLAG.UP | FLAG.UV


def test_a_pin_that_is_set_need_not_be_used(pin_ctap):
    assert pin_ctap.info.options["makeCredUvNotRqd"]
    for options in ({"rk": True}, {"rk": False}):
        assert not make(pin_ctap, options=options).auth_data.flags & FLAG.UV


def test_a_token_is_good_for_one_ceremony(pin_ctap):
    once = verified(pin_ctap, MC | GA)
    make(pin_ctap, **once)
    with refused(ERR.PIN_AUTH_INVALID):
        make(pin_ctap, "bob", **once)
    with refused(ERR.PIN_AUTH_INVALID):
        get(pin_ctap, **once)


def test_a_token_is_for_its_permission_and_its_rp(pin_ctap):
    with refused(ERR.PIN_AUTH_INVALID):
        make(pin_ctap, **verified(pin_ctap, GA))
    with refused(ERR.PIN_AUTH_INVALID):
        make(pin_ctap, **verified(pin_ctap, MC, rp_id="example.org"))


def test_a_token_is_worth_nothing_in_the_next_session(pin_ctap, connect):
    once = verified(pin_ctap, MC)
    with refused(ERR.PIN_AUTH_INVALID):
        make(connect(), **once)


def test_the_proof_must_fit(pin_ctap):
    pin_token = token(pin_ctap, MC, RP_ID)
    with refused(ERR.PIN_AUTH_INVALID):
        make(pin_ctap, **proof(pin_token, b"\0" * 32))
    with refused(ERR.PIN_AUTH_INVALID):
        make(pin_ctap, **{**proof(pin_token), "pin_uv_protocol": 1})
    with refused(ERR.MISSING_PARAMETER):
        make(pin_ctap, pin_uv_param=b"\0" * 32)
    with refused(ERR.INVALID_PARAMETER):
        make(pin_ctap, pin_uv_param=b"\0" * 32, pin_uv_protocol=3)


def test_an_empty_proof_asks_whether_there_is_a_pin(ctap):
    with refused(ERR.PIN_NOT_SET):
        make(ctap, pin_uv_param=b"", pin_uv_protocol=2)


def test_an_empty_proof_is_wrong_where_there_is_one(pin_ctap):
    with refused(ERR.PIN_INVALID):
        make(pin_ctap, pin_uv_param=b"", pin_uv_protocol=2)
