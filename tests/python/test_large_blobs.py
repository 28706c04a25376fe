"""authenticatorLargeBlobs (CTAP §6.10) and the extension largeBlobKey (CTAP §12.3)."""

import os

import pytest
from fido2 import cbor
from fido2.ctap2.base import args
from fido2.ctap2.blob import LargeBlobs
from fido2.ctap2.pin import PinProtocolV2
from fido2.utils import sha256

from ceremonies import CM, ERR, GA, LBW, MC, RP_ID, get, make, proof, refused, token

EMPTY = b"\x80" + sha256(b"\x80")[:16]
KEY = {"largeBlobKey": True}


def blobs(ctap, protocol=None):
    """The array, with a token to write it."""
    protocol = protocol or PinProtocolV2()
    return LargeBlobs(ctap, protocol, token(ctap, LBW, protocol=protocol))


def serialized(array):
    """The array as it is written."""
    data = cbor.encode(array)
    return data + sha256(data)[:16]


def send(ctap, get=None, set=None, offset=None, length=None):
    """The command with any members."""
    return ctap.send_cbor(ctap.CMD.LARGE_BLOBS, args(get, set, offset, length))


# --- the extension ---


def test_a_passkey_has_a_key_where_one_is_asked_for(ctap):
    made, plain = make(ctap, "alice", extensions=KEY), make(ctap, "bob")
    assert len(made.large_blob_key) == 32
    assert get(ctap, made, extensions=KEY).large_blob_key == made.large_blob_key
    assert get(ctap, made).large_blob_key is None
    assert plain.large_blob_key is None
    assert get(ctap, plain, extensions=KEY).large_blob_key is None
    assert make(ctap, "carol", extensions=KEY).large_blob_key != made.large_blob_key


def test_the_extension_takes_true_alone(ctap):
    made = make(ctap, extensions=KEY)
    with refused(ERR.INVALID_OPTION):
        make(ctap, "bob", extensions={"largeBlobKey": False})
    with refused(ERR.INVALID_OPTION):
        get(ctap, made, extensions={"largeBlobKey": False})


def test_only_what_is_discoverable_has_a_key(ctap):
    with refused(ERR.INVALID_OPTION):
        make(ctap, options={"rk": False}, extensions=KEY)


# --- reading and writing ---


def test_at_first_there_is_an_empty_array(ctap):
    assert send(ctap, get=1024, offset=0) == {1: EMPTY}
    assert LargeBlobs(ctap).read_blob_array() == []


def test_two_passkeys_keep_a_blob_each(pin_ctap, protocol, connect):
    alice, bob = (make(pin_ctap, name, extensions=KEY).large_blob_key for name in ("alice", "bob"))
    blobs(pin_ctap, protocol).put_blob(alice, b"of alice")
    blobs(pin_ctap, protocol).put_blob(bob, b"of bob")
    ctap = connect()
    assert LargeBlobs(ctap).get_blob(alice) == b"of alice"
    assert LargeBlobs(ctap).get_blob(bob) == b"of bob"
    blobs(ctap, protocol).put_blob(alice, b"another of alice")
    blobs(ctap, protocol).delete_blob(bob)
    assert LargeBlobs(ctap).get_blob(alice) == b"another of alice"
    assert LargeBlobs(ctap).get_blob(bob) is None
    blobs(ctap, protocol).delete_blob(alice)
    assert send(ctap, get=1024, offset=0) == {1: EMPTY}


def test_in_fragments(pin_ctap):
    made = make(pin_ctap, extensions=KEY)
    array = blobs(pin_ctap)
    array.max_fragment_length = 64
    data = os.urandom(700)  # does not compress
    array.put_blob(made.large_blob_key, data)
    assert array.get_blob(made.large_blob_key) == data
    assert LargeBlobs(pin_ctap).get_blob(made.large_blob_key) == data


def test_a_blob_as_long_as_get_info_says(pin_ctap):
    made = make(pin_ctap, extensions=KEY)
    array = blobs(pin_ctap)
    data = os.urandom(pin_ctap.info.max_large_blob - 1024)  # does not compress, and there is something around it
    array.put_blob(made.large_blob_key, data)
    assert array.get_blob(made.large_blob_key) == data


def test_without_a_pin_writing_takes_no_token(ctap):
    made = make(ctap, extensions=KEY)
    LargeBlobs(ctap).put_blob(made.large_blob_key, b"blob")
    assert LargeBlobs(ctap).get_blob(made.large_blob_key) == b"blob"


