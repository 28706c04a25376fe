"""authenticatorGetInfo (CTAP §6.4), and the commands that only say yes or no: selection and reset."""

import pytest
from fido2.hid import CTAPHID

from ceremonies import ERR, PCMR, assert_signed, get, make, refused, token

OPTIONS = {
    "alwaysUv": False,
    "authnrCfg": True,
    "clientPin": False,
    "credMgmt": True,
    "largeBlobs": True,
    "makeCredUvNotRqd": True,
    "perCredMgmtRO": True,
    "pinUvAuthToken": True,
    "plat": True,
    "rk": True,
    "setMinPINLength": True,
    "up": True,
}
EXTENSIONS = [
    "credBlob", "credProtect", "hmac-secret", "hmac-secret-mc", "largeBlobKey", "minPinLength", "thirdPartyPayment",
]


def test_versions(ctap):
    assert ctap.info.versions == ["FIDO_2_0", "FIDO_2_1", "FIDO_2_2"]


def test_options(ctap):
    built_in = {"uv", "uvAcfg"}  # there where the OS can verify users; nobody has switched it on
    assert not ctap.info.options.get("uv")
    assert {name: state for name, state in ctap.info.options.items() if name not in built_in} == OPTIONS


def test_the_option_client_pin_tells_whether_one_is_set(pin_ctap):
    assert pin_ctap.info.options == {**pin_ctap.info.options, **OPTIONS, "clientPin": True}


def test_extensions(ctap):
    assert sorted(ctap.info.extensions) == EXTENSIONS


def test_limits(ctap):
    info = ctap.info
    assert info.pin_uv_protocols == [2, 1]
    assert info.max_msg_size >= 1200
    assert info.max_cred_blob_length >= 32
    assert info.max_large_blob >= 1024
    assert info.max_rpids_for_min_pin >= 1
    assert (info.min_pin_length, info.max_pin_length) == (4, 63)
    assert info.force_pin_change is False
    assert info.remaining_disc_creds > 0


def test_it_is_the_same_model_in_every_session(ctap, connect):
    assert any(ctap.info.aaguid)
    assert connect().info.aaguid == ctap.info.aaguid


def test_what_identifies_the_device_takes_a_persistent_token(pin_ctap, connect):
    if pin_ctap.info.enc_identifier is None:
        assert pin_ctap.info.enc_cred_store_state is None
        return
    identifier = pin_ctap.info.get_identifier(token(pin_ctap, PCMR))
    assert identifier == connect().info.get_identifier(token(pin_ctap, PCMR))


# --- other commands ---


def test_selection_says_yes(ctap):
    ctap.selection()


def test_reset_is_not_for_the_pipe(ctap):
    made = make(ctap)
    with refused(ERR.NOT_ALLOWED):
        ctap.reset()
    assert_signed(get(ctap), made)


@pytest.mark.parametrize("command", [0x03, 0x05, 0x09, 0x0E, 0x40, 0x41, 0xFF])
def test_a_command_that_is_not_there(ctap, command):
    assert ctap.device.call(CTAPHID.CBOR, bytes([command])) == bytes([ERR.INVALID_COMMAND])


def test_an_empty_message(ctap):
    assert ctap.device.call(CTAPHID.CBOR, b"") == bytes([ERR.INVALID_LENGTH])


def test_a_message_over_the_limit(ctap):
    message = bytes([ctap.CMD.MAKE_CREDENTIAL]) + b"\0" * ctap.info.max_msg_size
    assert ctap.device.call(CTAPHID.CBOR, message) == bytes([ERR.REQUEST_TOO_LARGE])
    make(ctap)
