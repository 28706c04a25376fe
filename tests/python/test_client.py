"""python-fido2's WebAuthn client, end to end; its server judges every ceremony."""

import pytest
from fido2.attestation import Attestation
from fido2.client import ClientError, DefaultClientDataCollector, Fido2Client, UserInteraction
from fido2.ctap2.config import Config
from fido2.ctap2.extensions import _DEFAULT_EXTENSIONS, ThirdPartyPaymentExtension
from fido2.ctap2.pin import PinProtocolV2
from fido2.server import Fido2Server
from fido2.utils import websafe_encode

from ceremonies import ACFG, PIN, RP_ID, token, user_entity

LARGE_BLOB = {"largeBlob": {"support": "required"}}


class User(UserInteraction):
    """A user who knows the PIN, and how often it was asked for."""

    def __init__(self):
        self.asked = 0

    def request_pin(self, permissions, rp_id):
        self.asked += 1
        return PIN


class Site:
    """A relying party, and the user's client in front of it."""

    def __init__(self, device):
        self.user = User()
        self.server = Fido2Server({"id": RP_ID, "name": "Example"}, "direct", verify_attestation=verify_attestation)
        collector = DefaultClientDataCollector(f"https://{RP_ID}")
        self.client = Fido2Client(device, collector, self.user, [*_DEFAULT_EXTENSIONS, ThirdPartyPaymentExtension()])

    def register(self, name="alice", uv="discouraged", rk="required", exclude=None, extensions=None):
        """A new passkey: what the relying party keeps, and the extension results."""
        options, state = self.server.register_begin(user_entity(name), exclude, rk, uv, extensions=extensions)
        response = self.client.make_credential(options.public_key)
        data = self.server.register_complete(state, response)
        return data, response.client_extension_results

    def sign_in(self, *known, listed=True, uv="discouraged", extensions=None, index=0):
        """Which of the passkeys signed, the authenticator data, and the extension results."""
        known = [data.credential_data for data in known]
        options, state = self.server.authenticate_begin(known if listed else None, uv, extensions=extensions)
        response = self.client.get_assertion(options.public_key).get_response(index)
        found = self.server.authenticate_complete(state, known, response)
        return found, response.response.authenticator_data, response.client_extension_results


def verify_attestation(attestation_object, client_data_hash):
    """The library's own judgement of the statement."""
    statement = Attestation.for_type(attestation_object.fmt)()
    statement.verify(attestation_object.att_stmt, attestation_object.auth_data, client_data_hash)


def id_of(data):
    """The credential ID in authenticator data."""
    return data.credential_data.credential_id


@pytest.fixture
def site(start):
    """A site, where no PIN is set."""
    return Site(start())


@pytest.fixture
def pin_site(pin_home, start):
    """A site, where PIN is set."""
    return Site(start())


# --- ceremonies ---


@pytest.mark.parametrize("listed", [True, False], ids=["allow list", "no allow list"])
def test_a_user_registers_and_signs_in(site, listed):
    alice, results = site.register(extensions={"credProps": True})
    assert results.cred_props.rk is True
    found, data, _ = site.sign_in(alice, listed=listed)
    assert found == alice.credential_data
    assert not data.is_user_verified()
    assert site.user.asked == 0


def test_a_passkey_that_is_not_discoverable(site):
    alice, results = site.register(rk="discouraged", extensions={"credProps": True})
    assert results.cred_props.rk is False
    with pytest.raises(ClientError) as error:
        site.sign_in(alice, listed=False)
    assert error.value.code == ClientError.ERR.DEVICE_INELIGIBLE
    assert site.sign_in(alice)[0] == alice.credential_data


def test_the_user_chooses_an_account(site):
    known = [site.register(name)[0] for name in ("alice", "bob", "carol")]
    for index in range(3):
        found, _, _ = site.sign_in(*known, listed=False, index=index)
        assert found == known[2 - index].credential_data


def test_a_passkey_that_is_there_is_not_made_again(site):
    alice, _ = site.register()
    with pytest.raises(ClientError) as error:
        site.register(exclude=[alice.credential_data])
    assert error.value.code == ClientError.ERR.DEVICE_INELIGIBLE


def test_a_passkey_that_is_there_is_not_made_again_by_someone_verified(pin_site):
    alice, _ = pin_site.register(uv="required")
    with pytest.raises(ClientError) as error:
        pin_site.register(uv="required", exclude=[alice.credential_data])
    assert error.value.code == ClientError.ERR.DEVICE_INELIGIBLE
    pin_site.register("bob", uv="required", exclude=[])


def test_a_long_allow_list_is_looked_through(site):
    alice, _ = site.register()
    foreign = [number.to_bytes(32, "big") for number in range(site.client.info.max_creds_in_list + 1)]
    allowed = [{"type": "public-key", "id": credential_id} for credential_id in [*foreign, id_of(alice)]]
    options, state = site.server.authenticate_begin(allowed, "discouraged")
    response = site.client.get_assertion(options.public_key).get_response(0)
    assert site.server.authenticate_complete(state, [alice.credential_data], response) == alice.credential_data


