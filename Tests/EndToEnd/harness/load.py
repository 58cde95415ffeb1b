"""Clients that come and go, and clients that stay, while a server is reloaded, restarted or replaced."""

import threading

from harness.raw import CLOSE, PING, PONG, TEXT, RawClient


class Load:
    """`refused`: what newcomers met instead of a session. `cut`: residents whose session ended without a Close.

    `told`: sessions of either that ended by the server's Close, with its code."""

    def __init__(self, port, newcomers=4, residents=4, target="/"):
        self.port, self.target = port, target
        self.refused, self.cut, self.told = [], [], []
        self.served = 0
        self.lock = threading.Condition()
        self.leaving = threading.Event()
        self.threads = [threading.Thread(target=self._come_and_go, daemon=True) for _ in range(newcomers)]
        self.threads += [threading.Thread(target=self._stay, daemon=True) for _ in range(residents)]
        self.arrived = 0
        for thread in self.threads:
            thread.start()
        with self.lock:
            assert self.lock.wait_for(lambda: self.arrived == residents or self.refused, 20)

    def _echo(self, client):
        """False once the server has ended the session properly."""
        client.send_frame(TEXT, b"still here")
        frame = client.read_frame()
        while frame.opcode == PING:
            client.send_frame(PONG, frame.payload)
            frame = client.read_frame()
        if frame.opcode == CLOSE:
            with self.lock:
                self.told.append(frame.code)
            client.send_frame(CLOSE, frame.payload)
            return False
        assert frame.payload == b"still here", frame
        return True

    def _come_and_go(self):
        while not self.leaving.is_set():
            try:
                with RawClient(self.port) as client:
                    client.upgrade(self.target)
                    if self._echo(client):
                        client.send_close(1000)
                        client.drain_to_end()
                with self.lock:
                    self.served += 1
                    self.lock.notify_all()
            except Exception as error:  # whatever it was, this client was not served
                with self.lock:
                    self.refused.append(repr(error))

    def _stay(self):
        try:
            with RawClient(self.port) as client:
                client.upgrade(self.target)
                with self.lock:
                    self.arrived += 1
                    self.lock.notify_all()
                while not self.leaving.is_set() and self._echo(client):
                    self.leaving.wait(0.005)
                client.send_close(1000)
                client.drain_to_end()
        except Exception as error:
            with self.lock:
                self.cut.append(repr(error))

    def wait_served(self, more, seconds=20):
        """Until so many more newcomers have been served."""
        with self.lock:
            goal = self.served + more
            assert self.lock.wait_for(lambda: self.served >= goal or self.refused, seconds)
            assert not self.refused, self.refused

    def stop(self):
        self.leaving.set()
        for thread in self.threads:
            thread.join(20)
