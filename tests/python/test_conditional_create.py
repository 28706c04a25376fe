"""What the extension asks of the host beside CTAP, seen from a CTAP client: a creation that nobody was asked for, and signals."""

from fido2 import cbor
from fido2.ctap2 import AttestationResponse
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import AuthenticatorData

from ceremonies import (
    ERR, ES256, HASH, RP_ID, assert_signed, credential_id, get, make, refused, user_entity,
)

FLAG = AuthenticatorData.FLAG
UNASKED = {"rk": True, "up": False}


def make_unasked(ctap, user="alice", options=UNASKED):
    """What the extension sends where a page may have a passkey without a question. Gives the status and the answer, if there is one."""
    algorithms = [{"type": "public-key", "alg": ES256}]
    parameters = {1: HASH, 2: {"id": RP_ID}, 3: user_entity(user), 4: algorithms, 7: options, 11: ["none"]}
    request = {"conditionalCreate": {"parameters": websafe_encode(cbor.encode(parameters))}}
    answer = websafe_decode(ctap.device.ask({"manage": request})["ok"]["conditionalCreate"]["answer"])
    made = AttestationResponse.from_dict(cbor.decode(answer[1:])) if answer[1:] else None
    return answer[0], made


def signal(ctap, **says):
    assert ctap.device.ask({"manage": {"signal": says}})["ok"] == {"signal": {}}


def test_what_nobody_was_asked_for_says_so_and_signs_like_any_other(ctap):
    status, made = make_unasked(ctap)
    assert status == 0 and made.fmt == "none"
    assert made.auth_data.flags & (FLAG.UP | FLAG.UV | FLAG.AT) == FLAG.AT
    assert_signed(get(ctap), made)


def test_a_ctap_client_gets_around_presence_neither_before_nor_after(ctap):
    with refused(ERR.INVALID_OPTION):
        make(ctap, options=UNASKED)
    make_unasked(ctap)
    with refused(ERR.INVALID_OPTION):
        make(ctap, "bob", options=UNASKED)
    assert make(ctap, "bob").auth_data.flags & FLAG.UP


def test_it_takes_no_passkey_s_place(ctap):
    first = make(ctap)
    assert make_unasked(ctap) == (ERR.CREDENTIAL_EXCLUDED, None)
    assert_signed(get(ctap), first)


def test_it_is_for_nothing_that_somebody_was_asked_for(ctap):
    for options in ({"rk": True}, {"rk": True, "up": True}, {"rk": True, "up": False, "uv": True}):
        assert make_unasked(ctap, options=options) == (ERR.INVALID_OPTION, None)
    with refused(ERR.NO_CREDENTIALS):
        get(ctap)


def test_what_a_site_no_longer_accepts_signs_no_more_until_it_does(ctap):
    made = make(ctap)
    user_id = websafe_encode(user_entity("alice")["id"])
    accepted = {"rpId": RP_ID, "userId": user_id, "allAcceptedCredentialIds": []}
    signal(ctap, allAcceptedCredentials=accepted)
    with refused(ERR.NO_CREDENTIALS):
        get(ctap, made)
    accepted["allAcceptedCredentialIds"] = [websafe_encode(credential_id(made))]
    signal(ctap, allAcceptedCredentials=accepted)
    assert_signed(get(ctap), made)


def test_a_signal_ends_what_a_message_could_go_on_with(ctap):
    make(ctap), make(ctap, "bob")
    assert get(ctap).number_of_credentials == 2
    signal(ctap, unknownCredential={"rpId": RP_ID, "credentialId": "AQID"})
    with refused(ERR.NOT_ALLOWED):
        ctap.get_next_assertion()
