"""The C library libfido2, that OpenSSH and others use: it drives the host through CTAPHID."""

import os

import pytest

from ceremonies import ERR, HASH, PIN, RP_ID, user_entity
from ctaphid import CtapHid

OK = 0
TRUE = 2  # FIDO_OPT_TRUE
HMAC_SECRET, CRED_PROTECT, LARGE_BLOB_KEY, CRED_BLOB, MIN_PIN_LENGTH = 0x01, 0x02, 0x04, 0x08, 0x10  # FIDO_EXT_...
UP, UV = 0x01, 0x04
KEYS = {"es256": -7, "eddsa": -8, "es384": -35, "rs256": -257}
NEW_PIN = "battery staple"

try:
    from libfido2 import ffi, io_over, load

    fido = load()
except (ImportError, OSError) as error:
    pytest.skip(f"libfido2 is missing (Debian package libfido2-1): {error}", allow_module_level=True)


def ok(status):
    """The call succeeded."""
    assert status == OK, ffi.string(fido.fido_strerr(status)).decode()


def text(value):
    """A C string, or none."""
    return ffi.NULL if value is None else value.encode()


def getter(name, *where):
    """Bytes that the library has."""
    length = getattr(fido, f"{name}_len")(*where)
    return bytes(ffi.buffer(getattr(fido, f"{name}_ptr")(*where), length)) if length else b""


class Renumbering:
    """libfido2 before 1.15 manages credentials by the number that the command had in a draft; the messages are the same."""

    DRAFT, COMMAND = b"\x41", b"\x0a"

    def __init__(self, device):
        self.device = device

    def call(self, cmd, data, event):
        if data[:1] == self.DRAFT:
            data = self.COMMAND + data[1:]
        return self.device.call(cmd, data, event)


@pytest.fixture
def plug(start):
    """Opens the host as a HID device, in a new session each time."""
    devices = []

    def plug():
        device, io = fido.fido_dev_new(), io_over(CtapHid(Renumbering(start())))
        ok(fido.fido_dev_set_io_functions(device, io[0]))
        ok(fido.fido_dev_open(device, b"keystow"))
        devices.append((device, io))
        return device

    yield plug
    for device, _io in devices:
        fido.fido_dev_close(device)
        fido.fido_dev_free(ffi.new("fido_dev_t **", device))


@pytest.fixture
def device(plug):
    """The host without a PIN."""
    return plug()


@pytest.fixture
def pin_device(pin_home, plug):
    """The host where PIN is set."""
    return plug()


def credential(name="alice", key="es256", extensions=0):
    """A discoverable credential to be made."""
    made, user = fido.fido_cred_new(), user_entity(name)
    names = text(user["name"]), text(user["displayName"])
    ok(fido.fido_cred_set_type(made, KEYS[key]))
    ok(fido.fido_cred_set_clientdata_hash(made, HASH, len(HASH)))
    ok(fido.fido_cred_set_rp(made, text(RP_ID), b"Example"))
    ok(fido.fido_cred_set_user(made, user["id"], len(user["id"]), *names, ffi.NULL))
    ok(fido.fido_cred_set_rk(made, TRUE))
    ok(fido.fido_cred_set_extensions(made, extensions))
    return made


def make(device, made, pin=None):
    """Makes it; libfido2 finds the attestation good, extension outputs included."""
    ok(fido.fido_dev_make_cred(device, made, text(pin)))
    ok(fido.fido_cred_verify_self(made))
    return made


def assertion(*credentials, extensions=0, salt=None):
    """An assertion to be asked for."""
    asked = fido.fido_assert_new()
    ok(fido.fido_assert_set_rp(asked, text(RP_ID)))
    ok(fido.fido_assert_set_clientdata_hash(asked, HASH, len(HASH)))
    ok(fido.fido_assert_set_extensions(asked, extensions))
    if salt:
        ok(fido.fido_assert_set_hmac_salt(asked, salt, len(salt)))
    for made in credentials:
        credential_id = getter("fido_cred_id", made)
        ok(fido.fido_assert_allow_cred(asked, credential_id, len(credential_id)))
    return asked


def get(device, *credentials, pin=None, **extensions):
    """Asks for it."""
    asked = assertion(*credentials, **extensions)
    ok(fido.fido_dev_get_assert(device, asked, text(pin)))
    return asked


