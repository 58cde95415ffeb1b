"""Listeners of one server that differ: https, redirects to it, plain ones, each with what it says for itself."""

import itertools
import signal
import socket
import ssl
import threading

import pytest

from harness.raw import TEXT, RawClient, request, upgrade_fields
from harness.server import URL, until
from test_reload import pairs, reload, shown  # noqa: F401 (a fixture)

ROUTE = '[[route]]\npath = "/a"\necho = true\n'


def listener(*lines):
    return "\n".join(["[[listener]]", 'address = "127.0.0.1:0"', *lines, ""])


def port_of(instance, *parts):
    return int(URL.search(instance.wait_log(*parts)).group(0).rsplit(":", 1)[1].split("/")[0])


def ask(port, text):
    with RawClient(port) as client:
        client.send(text.encode())
        return client.response()


# ---- redirects

@pytest.fixture(scope="module")
def redirecting():
    """https and a redirect to it by one line; gives both ports."""
    from harness.server import Server
    instance = Server("--port", "0", "--tls", "self-signed", "--tls-redirect", "127.0.0.1:0", "--echo").wait_ready()
    yield instance.port, port_of(instance, "redirecting to https")
    instance.stop()


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE"])
def test_every_request_is_sent_to_https(redirecting, method):
    secure, plain = redirecting
    length = "Content-Length: 0\r\n" if method == "POST" else ""
    with RawClient(plain) as client:
        for target in ("/", "/a/b?c=d&e=%20", "//other.example/x"):
            client.send(f"{method} {target} HTTP/1.1\r\nHost: localhost:{plain}\r\n{length}\r\n".encode())
            response = client.response()
            assert response.status == 308
            assert response.field("Location") == f"https://localhost:{secure}{target}"


