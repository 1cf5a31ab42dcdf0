"""The kernel's keyring as any program reaches it, and how to have the kernel refuse it."""

import ctypes
import os
import platform
import struct

libc = ctypes.CDLL(None, use_errno=True)
ADD_KEY, KEYCTL = {"x86_64": (248, 250), "aarch64": (217, 219)}[platform.machine()]
JOIN_SESSION_KEYRING, SET_PERMISSIONS, LINK, SEARCH, READ, SET_TIMEOUT = 1, 5, 8, 10, 11, 15
SESSION_KEYRING, USER_KEYRING = -3, -4


def call(number, *arguments):
    result = libc.syscall(number, *(ctypes.c_long(a) if isinstance(a, int) else a for a in arguments))
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def find(description):
    """The number of the key of that description in this user's keyring."""
    return call(KEYCTL, SEARCH, USER_KEYRING, b"user", description.encode(), 0)


def read(key):
    """What the key holds."""
    room = ctypes.create_string_buffer(4096)
    return room.raw[: call(KEYCTL, READ, key, room, len(room))]


def put(description, content, permissions=0x3F2B0000):
    """Puts a key of that description into this user's keyring, with the permissions of the program's; gives its number."""
    key = call(ADD_KEY, b"user", description.encode(), content, len(content), USER_KEYRING)
    call(KEYCTL, SET_PERMISSIONS, key, permissions)
    return key


def join_new_session():
    """Has this process leave the keyring of its login behind, as a service of systemd's does."""
    call(KEYCTL, JOIN_SESSION_KEYRING, None)


def refusal():
    """Why the kernel grants no keyring here; None where it does."""
    try:
        find("coffer:nothing")
    except OSError as error:
        return None if error.strerror == "Required key not available" else error.strerror


def refuse():
    """Has the kernel refuse keyrings to this process and those it starts, as Docker does (seccomp(2))."""
    allow, refuse_with_eperm = 0x7FFF0000, 0x00050000 | 1
    load_number, jump_if_equal, end = 0x20, 0x15, 0x06
    program = b"".join(
        struct.pack("HBBI", *instruction)
        for instruction in [
            (load_number, 0, 0, 0),
            (jump_if_equal, 2, 0, ADD_KEY),
            (jump_if_equal, 1, 0, KEYCTL),
            (end, 0, 0, allow),
            (end, 0, 0, refuse_with_eperm),
        ])
    room = ctypes.create_string_buffer(program)
    filter = struct.pack("HxxxxxxQ", len(program) // 8, ctypes.addressof(room))
    no_new_privileges, set_seccomp, mode_filter = 38, 22, 2
    assert libc.prctl(no_new_privileges, 1, 0, 0, 0) == 0
    assert libc.prctl(set_seccomp, mode_filter, filter, 0, 0) == 0