def assert_signed(asked, made, key="es256", index=0):
    """libfido2 finds the signature good."""
    public_key, point = getattr(fido, f"{key}_pk_new")(), getter("fido_cred_pubkey", made)
    ok(getattr(fido, f"{key}_pk_from_ptr")(public_key, point, len(point)))
    assert getter("fido_assert_id", asked, index) == getter("fido_cred_id", made)
    ok(fido.fido_assert_verify(asked, index, KEYS[key], public_key))


# --- ceremonies ---


def test_it_finds_a_fido2_device(device):
    assert fido.fido_dev_is_fido2(device)
    assert not fido.fido_dev_has_pin(device)
    assert fido.fido_dev_supports_credman(device)
    assert fido.fido_dev_supports_permissions(device)
    info = fido.fido_cbor_info_new()
    ok(fido.fido_dev_get_cbor_info(device, info))
    versions = ffi.unpack(fido.fido_cbor_info_versions_ptr(info), fido.fido_cbor_info_versions_len(info))
    assert [ffi.string(version) for version in versions] == [b"FIDO_2_0", b"FIDO_2_1", b"FIDO_2_2"]


@pytest.mark.parametrize("key", KEYS)
def test_it_makes_a_credential_and_an_assertion(device, plug, key):
    made = make(device, credential(key=key))
    assert fido.fido_cred_flags(made) & (UP | UV) == UP
    assert_signed(get(device, made), made, key)
    assert_signed(get(plug()), made, key)


def test_it_gets_all_assertions(device):
    made = [make(device, credential(name)) for name in ("alice", "bob", "carol")]
    asked = get(device)
    assert fido.fido_assert_count(asked) == 3
    for index, credential_made in enumerate(reversed(made)):
        assert_signed(asked, credential_made, index=index)


def test_an_excluded_credential_is_told(device):
    made, second = make(device, credential()), credential("bob")
    credential_id = getter("fido_cred_id", made)
    ok(fido.fido_cred_exclude(second, credential_id, len(credential_id)))
    assert fido.fido_dev_make_cred(device, second, ffi.NULL) == ERR.CREDENTIAL_EXCLUDED


def test_a_touch_is_felt_at_once(device):
    touched = ffi.new("int *")
    ok(fido.fido_dev_get_touch_begin(device))
    ok(fido.fido_dev_get_touch_status(device, touched, 5000))
    assert touched[0] == 1


def test_reset_is_not_for_the_pipe(device):
    assert fido.fido_dev_reset(device) == ERR.NOT_ALLOWED


# --- PIN and settings ---


def test_it_sets_and_changes_the_pin(device, plug):
    ok(fido.fido_dev_set_pin(device, text(PIN), ffi.NULL))
    device = plug()
    assert fido.fido_dev_has_pin(device)
    assert fido.fido_dev_set_pin(device, text(NEW_PIN), b"wrong") == ERR.PIN_INVALID
    retries = ffi.new("int *")
    ok(fido.fido_dev_get_retry_count(device, retries))
    assert retries[0] == 7
    ok(fido.fido_dev_set_pin(device, text(NEW_PIN), text(PIN)))
    made = make(device, credential(), NEW_PIN)
    assert fido.fido_cred_flags(made) & (UP | UV) == UP | UV
    asked = get(device, made, pin=NEW_PIN)
    assert_signed(asked, made)
    assert fido.fido_assert_flags(asked, 0) & UV


def test_it_configures(pin_device, plug):
    ok(fido.fido_dev_toggle_always_uv(pin_device, text(PIN)))
    assert fido.fido_dev_make_cred(plug(), credential(), ffi.NULL) == ERR.PUAT_REQUIRED
    device = plug()
    ok(fido.fido_dev_set_pin_minlen(device, 6, text(PIN)))
    ok(fido.fido_dev_force_pin_change(device, text(PIN)))
    info = fido.fido_cbor_info_new()
    ok(fido.fido_dev_get_cbor_info(device, info))
    assert fido.fido_cbor_info_minpinlen(info) == 6
    assert fido.fido_cbor_info_new_pin_required(info)


