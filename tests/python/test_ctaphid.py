"""Our CTAPHID against python-fido2's: what the tests by libfido2 stand on."""

import os

import pytest
from fido2.ctap2 import Ctap2
from fido2.hid import CTAPHID, CtapHidDevice
from fido2.hid.base import CtapHidConnection, HidDescriptor

from ceremonies import ERR, MC, make, refused, verified
from ctaphid import MAX_PAYLOAD, REPORT, CtapHid


class Wire(CtapHidConnection):
    """Reports, handed over in memory."""

    def __init__(self, hid):
        self.hid = hid

    def read_packet(self):
        return self.hid.read(60)

    def write_packet(self, data):
        self.hid.write(data)

    def close(self):
        pass


@pytest.fixture
def hid_device(pin_home, start):
    """The host as a HID device of python-fido2."""
    return CtapHidDevice(HidDescriptor("keystow", 0, 0, REPORT, REPORT, None, None), Wire(CtapHid(start())))


@pytest.mark.parametrize("length", [0, 1, 57, 58, 116, 117, MAX_PAYLOAD])
def test_a_ping_comes_back(hid_device, length):
    data = os.urandom(length)
    assert hid_device.ping(data) == data


def test_ceremonies_pass_through(hid_device):
    ctap = Ctap2(hid_device)
    for algorithm in (-7, -49):
        make(ctap, algorithms=[algorithm], formats=["packed"], **verified(ctap, MC))


def test_what_is_not_there(hid_device):
    for command in (CTAPHID.MSG, CTAPHID.WINK, CTAPHID.LOCK):
        with refused(ERR.INVALID_COMMAND):
            hid_device.call(command)


def test_fragments_in_the_wrong_order(hid_device):
    wire, channel = hid_device._connection, hid_device._channel_id.to_bytes(4, "big")
    wire.write_packet((channel + bytes([0x80 | CTAPHID.PING, 0, 200])).ljust(REPORT, b"\0"))
    wire.write_packet((channel + b"\1").ljust(REPORT, b"\0"))
    assert wire.read_packet()[:8] == channel + bytes([0x80 | CTAPHID.ERROR, 0, 1, ERR.INVALID_SEQ])
    assert hid_device.ping() == b"Hello FIDO"
