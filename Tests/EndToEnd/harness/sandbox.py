"""A system call that is not to be had, as in a sandbox."""

import sys

OPENAT2 = 437  # on every architecture
FORBID = """
import ctypes, os, struct, sys
LOAD, IF_EQUAL, ANSWER = 0x20, 0x15, 0x06
ERROR, ALLOW, ENOSYS = 0x00050000, 0x7fff0000, 38
steps = [(LOAD, 0, 0, 0), (IF_EQUAL, 0, 1, int(sys.argv[1])), (ANSWER, 0, 0, ERROR | ENOSYS), (ANSWER, 0, 0, ALLOW)]
code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
program = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(steps), ctypes.addressof(code)))
libc = ctypes.CDLL(None, use_errno=True)
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
assert libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
assert libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program, 0, 0) == 0, os.strerror(ctypes.get_errno())
os.execv(sys.argv[2], sys.argv[2:])
"""


def without(call):
    """What to put in front of a command, which then gets ENOSYS for that call."""
    return [sys.executable, "-c", FORBID, str(call)]