def test_an_rp_learns_the_shortest_pin(pin_device):
    rp_id = ffi.new("char[]", text(RP_ID))
    ok(fido.fido_dev_set_pin_minlen_rpid(pin_device, ffi.new("char *[]", [rp_id]), 1, text(PIN)))
    wanted = credential(extensions=MIN_PIN_LENGTH)
    ok(fido.fido_cred_set_pin_minlen(wanted, 4))
    make(pin_device, wanted, PIN)


def test_it_manages_credentials(pin_device):
    made, other = make(pin_device, credential("alice")), make(pin_device, credential("bob"))
    metadata = fido.fido_credman_metadata_new()
    ok(fido.fido_credman_get_dev_metadata(pin_device, metadata, text(PIN)))
    assert fido.fido_credman_rk_existing(metadata) == 2
    rps = fido.fido_credman_rp_new()
    ok(fido.fido_credman_get_dev_rp(pin_device, rps, text(PIN)))
    assert fido.fido_credman_rp_count(rps) == 1
    assert ffi.string(fido.fido_credman_rp_id(rps, 0)) == text(RP_ID)
    credential_id = getter("fido_cred_id", other)
    ok(fido.fido_credman_del_dev_rk(pin_device, credential_id, len(credential_id), text(PIN)))
    renamed = credential("alice")
    credential_id, user = getter("fido_cred_id", made), user_entity("alice")
    ok(fido.fido_cred_set_id(renamed, credential_id, len(credential_id)))
    ok(fido.fido_cred_set_user(renamed, user["id"], len(user["id"]), b"a@example.com", b"A", ffi.NULL))
    ok(fido.fido_credman_set_dev_rk(pin_device, renamed, text(PIN)))
    found = fido.fido_credman_rk_new()
    ok(fido.fido_credman_get_dev_rk(pin_device, text(RP_ID), found, text(PIN)))
    assert fido.fido_credman_rk_count(found) == 1
    assert ffi.string(fido.fido_cred_user_name(fido.fido_credman_rk(found, 0))) == b"a@example.com"


# --- extensions ---


@pytest.mark.parametrize("length", [32, 64])
@pytest.mark.parametrize("pin", [None, PIN], ids=["without UV", "with UV"])
def test_hmac_secret(pin_device, plug, length, pin):
    made = make(pin_device, credential(extensions=HMAC_SECRET))
    salted = {"pin": pin, "extensions": HMAC_SECRET, "salt": b"\1" * 32 + b"\2" * (length - 32)}
    first = getter("fido_assert_hmac_secret", get(pin_device, made, **salted), 0)
    assert len(first) == length
    assert getter("fido_assert_hmac_secret", get(plug(), made, **salted), 0) == first


def test_cred_protect_and_cred_blob(pin_device):
    wanted = credential(extensions=CRED_PROTECT | CRED_BLOB)
    ok(fido.fido_cred_set_prot(wanted, 3))
    ok(fido.fido_cred_set_blob(wanted, b"blob", 4))
    made = make(pin_device, wanted)
    assert fido.fido_cred_prot(made) == 3
    assert fido.fido_dev_get_assert(pin_device, assertion(made), ffi.NULL) == ERR.NO_CREDENTIALS
    asked = get(pin_device, made, pin=PIN, extensions=CRED_BLOB)
    assert_signed(asked, made)
    assert getter("fido_assert_blob", asked, 0) == b"blob"


def test_large_blobs(pin_device):
    alice, bob = (make(pin_device, credential(name, extensions=LARGE_BLOB_KEY)) for name in ("alice", "bob"))
    keys = [getter("fido_cred_largeblob_key", made) for made in (alice, bob)]
    blobs = [os.urandom(64), os.urandom(64)]  # libfido2 1.12 takes none that compresses below 16 bytes
    for key, blob in zip(keys, blobs, strict=True):
        ok(fido.fido_dev_largeblob_set(pin_device, key, len(key), blob, len(blob), text(PIN)))
    ok(fido.fido_dev_largeblob_remove(pin_device, keys[0], len(keys[0]), text(PIN)))
    data, length = ffi.new("unsigned char **"), ffi.new("size_t *")
    assert fido.fido_dev_largeblob_get(pin_device, keys[0], len(keys[0]), data, length) != OK
    ok(fido.fido_dev_largeblob_get(pin_device, keys[1], len(keys[1]), data, length))
    assert bytes(ffi.buffer(data[0], length[0])) == blobs[1]
