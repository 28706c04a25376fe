"""What the tests stand on: vaults of their own, and sessions of the host over them."""

import os
import shutil

import pytest
from fido2.ctap2 import Ctap2
from fido2.ctap2.pin import ClientPin, PinProtocolV1, PinProtocolV2

from ceremonies import PIN
from keystow_device import KeystowDevice


def pytest_sessionstart(session):
    """The host would otherwise ask the keychain of whoever runs this."""
    if "KEYSTOW_SESSION_STATE" not in os.environ:
        pytest.exit("These tests need a keychain of their own. Run them by tests/keychain-session.sh.", returncode=2)


@pytest.fixture
def data_home(tmp_path):
    """Where this test's vault is, or will be."""
    return tmp_path / "data"


@pytest.fixture
def start(data_home):
    """Starts a session of the host over this test's vault, having ended the one before; gives its device."""
    sessions = []

    def start():
        for session in sessions:
            session.close()
        sessions.append(KeystowDevice(data_home))
        return sessions[-1]

    yield start
    for session in sessions:
        session.close()


@pytest.fixture
def connect(start):
    """Starts a session of the host; gives python-fido2's end of it."""
    return lambda: Ctap2(start())


@pytest.fixture
def ctap(connect):
    """A session over an empty vault without a PIN."""
    return connect()


@pytest.fixture
def pin_ctap(pin_home, connect):
    """A session over an empty vault where PIN is set."""
    return connect()


@pytest.fixture
def pin_home(data_home, vault_with_pin):
    """This test's vault is there already, and PIN is set in it."""
    shutil.copytree(vault_with_pin, data_home)
    return data_home


@pytest.fixture(scope="session")
def vault_with_pin(tmp_path_factory):
    """A vault to copy: to set a PIN costs its hash every time."""
    home = tmp_path_factory.mktemp("pin") / "data"
    with KeystowDevice(home) as device:
        ClientPin(Ctap2(device)).set_pin(PIN)
    return home


@pytest.fixture(params=[PinProtocolV1, PinProtocolV2], ids=["protocol one", "protocol two"])
def protocol(request):
    """Both PIN/UV auth protocols."""
    return request.param()