def test_a_passkey_that_goes_leaves_the_others_blobs(ctap):
    alice, bob = make(ctap, "alice", extensions=KEY), make(ctap, "bob", extensions=KEY)
    for made in (alice, bob):
        LargeBlobs(ctap).put_blob(made.large_blob_key, b"blob")
    make(ctap, "alice", extensions=KEY)
    assert LargeBlobs(ctap).get_blob(bob.large_blob_key) == b"blob"


# --- what is refused ---


def test_writing_takes_a_token_for_it(pin_ctap):
    made = make(pin_ctap, extensions=KEY)
    with refused(ERR.PUAT_REQUIRED):
        LargeBlobs(pin_ctap).put_blob(made.large_blob_key, b"blob")
    for permissions in (CM, MC | GA):
        pin_token = token(pin_ctap, permissions, RP_ID)
        with refused(ERR.PIN_AUTH_INVALID):
            LargeBlobs(pin_ctap, PinProtocolV2(), pin_token).put_blob(made.large_blob_key, b"blob")
    assert send(pin_ctap, get=1024, offset=0) == {1: EMPTY}


def test_the_token_of_a_ceremony_still_writes(pin_ctap):
    made = make(pin_ctap, extensions=KEY)
    pin_token = token(pin_ctap, GA | LBW, RP_ID)
    assertion = get(pin_ctap, extensions=KEY, **proof(pin_token))
    LargeBlobs(pin_ctap, PinProtocolV2(), pin_token).put_blob(assertion.large_blob_key, b"blob")
    assert LargeBlobs(pin_ctap).get_blob(made.large_blob_key) == b"blob"


def test_the_proof_is_of_the_fragment(pin_ctap):
    array = blobs(pin_ctap)
    authenticate = array.pin_uv.protocol.authenticate
    array.pin_uv.protocol.authenticate = lambda key, message: authenticate(key, message[:-32] + sha256(b"another"))
    with refused(ERR.PIN_AUTH_INVALID):
        array.write_blob_array([])


def test_the_checksum_must_fit(ctap):
    data = serialized([])[:-1] + b"\0"
    with refused(ERR.INTEGRITY_FAILURE):
        send(ctap, set=data, offset=0, length=len(data))
    assert send(ctap, get=1024, offset=0) == {1: EMPTY}


def test_fragments_come_in_order(ctap):
    data = serialized([{1: b"\0" * 40, 2: b"\0" * 12, 3: 40}])
    with refused(ERR.INVALID_SEQ):
        send(ctap, set=data[:20], offset=20)
    send(ctap, set=data[:20], offset=0, length=len(data))
    for offset in (10, 30):
        with refused(ERR.INVALID_SEQ):
            send(ctap, set=data[offset:], offset=offset)
    assert send(ctap, get=1024, offset=0) == {1: EMPTY}


def test_a_row_of_fragments_ends_with_the_session(ctap, connect):
    data = serialized([])
    send(ctap, set=data[:10], offset=0, length=len(data))
    ctap = connect()
    with refused(ERR.INVALID_SEQ):
        send(ctap, set=data[10:], offset=10)
    assert send(ctap, get=1024, offset=0) == {1: EMPTY}


def test_an_array_that_is_too_long(ctap):
    with refused(ERR.LARGE_BLOB_STORAGE_FULL):
        send(ctap, set=b"\x80", offset=0, length=ctap.info.max_large_blob + 1)


@pytest.mark.parametrize(
    "members",
    [
        {"offset": 0},
        {"get": 17},
        {"get": 17, "set": EMPTY, "offset": 0, "length": 17},
        {"get": 17, "offset": 0, "length": 17},
        {"get": 17, "offset": 18},
        {"set": EMPTY, "offset": 0},
        {"set": EMPTY[:16], "offset": 0, "length": 16},
        {"set": EMPTY + b"\0", "offset": 0, "length": 17},
        {"set": EMPTY, "offset": 1, "length": 17},
    ],
    ids=lambda members: ", ".join(members),
)
def test_parameters_that_cannot_be(ctap, members):
    with refused(ERR.INVALID_PARAMETER):
        send(ctap, **members)


def test_a_fragment_is_shorter_than_a_message(ctap):
    with refused(ERR.INVALID_LENGTH):
        send(ctap, get=ctap.info.max_msg_size - 63, offset=0)
    assert send(ctap, get=ctap.info.max_msg_size - 64, offset=0) == {1: EMPTY}
