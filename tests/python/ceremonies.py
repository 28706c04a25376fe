"""What most tests do: make a passkey, sign with it, prove the PIN, and be refused."""

from contextlib import contextmanager

import pytest
from fido2.attestation import Attestation
from fido2.ctap import CtapError
from fido2.ctap2 import AttestationResponse
from fido2.ctap2.base import args
from fido2.ctap2.pin import ClientPin, PinProtocolV2
from fido2.utils import sha256

ERR = CtapError.ERR
PERMISSION = ClientPin.PERMISSION
MC, GA = PERMISSION.MAKE_CREDENTIAL, PERMISSION.GET_ASSERTION
CM, PCMR = PERMISSION.CREDENTIAL_MGMT, PERMISSION.PERSISTENT_CREDENTIAL_MGMT
LBW, ACFG = PERMISSION.LARGE_BLOB_WRITE, PERMISSION.AUTHENTICATOR_CFG

RP_ID = "example.com"
HASH = sha256(b"the client data of every ceremony here")
PIN = "correct horse"
ES256 = -7


# --- ceremonies ---


def make(ctap, user="alice", rp_id=RP_ID, algorithms=(ES256,), options=None, formats=None, **members):
    """makeCredential of a discoverable credential; what comes back is verified."""
    request = args(
        HASH,
        {"id": rp_id, "name": f"{rp_id} Inc."},
        user_entity(user),
        [{"type": "public-key", "alg": algorithm} for algorithm in algorithms],
        members.pop("exclude_list", None),
        members.pop("extensions", None),
        {"rk": True} if options is None else options,
        members.pop("pin_uv_param", None),
        members.pop("pin_uv_protocol", None),
        members.pop("enterprise_attestation", None),
        formats,
    )
    assert not members, f"makeCredential has no {members}"
    made = AttestationResponse.from_dict(ctap.send_cbor(ctap.CMD.MAKE_CREDENTIAL, request))
    Attestation.for_type(made.fmt)().verify(made.att_stmt, made.auth_data, HASH)
    assert made.auth_data.rp_id_hash == sha256(rp_id.encode())
    assert made.auth_data.counter == 0
    return made


def user_entity(name):
    """The user handle is made of the name, so another name is another account."""
    return {"id": f"handle of {name}".encode(), "name": f"{name}@example.com", "displayName": name.title()}


def get(ctap, *credentials, rp_id=RP_ID, **members):
    """getAssertion; an allow list of `credentials`, if there are any."""
    allow_list = [descriptor(made) for made in credentials]
    return ctap.get_assertion(rp_id, HASH, allow_list or None, **members)


def assert_signed(assertion, made):
    """The assertion is of that credential: its ID, its RP, its key."""
    assert assertion.credential == descriptor(made)
    assert assertion.auth_data.rp_id_hash == made.auth_data.rp_id_hash
    assert assertion.auth_data.counter == 0
    assertion.verify(HASH, made.auth_data.credential_data.public_key)


def credential_id(made):
    """The ID of a credential that was made."""
    return made.auth_data.credential_data.credential_id


def descriptor(made):
    """PublicKeyCredentialDescriptor of a credential that was made."""
    return {"type": "public-key", "id": credential_id(made)}


# --- user verification ---


def token(ctap, permissions, rp_id=None, protocol=None, pin=PIN):
    """getPinUvAuthTokenUsingPinWithPermissions."""
    return ClientPin(ctap, protocol).get_pin_token(pin, permissions, rp_id)


def proof(pin_token, message=HASH, protocol=None):
    """The two members that carry pinUvAuthParam."""
    protocol = protocol or PinProtocolV2()
    return {"pin_uv_param": protocol.authenticate(pin_token, message), "pin_uv_protocol": protocol.VERSION}


def verified(ctap, permissions, rp_id=RP_ID, protocol=None):
    """The proof for one ceremony."""
    return proof(token(ctap, permissions, rp_id, protocol), protocol=protocol)


# --- refusals ---


@contextmanager
def refused(status):
    """What is done inside is refused with that status."""
    with pytest.raises(CtapError) as error:
        yield
    assert error.value.code == status
