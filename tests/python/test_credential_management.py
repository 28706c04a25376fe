"""authenticatorCredentialManagement (CTAP §6.8)."""

import pytest
from fido2.ctap2.credman import CredentialManagement
from fido2.ctap2.pin import ClientPin, PinProtocolV2
from fido2.utils import sha256

from ceremonies import (
    CM, ERR, GA, HASH, MC, PCMR, PIN, RP_ID, assert_signed, credential_id, descriptor, get, make, proof, refused, token,
    user_entity, verified,
)

RESULT = CredentialManagement.RESULT
OTHER_RP = "example.org"


def manager(ctap, permissions=CM, rp_id=None, protocol=None):
    """Credential management with a token for it."""
    protocol = protocol or PinProtocolV2()
    return CredentialManagement(ctap, protocol, token(ctap, permissions, rp_id, protocol))


def listed(management, rp_id=RP_ID):
    """The IDs that are listed for an RP."""
    return [found[RESULT.CREDENTIAL_ID]["id"] for found in management.enumerate_creds(sha256(rp_id.encode()))]


READING = {
    "metadata": lambda management, _: management.get_metadata(),
    "rps": lambda management, _: management.enumerate_rps_begin(),
    "credentials": lambda management, _: management.enumerate_creds_begin(sha256(RP_ID.encode())),
}
WRITING = {
    "update": lambda management, made: management.update_user_info(descriptor(made), user_entity("alice")),
    "delete": lambda management, made: management.delete_cred(descriptor(made)),
}
every_call = pytest.mark.parametrize("call", [*READING.values(), *WRITING.values()], ids=[*READING, *WRITING])


# --- reading ---


def test_an_empty_vault(pin_ctap, protocol):
    management = manager(pin_ctap, protocol=protocol)
    metadata = management.get_metadata()
    assert metadata[RESULT.EXISTING_CRED_COUNT] == 0
    assert metadata[RESULT.MAX_REMAINING_COUNT] > 0
    with refused(ERR.NO_CREDENTIALS):
        management.enumerate_rps_begin()
    with refused(ERR.NO_CREDENTIALS):
        management.enumerate_creds_begin(sha256(RP_ID.encode()))


def test_relying_parties_and_their_passkeys_are_listed(pin_ctap, protocol):
    made = {name: make(pin_ctap, name) for name in ("alice", "bob")}
    make(pin_ctap, "carol", rp_id=OTHER_RP)
    management = manager(pin_ctap, protocol=protocol)
    assert management.get_metadata()[RESULT.EXISTING_CRED_COUNT] == 3
    rps = management.enumerate_rps()
    assert rps[0][RESULT.TOTAL_RPS] == len(rps) == 2
    found = {rp[RESULT.RP]["id"]: rp[RESULT.RP_ID_HASH] for rp in rps}
    assert found == {rp_id: sha256(rp_id.encode()) for rp_id in (RP_ID, OTHER_RP)}
    credentials = management.enumerate_creds(found[RP_ID])
    assert credentials[0][RESULT.TOTAL_CREDENTIALS] == len(credentials) == 2
    users = {entry[RESULT.USER]["name"].split("@")[0]: entry for entry in credentials}
    for name, credential in made.items():
        assert users[name][RESULT.USER] == user_entity(name)
        assert users[name][RESULT.CREDENTIAL_ID] == descriptor(credential)
        assert users[name][RESULT.PUBLIC_KEY] == credential.auth_data.credential_data.public_key


def test_what_the_extensions_made_is_listed(pin_ctap):
    extensions = {"credProtect": 2, "largeBlobKey": True, "thirdPartyPayment": True}
    made = make(pin_ctap, extensions=extensions)
    make(pin_ctap, rp_id=OTHER_RP)
    management = manager(pin_ctap)
    (rich,) = management.enumerate_creds(sha256(RP_ID.encode()))
    assert rich[RESULT.CRED_PROTECT] == 2
    assert rich[RESULT.LARGE_BLOB_KEY] == made.large_blob_key
    assert rich[RESULT.THIRD_PARTY_PAYMENT] is True
    (plain,) = management.enumerate_creds(sha256(OTHER_RP.encode()))
    assert plain[RESULT.CRED_PROTECT] == 1
    assert RESULT.LARGE_BLOB_KEY not in plain
    assert plain.get(RESULT.THIRD_PARTY_PAYMENT, False) is False


def test_what_is_not_discoverable_is_not_listed(pin_ctap):
    make(pin_ctap, options={"rk": False})
    management = manager(pin_ctap)
    assert management.get_metadata()[RESULT.EXISTING_CRED_COUNT] == 0
    assert management.enumerate_rps() == []


def test_next_needs_a_begin(pin_ctap):
    for name in ("alice", "bob", "carol"):
        make(pin_ctap, name)
        make(pin_ctap, rp_id=f"{name}.example")
    management = manager(pin_ctap)
    for step in (management.enumerate_rps_next, management.enumerate_creds_next):
        with refused(ERR.NOT_ALLOWED):
            step()
    management.enumerate_creds(sha256(RP_ID.encode()))
    with refused(ERR.NOT_ALLOWED):
        management.enumerate_creds_next()
    management.enumerate_rps()
    with refused(ERR.NOT_ALLOWED):
        management.enumerate_rps_next()


def test_any_other_command_ends_the_row(pin_ctap):
    for rp_id in (RP_ID, OTHER_RP):
        make(pin_ctap, rp_id=rp_id)
    management = manager(pin_ctap)
    management.enumerate_rps_begin()
    pin_ctap.get_info()
    with refused(ERR.NOT_ALLOWED):
        management.enumerate_rps_next()


def test_sub_commands_that_are_not_there(pin_ctap):
    with refused(ERR.INVALID_SUBCOMMAND):
        pin_ctap.credential_mgmt(0x63)