@pytest.mark.parametrize(("text", "status", "location"), [
    ("GET /a HTTP/1.1\r\nHost: [::1]\r\n\r\n", 308, "https://[::1]:{port}/a"),
    ("OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n", 308, "https://localhost:{port}/"),
    ("GET http://127.0.0.1/x?y HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 308, "https://127.0.0.1:{port}/x?y"),
    ("GET / HTTP/1.0\r\n\r\n", 421, None),
    ("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421, None),
], ids=["v6", "asterisk", "absolute", "nobody", "rebinding"])
def test_where_it_leads(redirecting, text, status, location):
    secure, plain = redirecting
    response = ask(plain, text)
    assert response.status == status
    assert response.field("Location") == (location and location.format(port=secure))


def test_a_websocket_is_redirected_too(redirecting):
    """No browser follows, but its console then says where to go."""
    secure, plain = redirecting
    with RawClient(plain) as client:
        client.send(request(upgrade_fields(plain), target="/chat"))
        response = client.response()
        assert (response.status, response.field("Location")) == (308, f"https://127.0.0.1:{secure}/chat")


def test_a_redirect_names_the_port_it_is_told(configured):
    instance = configured(listener('redirect = "https:443"') + 'console = "off"\n'
                          + listener('tls = "self-signed"') + ROUTE)
    response = ask(port_of(instance, "redirecting"), "GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert response.field("Location") == "https://localhost/x"


# ---- what each says for itself

def serving(instance):
    return [int(found.group(0).rsplit(":", 1)[1].split("/")[0])
            for line in instance.lines if '"serving' in line and (found := URL.search(line))]


def test_each_listener_has_its_own(configured, authority, pairs):  # noqa: F811
    """A certificate of its own, none at all, a PROXY header, certificates of clients: beside each other."""
    (first, first_der), (second, second_der) = pairs
    instance = configured(
        first + listener() + listener(second) + listener('tls = "off"')
        + listener('tls = "off"', 'proxy_protocol = "required"')
        + listener(f'tls_client_ca = "{authority.bundle}"') + ROUTE)
    plain_first, other, plain, proxied, mutual = serving(instance)
    assert shown(plain_first, authority) == first_der
    assert shown(other, authority) == second_der
    for port, before in ((plain, b""), (proxied, b"PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n")):
        with RawClient(port) as client:
            client.send(before)
            client.upgrade("/a")
            client.send_frame(TEXT, b"hello")
            assert client.read_frame().payload == b"hello"
    with pytest.raises(ssl.SSLError), socket.create_connection(("127.0.0.1", mutual), timeout=20) as bare:
        with authority.context().wrap_socket(bare, server_hostname="localhost") as client:
            client.recv(1)


def test_tickets_of_one_listener_are_not_for_another(configured, authority, pairs):  # noqa: F811
    """Else a session from where nobody is asked for a certificate would get in where one is demanded."""
    first = pairs[0][0]
    instance = configured(first + listener() + listener(f'tls_client_ca = "{authority.bundle}"') + ROUTE)
    open_port, mutual = serving(instance)
    context = authority.context(maximum_version=ssl.TLSVersion.TLSv1_2)

    def connect(port, session=None):
        plain = socket.create_connection(("127.0.0.1", port), timeout=20)
        return context.wrap_socket(plain, server_hostname="localhost", session=session)
    with connect(open_port) as client:
        session = client.session
    with connect(open_port, session) as client:
        assert client.session_reused
    with pytest.raises(ssl.SSLError):
        connect(mutual, session)
    instance.wait_log("TLS handshake failed", "did not return a certificate")


def test_a_listener_changes_and_others_do_not_notice(configured, authority, pairs):  # noqa: F811
    (first, first_der), (second, second_der) = pairs
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as two:
        ports = [server.getsockname()[1] for server in (one, two)]

    def text(*listeners):
        return "".join(f'[[listener]]\naddress = "127.0.0.1:{port}"\n{lines}' for port, lines in
                       zip(ports, listeners, strict=True)) + ROUTE
    instance = configured(text(first, 'redirect = "https"\n'))
    client = RawClient(ports[0])
    client.socket = authority.context().wrap_socket(client.socket, server_hostname="localhost")
    with client:
        client.upgrade("/a")
        changes = reload(instance, text(first, second))
        assert f"listeners changed: 127.0.0.1:{ports[1]}" in changes and str(ports[0]) not in changes
        assert [shown(port, authority) for port in ports] == [first_der, second_der]
        reload(instance, text(second, 'redirect = "https"\n'), count=2)
        assert shown(ports[0], authority) == second_der
        assert ask(ports[1], "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").status == 308
        instance.rewrite(text('tls = "off"\n', 'redirect = "https"\n'))
        instance.signal(signal.SIGHUP)
        instance.wait_log("not reloaded")
        assert shown(ports[0], authority) == second_der
        client.send_frame(TEXT, b"still here")
        assert client.read_frame().payload == b"still here"


# ---- changes under load

class Load:
    """Clients that come, speak and go without a break, and others that stay; any fault ends the test."""

    def __init__(self, port, context):
        self.port, self.context = port, context
        self.faults, self.shown, self.rounds = [], set(), itertools.count()
        self.done = self.visits = self.resumed = 0
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self._run, args=(behave,), daemon=True)
                        for behave in [self._come_and_go, self._come_back, self._come_back] + [self._stay] * 3]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join(20)

    def _run(self, behave):
        try:
            behave()
        except Exception as fault:  # noqa: BLE001 (whatever it is, it is a failed session)
            self.faults.append(repr(fault))

    def _open(self, session=None):
        client = RawClient(self.port)
        client.socket = self.context.wrap_socket(client.socket, server_hostname="localhost", session=session)
        self.shown.add(client.socket.getpeercert(binary_form=True))
        client.upgrade("/a")
        return client

    def _echo(self, client):
        text = b"%d" % next(self.rounds) * 100
        client.send_frame(TEXT, text)
        assert client.read_frame().payload == text
        self.done += 1

    def _come_back(self):
        self._come_and_go(resumes=True)

    def _come_and_go(self, resumes=False):
        session = None
        while not self.over.is_set():
            with self._open(session) as client:
                self._echo(client)
                self.resumed += client.socket.session_reused
                session = client.socket.session if resumes else None
                client.send_close(1000)
                assert client.read_frame().code == 1000
                assert client.at_end()
                self.visits += 1

    def _stay(self):
        with self._open() as client:
            while not self.over.is_set():
                self._echo(client)
            client.send_close(1000)
            assert client.read_frame().code == 1000

    def goes_on(self):
        """Waits for another hundred messages and fifteen visits, or a fault."""
        done, visits = self.done + 100, self.visits + 15
        until(lambda: (self.done >= done and self.visits >= visits) or self.faults, 20, "sessions go on")
        assert not self.faults


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=["1.2", "1.3"])
def test_certificates_and_plans_change_under_load(configured, authority, tmp_path, version):
    """New certificates by SIGHUP, another plan, a broken one: no session fails, and none is refused."""
    pair = authority.issue("live", "localhost", folder=tmp_path)
    fresh = [authority.issue(f"fresh{number}", "localhost", folder=tmp_path) for number in range(3)]
    text = (f'tls_cert = "{pair.certificate}"\ntls_key = "{pair.key}"\nworkers = 2\n'
            + listener() + ROUTE)
    instance = configured(text)
    with Load(instance.port, authority.context(maximum_version=version, minimum_version=version)) as load:
        load.goes_on()
        for number, other in enumerate(fresh, 1):
            pair.replace_by(other)
            reload(instance, text + f'max_message_size = "{number}MiB"\n', count=number)
            load.goes_on()
        instance.rewrite(text + "nonsense = 1\n")
        instance.signal(signal.SIGHUP)
        instance.wait_log("not reloaded")
        load.goes_on()
    assert not load.faults
    assert len(load.shown) == 4, "each certificate was seen by somebody"
    assert load.resumed > 10
    instance.wait_log("certificates reloaded", count=3)
