"""A TLS socket that lets one thread at a time into OpenSSL, as OpenSSL demands and Python 3.11 does not see to.

The client of `websockets` reads in a thread of its own. If that thread is about to read the server's session ticket
while the other one writes the request, the request stays in there until something else comes: one connection in five
hundred, which the server then ended with 408.
"""

import select
import ssl
import threading


class TurnwiseSocket(ssl.SSLSocket):
    turn = threading.Lock()  # one for all: nobody waits while he has it

    def recv(self, count=1024, flags=0):
        while True:
            try:
                with self.turn:
                    self.setblocking(False)
                    return super().recv(count, flags)
            except ssl.SSLWantReadError:
                select.select([self], [], [])

    def sendall(self, data, flags=0):
        left = memoryview(data)
        while left:
            try:
                with self.turn:
                    self.setblocking(False)
                    left = left[self.send(left, flags):]
            except ssl.SSLWantWriteError:
                select.select([], [self], [])