# --- writing ---


def test_a_passkey_is_deleted(pin_ctap):
    alice, bob = make(pin_ctap, "alice"), make(pin_ctap, "bob")
    management = manager(pin_ctap)
    management.delete_cred(descriptor(bob))
    assert listed(management) == [credential_id(alice)]
    with refused(ERR.NO_CREDENTIALS):
        management.delete_cred(descriptor(bob))
    with refused(ERR.NO_CREDENTIALS):
        get(pin_ctap, bob)
    assert_signed(get(pin_ctap), alice)


def test_an_account_gets_other_names(pin_ctap):
    made, _other = make(pin_ctap, "alice"), make(pin_ctap, "bob")
    user = {**user_entity("alice"), "name": "a@example.com", "displayName": "A"}
    manager(pin_ctap).update_user_info(descriptor(made), user)
    found = manager(pin_ctap).enumerate_creds(sha256(RP_ID.encode()))
    assert user in [entry[RESULT.USER] for entry in found if entry[RESULT.CREDENTIAL_ID] == descriptor(made)]
    assertions = pin_ctap.get_assertions(RP_ID, HASH, **verified(pin_ctap, GA))
    assert [assertion.user for assertion in assertions] == [user_entity("bob"), user]


def test_a_name_that_is_left_out_is_removed(pin_ctap):
    made = make(pin_ctap)
    management = manager(pin_ctap)
    management.update_user_info(descriptor(made), {"id": user_entity("alice")["id"], "name": "a@example.com"})
    (found,) = management.enumerate_creds(sha256(RP_ID.encode()))
    assert found[RESULT.USER].get("displayName", "") == ""
    assert found[RESULT.USER]["name"] == "a@example.com"


def test_an_account_stays_the_same_account(pin_ctap):
    made = make(pin_ctap)
    management = manager(pin_ctap)
    with refused(ERR.INVALID_PARAMETER):
        management.update_user_info(descriptor(made), user_entity("bob"))
    with refused(ERR.NO_CREDENTIALS):
        management.update_user_info({"type": "public-key", "id": b"\0" * 32}, user_entity("alice"))


# --- tokens ---


@every_call
def test_without_a_token_nothing_is_told(pin_ctap, call):
    made = make(pin_ctap)
    management = manager(pin_ctap)
    send = pin_ctap.credential_mgmt
    pin_ctap.credential_mgmt = lambda sub_cmd, sub_cmd_params, **_proof: send(sub_cmd, sub_cmd_params)
    with refused(ERR.PUAT_REQUIRED):
        call(management, made)
    pin_ctap.credential_mgmt = send
    call(management, made)


@every_call
def test_a_token_for_something_else_is_refused(pin_ctap, call):
    made = make(pin_ctap)
    with refused(ERR.PIN_AUTH_INVALID):
        call(manager(pin_ctap, MC | GA, RP_ID), made)


@every_call
def test_a_proof_is_of_its_own_message(pin_ctap, call):
    made = make(pin_ctap)
    management = manager(pin_ctap)
    authenticate = management.pin_uv.protocol.authenticate
    management.pin_uv.protocol.authenticate = lambda key, message: authenticate(key, message + b"\0")
    with refused(ERR.PIN_AUTH_INVALID):
        call(management, made)


def test_a_token_bound_to_an_rp_sees_that_rp_alone(pin_ctap):
    here, there = make(pin_ctap), make(pin_ctap, rp_id=OTHER_RP)
    management = manager(pin_ctap, rp_id=RP_ID)
    for call in (management.get_metadata, management.enumerate_rps_begin, lambda: listed(management, OTHER_RP)):
        with refused(ERR.PIN_AUTH_INVALID):
            call()
    with refused(ERR.PIN_AUTH_INVALID):
        management.delete_cred(descriptor(there))
    with refused(ERR.PIN_AUTH_INVALID):
        management.update_user_info(descriptor(there), user_entity("alice"))
    assert listed(management) == [credential_id(here)]
    management.update_user_info(descriptor(here), user_entity("alice"))
    management.delete_cred(descriptor(here))


def test_a_ceremony_takes_the_other_permissions_away(pin_ctap):
    made = make(pin_ctap)
    pin_token = token(pin_ctap, GA | CM, RP_ID)
    management = CredentialManagement(pin_ctap, PinProtocolV2(), pin_token)
    assert listed(management) == [credential_id(made)]
    get(pin_ctap, **proof(pin_token))
    with refused(ERR.PIN_AUTH_INVALID):
        listed(management)


# --- the token that only reads, and lasts ---


def test_a_reading_token_reads_and_writes_nothing(pin_ctap, protocol):
    made = make(pin_ctap)
    management = manager(pin_ctap, PCMR, protocol=protocol)
    for call in READING.values():
        call(management, made)
    for call in WRITING.values():
        with refused(ERR.PIN_AUTH_INVALID):
            call(management, made)
    assert_signed(get(pin_ctap), made)


def test_a_reading_token_lasts_over_sessions_and_other_tokens(pin_ctap, connect):
    made = make(pin_ctap)
    pin_token = token(pin_ctap, PCMR)
    ctap = connect()
    management = CredentialManagement(ctap, PinProtocolV2(), pin_token)
    assert listed(management) == [credential_id(made)]
    make(ctap, **verified(ctap, MC))
    token(ctap, PCMR)
    assert management.get_metadata()[RESULT.EXISTING_CRED_COUNT] == 1


def test_another_pin_ends_a_reading_token(pin_ctap):
    make(pin_ctap)
    management = manager(pin_ctap, PCMR)
    ClientPin(pin_ctap).change_pin(PIN, "battery staple")
    with refused(ERR.PIN_AUTH_INVALID):
        management.get_metadata()
