"""A HID device of the Linux kernel's (linux/uhid.h), whose other end is a ctaphid.CtapHid."""

import os
import struct
import threading

from ctaphid import REPORT

PATH = "/dev/uhid"
DESTROY, OUTPUT, CREATE2, INPUT2 = 1, 6, 11, 12
EVENT = 4376  # bytes of struct uhid_event
BUS_USB = 3

# FIDO usage page 0xf1d0, usage 1; reports of 64 bytes in and out (CTAP §11.2.8.2).
REPORT_DESCRIPTOR = bytes.fromhex(
    "06d0f1 0901 a101 0920 1500 26ff00 7508 9540 8102 0921 1500 26ff00 7508 9540 9102 c0".replace(" ", "")
)


def plug(hid, name):
    """Makes the device; gives the function that takes it away."""
    kernel = os.open(PATH, os.O_RDWR)
    os.write(kernel, created(name))
    gone = threading.Event()
    threads = [threading.Thread(target=work, args=(kernel, hid, gone)) for work in (take_reports, give_reports)]
    for thread in threads:
        thread.start()

    def unplug():
        gone.set()
        os.write(kernel, event(DESTROY, b""))  # the kernel tells the reading thread so
        for thread in threads:
            thread.join()
        os.close(kernel)

    return unplug


def created(name):
    """UHID_CREATE2: name, path, serial number, size of the descriptor, bus, vendor, product, version, country."""
    head = struct.pack("<128s64s64sHHIIII", name.encode(), b"", b"", len(REPORT_DESCRIPTOR), BUS_USB, 0, 0, 0, 0)
    return event(CREATE2, head + REPORT_DESCRIPTOR)


def event(kind, payload):
    """struct uhid_event."""
    return (struct.pack("<I", kind) + payload).ljust(EVENT, b"\0")


def take_reports(kernel, hid, gone):
    """What a program writes to the device."""
    while not gone.is_set():
        data = os.read(kernel, EVENT)
        (kind,) = struct.unpack_from("<I", data)
        if kind == OUTPUT:
            (size,) = struct.unpack_from("<H", data, 4 + 4096)
            hid.write(data[4 : 4 + size][-REPORT:])  # the report's number, 0, may stand in front


def give_reports(kernel, hid, gone):
    """What a program reads from the device."""
    while not gone.is_set():
        report = hid.read(0.1)
        if report is not None:
            os.write(kernel, event(INPUT2, struct.pack("<H", len(report)) + report))
