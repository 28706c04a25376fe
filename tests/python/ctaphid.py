"""CTAPHID (CTAP §11.2): reports of 64 bytes in front of any device of python-fido2, for clients that speak HID."""

import struct
import threading
from queue import Empty, Queue

from fido2.hid import CAPABILITY, CTAPHID

REPORT = 64
BROADCAST = 0xFFFFFFFF
INIT_ROOM, NEXT_ROOM = REPORT - 7, REPORT - 5  # bytes of payload in a report
MAX_PAYLOAD = INIT_ROOM + 128 * NEXT_ROOM
KEEPALIVE_SECONDS = 0.1
STATUS_PROCESSING = 1
INVALID_CMD, INVALID_LEN, INVALID_SEQ, CHANNEL_BUSY, INVALID_CHANNEL, OTHER = 0x01, 0x03, 0x04, 0x06, 0x0B, 0x7F


class CtapHid:
    """The device's end: `write` takes a report of the platform, `read` gives it one."""

    def __init__(self, device):
        self._device = device
        self._reports = Queue()
        self._last_channel = 0
        self._message = None  # (channel, command, length, payload so far, next sequence number)
        self._busy = None  # the channel that is being served
        self._cancelled = threading.Event()

    def read(self, timeout):
        """The next report; nothing where none comes within `timeout` seconds."""
        try:
            return self._reports.get(timeout=timeout)
        except Empty:
            return None

    def write(self, report):
        """Takes one report; a whole message is answered from another thread."""
        channel, kind = struct.unpack(">IB", report[:5])
        if kind & 0x80:
            (length,) = struct.unpack(">H", report[5:7])
            self._begin(channel, kind & 0x7F, length, report[7:])
        else:
            self._go_on(channel, kind, report[5:])

    def _begin(self, channel, command, length, payload):
        if command == CTAPHID.INIT:
            self._message = None
            return self._answer(channel, command, self._init(channel, payload[:8]))
        if command == CTAPHID.CANCEL:
            return self._cancelled.set() if channel == self._busy else None
        if not 0 < channel <= self._last_channel:
            return self._error(channel, INVALID_CHANNEL)
        if self._busy or (self._message and self._message[0] != channel):
            return self._error(channel, CHANNEL_BUSY)
        if self._message:
            self._message = None
            return self._error(channel, INVALID_SEQ)
        if length > MAX_PAYLOAD:
            return self._error(channel, INVALID_LEN)
        self._take((channel, command, length, payload, 0))

    def _go_on(self, channel, sequence, payload):
        if not self._message or self._message[0] != channel:
            return  # CTAP §11.2.5.4: spurious, and ignored
        channel, command, length, before, expected = self._message
        if sequence != expected:
            self._message = None
            return self._error(channel, INVALID_SEQ)
        self._take((channel, command, length, before + payload, expected + 1))

    def _take(self, message):
        channel, command, length, payload, _ = self._message = message
        if len(payload) < length:
            return
        self._message = None
        if command == CTAPHID.PING:
            return self._answer(channel, command, payload[:length])
        if command != CTAPHID.CBOR:
            return self._error(channel, INVALID_CMD)
        self._busy = channel
        self._cancelled.clear()
        threading.Thread(target=self._serve, args=(channel, payload[:length]), daemon=True).start()

    def _serve(self, channel, message):
        answers = []
        ask = lambda: answers.append(self._device.call(CTAPHID.CBOR, message, self._cancelled))  # noqa: E731
        call = threading.Thread(target=ask)
        call.start()
        while call.join(KEEPALIVE_SECONDS) or call.is_alive():
            self._answer(channel, CTAPHID.KEEPALIVE, bytes([STATUS_PROCESSING]))
        self._busy = None
        if answers:
            self._answer(channel, CTAPHID.CBOR, answers[0])
        else:
            self._error(channel, OTHER)

    def _init(self, channel, nonce):
        if channel == BROADCAST:
            self._last_channel += 1
            channel = self._last_channel
        return nonce + struct.pack(">IBBBBB", channel, 2, 0, 0, 0, CAPABILITY.CBOR | CAPABILITY.NMSG)

    def _error(self, channel, code):
        self._answer(channel, CTAPHID.ERROR, bytes([code]))

    def _answer(self, channel, command, payload):
        assert len(payload) <= MAX_PAYLOAD, "an answer that CTAPHID cannot carry"
        head = struct.pack(">IBH", channel, 0x80 | command, len(payload))
        self._reports.put((head + payload[:INIT_ROOM]).ljust(REPORT, b"\0"))
        for sequence, start in enumerate(range(INIT_ROOM, len(payload), NEXT_ROOM)):
            head = struct.pack(">IB", channel, sequence)
            self._reports.put((head + payload[start : start + NEXT_ROOM]).ljust(REPORT, b"\0"))
