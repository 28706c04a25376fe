"""The real host behind its real pipe, as a device of python-fido2."""

import json
import os
import select
import struct
import subprocess
import time
from pathlib import Path

from fido2.ctap import CtapDevice
from fido2.hid import CAPABILITY, CTAPHID
from fido2.utils import websafe_decode, websafe_encode

ROOT = Path(__file__).resolve().parents[2]
EXTENSION = "chrome-extension://kgckkhcbepgohlebaepifclndmlpapih/"
PATIENCE = 60  # seconds that an answer may take


def host_binary():
    """KEYSTOW_BIN, or what `cargo build` has left."""
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    return os.environ.get("KEYSTOW_BIN", str(target / "debug" / "keystow"))


class KeystowDevice(CtapDevice):
    """One session of the host, started as Chromium starts it. Its vault is below `data_home`."""

    capabilities = CAPABILITY.CBOR

    def __init__(self, data_home):
        environment = {**os.environ, "XDG_DATA_HOME": str(data_home)}
        command = [host_binary(), EXTENSION]
        self._host = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._last_id = 0

    def call(self, cmd, data=b"", event=None, on_keepalive=None):
        """Sends one CTAP message; `event` cancels it. The host sends no keep-alives: presence was collected before."""
        assert cmd == CTAPHID.CBOR, "the pipe carries CTAP2 messages alone"
        reply = self.ask({"ctap": websafe_encode(data)}, event)
        assert "ctap" in reply, f"the host answers with an error: {reply}"
        return websafe_decode(reply["ctap"])

    def ask(self, message, event=None):
        """Sends any message of the extension, and takes the one reply to it."""
        self._last_id += 1
        self._send({"id": self._last_id, **message})
        reply = self._receive(event)
        assert reply["id"] == self._last_id
        return reply

    def close(self):
        """Closes the pipe, as a browser does, and waits for the host's end."""
        if self._host.stdin.closed:
            return
        self._host.stdin.close()
        status = self._host.wait(PATIENCE)
        self._host.stdout.close()
        assert status == 0, f"the host ended with {status}"

    @classmethod
    def list_devices(cls):
        """The host is started, not found."""
        return iter(())

    def _send(self, message):
        text = json.dumps(message).encode()
        self._host.stdin.write(struct.pack("=I", len(text)) + text)
        self._host.stdin.flush()

    def _receive(self, event):
        (length,) = struct.unpack("=I", self._read(4, event))
        return json.loads(self._read(length, event))

    def _read(self, length, event):
        pipe = self._host.stdout.fileno()
        end = time.monotonic() + PATIENCE
        data = b""
        while len(data) < length:
            assert time.monotonic() < end, f"no answer within {PATIENCE} s"
            if event and event.is_set():
                self._send({"cancel": self._last_id})
                event = None
            if select.select([pipe], [], [], 0.1)[0]:
                part = os.read(pipe, length - len(data))
                assert part, "the host has closed its end of the pipe"
                data += part
        return data