def test_selection(site):
    site.client.selection()


# --- user verification ---


@pytest.mark.parametrize("uv", ["required", "preferred"])
def test_a_pin_verifies_the_user(pin_site, uv):
    alice, _ = pin_site.register(uv=uv)
    assert alice.is_user_verified()
    _, data, _ = pin_site.sign_in(alice, uv=uv)
    assert data.is_user_verified()
    assert pin_site.user.asked == 2


def test_nobody_is_asked_where_verification_is_discouraged(pin_site):
    alice, _ = pin_site.register(uv="discouraged")
    _, data, _ = pin_site.sign_in(alice, uv="discouraged")
    assert not alice.is_user_verified() and not data.is_user_verified()
    assert pin_site.user.asked == 0


def test_where_it_is_always_verified_discouraging_does_not_help(pin_ctap, start):
    Config(pin_ctap, PinProtocolV2(), token(pin_ctap, ACFG)).toggle_always_uv()
    site = Site(start())
    alice, _ = site.register(uv="discouraged")
    _, data, _ = site.sign_in(alice, uv="discouraged")
    assert alice.is_user_verified() and data.is_user_verified()


# --- extensions ---


@pytest.mark.parametrize("uv", ["required", "discouraged"])
def test_prf(pin_site, uv):
    salts = {"first": b"salt", "second": b"another salt"}
    alice, created = pin_site.register(uv=uv, extensions={"prf": {"eval": salts}})
    assert created.prf.enabled is True
    _, _, results = pin_site.sign_in(alice, uv=uv, extensions={"prf": {"eval": salts}})
    assert results.prf.results == created.prf.results
    assert len(results.prf.results.first) == len(results.prf.results.second) == 32
    assert results.prf.results.first != results.prf.results.second


def test_prf_by_credential(site):
    known = {name: site.register(name, extensions={"prf": {}})[0] for name in ("alice", "bob")}
    salts = {websafe_encode(id_of(data)): {"first": name.encode()} for name, data in known.items()}
    found, _, results = site.sign_in(*known.values(), extensions={"prf": {"evalByCredential": salts}})
    name = next(name for name, data in known.items() if data.credential_data == found)
    _, _, alone = site.sign_in(known[name], extensions={"prf": {"eval": {"first": name.encode()}}})
    assert results.prf.results.first == alone.prf.results.first


def test_large_blob(pin_site):
    alice, created = pin_site.register("alice", extensions=LARGE_BLOB)
    bob, _ = pin_site.register("bob", extensions=LARGE_BLOB)
    assert created.large_blob.supported is True
    for data, blob in ((alice, b"of alice"), (bob, b"of bob" * 200)):
        _, _, results = pin_site.sign_in(data, extensions={"largeBlob": {"write": blob}})
        assert results.large_blob.written is True
    for data, blob in ((alice, b"of alice"), (bob, b"of bob" * 200)):
        _, _, results = pin_site.sign_in(data, extensions={"largeBlob": {"read": True}})
        assert results.large_blob.blob == blob


def test_cred_blob(site):
    alice, _ = site.register(extensions={"credBlob": b"thirty-two bytes at the most"})
    assert alice.extensions["credBlob"] is True
    _, data, _ = site.sign_in(alice, extensions={"getCredBlob": True})
    assert data.extensions["credBlob"] == b"thirty-two bytes at the most"


def test_cred_protect(pin_site):
    policy = {"credentialProtectionPolicy": "userVerificationRequired", "enforceCredentialProtectionPolicy": True}
    alice, _ = pin_site.register(extensions=policy)
    assert alice.extensions["credProtect"] == 3
    for listed in (True, False):
        with pytest.raises(ClientError) as error:
            pin_site.sign_in(alice, listed=listed)
        assert error.value.code == ClientError.ERR.DEVICE_INELIGIBLE
        assert pin_site.sign_in(alice, listed=listed, uv="required")[0] == alice.credential_data


def test_min_pin_length(pin_ctap, start):
    Config(pin_ctap, PinProtocolV2(), token(pin_ctap, ACFG)).set_min_pin_length(6, [RP_ID])
    alice, _ = Site(start()).register(extensions={"minPinLength": True})
    assert alice.extensions["minPinLength"] == 6


def test_payment(site):
    payment = {"payment": {"isPayment": True}}
    alice, _ = site.register("alice", extensions=payment)
    bob, _ = site.register("bob")
    for data, enabled in ((alice, True), (bob, False)):
        _, signed, _ = site.sign_in(data, extensions=payment)
        assert signed.extensions["thirdPartyPayment"] is enabled
