"""fido2-tools (Debian package fido2-tools), as a user runs them, with the host as a HID device of the kernel's."""

import base64
import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

import uhid
from ceremonies import HASH, RP_ID
from ctaphid import CtapHid

NAME = "Keystow under test"

if not os.access(uhid.PATH, os.R_OK | os.W_OK):
    pytest.skip(f"{uhid.PATH} is missing or not ours to open: no HID device can be made here", allow_module_level=True)
if not shutil.which("fido2-token"):
    pytest.skip("fido2-token is missing (Debian package fido2-tools)", allow_module_level=True)


@pytest.fixture
def hidraw(start):
    """The device file that the kernel has made for the host."""
    unplug = uhid.plug(CtapHid(start()), NAME)
    yield found_device()
    unplug()


def found_device():
    """/dev/hidraw of the device of that name."""
    end = time.monotonic() + 5
    while time.monotonic() < end:
        for entry in Path("/sys/class/hidraw").iterdir():
            device = Path("/dev", entry.name)
            if f"HID_NAME={NAME}\n" in (entry / "device/uevent").read_text() and os.access(device, os.R_OK | os.W_OK):
                return str(device)
        time.sleep(0.1)
    pytest.skip("the kernel made no /dev/hidraw that is ours to open")


def run(*command, text=""):
    """What a program prints; it must succeed."""
    done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_device_is_found_and_tells_of_itself(hidraw):
    assert hidraw in run("fido2-token", "-L")
    assert "FIDO_2_0, FIDO_2_1" in run("fido2-token", "-I", hidraw)


def test_a_credential_is_made_and_signs(hidraw):
    digest, user = (base64.b64encode(data).decode() for data in (HASH, b"alice"))
    made = run("fido2-cred", "-M", "-r", hidraw, text=f"{digest}\n{RP_ID}\nalice\n{user}\n").splitlines()
    credential_id = made[4]
    assert credential_id in run("fido2-cred", "-V", text="\n".join(made) + "\n")
    signed = run("fido2-assert", "-G", hidraw, text=f"{digest}\n{RP_ID}\n{credential_id}\n").splitlines()
    assert signed[:2] == [digest, RP_ID]
