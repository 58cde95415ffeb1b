"""BEHAVIOUR sections 1 and 2: files for plain requests, with bare sockets."""

import gzip
import hashlib
import os
import shutil
import socket
import struct
import threading
import time

import pytest

from harness.raw import RawClient
from harness.sandbox import OPENAT2, without
from harness.server import Server, run, until

OLD = 1_577_836_800  # 2020-01-01
OLD_DATE = "Wed, 01 Jan 2020 00:00:00 GMT"
BIG = os.urandom(3_000_000)
PIECE = 1 << 20


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.txt").write_text("secret")
    root = outside / "public"
    (root / "sub" / "empty").mkdir(parents=True)
    (root / "a.txt").write_text("hello")
    (root / "index.html").write_text("<h1>index</h1>")
    (root / "sub" / "index.html").write_text("sub")
    (root / "sub" / "empty" / "<b>.txt").write_text("")
    (root / "none.txt").write_text("")
    (root / "app.js").write_text("plain " * 100)
    (root / "app.js.gz").write_bytes(gzip.compress(b"plain " * 100))
    (root / "app.js.br").write_bytes(b"brotli")
    (root / "big.bin").write_bytes(BIG)
    (root / "page.html").write_text("page")
    (root / "odd.glsl").write_text("odd")
    (root / "with blank & ü.txt").write_text("named")
    (root / ".hidden").write_text("hidden")
    (root / ".git").mkdir()
    (root / ".git" / "config").write_text("hidden")
    (root / ".well-known").mkdir()
    (root / ".well-known" / "x").write_text("known")
    (root / "evil").mkdir()
    (root / "\\evil.example").mkdir()
    (root / "in").symlink_to("a.txt")
    (root / "out").symlink_to("../secret.txt")
    (root / "absolute").symlink_to(outside / "secret.txt")
    (root / "outdir").symlink_to("..")
    (root / "proc").symlink_to("/proc/self/fd/0")
    (root / "circle").symlink_to("circle")
    os.mkfifo(root / "fifo")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(root / "socket"))
    with open(root / "huge", "wb") as huge:
        huge.truncate(5 << 30)
        huge.seek((5 << 30) - 3)
        huge.write(b"end")
    for path in root.rglob("*"):
        os.utime(path, (OLD, OLD), follow_symlinks=False)
    return root


def started(*options, **settings):
    instance = Server("--port", "0", *options, **settings)
    return instance.wait_ready()


# A service of systemd with DynamicUser= has no openat2(2).
OPENING = {"openat2": [], "step by step": without(OPENAT2)}


@pytest.fixture(scope="module", params=OPENING)
def site(folder, request):
    instance = started(
        "--static", str(folder), "--static-precompressed", "--static-cache", "max-age=60", "--static-type",
        "glsl=text/plain", "--echo", before=OPENING[request.param])
    yield instance
    instance.stop()


@pytest.fixture(scope="module")
def application(folder):
    """A single-page application that shows its folders."""
    instance = started("--static", str(folder), "--static-listing", "--try-files", "{path}.html,page.html")
    yield instance
    instance.stop()


def ask(instance, target, method="GET", **fields):
    with RawClient(instance.port) as client:
        return put(client, target, method, **fields)


def put(client, target, method="GET", **fields):
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
    client.send(f"{method} {target} HTTP/1.1\r\nHost: localhost\r\n{lines}\r\n".encode("latin-1"))
    return client.response(with_body=method != "HEAD")


def test_a_file(site):
    answer = ask(site, "/a.txt")
    assert (answer.status, answer.body) == (200, b"hello")
    assert answer.field("Content-Type") == "text/plain; charset=utf-8"
    assert answer.field("Last-Modified") == OLD_DATE and answer.field("ETag").startswith('"')
    assert answer.field("Cache-Control") == "max-age=60" and answer.field("Vary") == "Accept-Encoding"
    assert answer.field("X-Content-Type-Options") == "nosniff" and answer.field("Date")
    assert answer.field("Connection") == "keep-alive"


FOUND = [
    ("/", b"<h1>index</h1>"), ("/index.html", b"<h1>index</h1>"), ("/sub/", b"sub"), ("/in", b"hello"),
    ("/%61.txt", b"hello"), ("/a.txt?query=/../x", b"hello"), ("/none.txt", b""),
    ("/with%20blank%20&%20%C3%BC.txt", b"named"), ("/.well-known/x", b"known"), ("/odd.glsl", b"odd"),
    ("http://localhost/a.txt", b"hello"),
]


@pytest.mark.parametrize("target, body", FOUND)
def test_found(site, target, body):
    answer = ask(site, target)
    assert (answer.status, answer.body) == (200, body)


NOT_SERVED = [
    (404, ["/nothing", "/a.txt/", "/a.txt/b", "/.hidden", "/.git/config", "/.git/", "/out", "/absolute", "/outdir/",
           "/outdir/secret.txt", "/proc", "/circle", "/fifo", "/socket", "/%2ehidden", "/%252e%252e/secret.txt",
           "/sub/empty/", "/" + "x" * 3000, "/a.txt%20", "/..%5csecret.txt", "/...", "/%ff", "/sub/.well-known/x"]),
    (400, ["/../secret.txt", "/sub/../../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/%2e%2e%2fsecret.txt",
           "/./a.txt", "//a.txt", "//evil.example/", "/a.txt%00", "/%00", "/%", "/%4", "/%zz", "/sub//index.html",
           "/a%0d%0aX:%20y", "/.."]),
]


@pytest.mark.parametrize("status, target", [(status, target) for status, targets in NOT_SERVED for target in targets])
def test_not_served(site, status, target):
    answer = ask(site, target)
    assert answer.status == status
    assert b"secret" not in answer.body and b"hidden" not in answer.body


@pytest.mark.parametrize("target, location", [
    ("/sub", "/sub/"), ("/sub?a=b", "/sub/?a=b"), ("/evil", "/evil/"), ("/%65vil", "/%65vil/"),
    ("/\\evil.example", "/%5Cevil.example/"), ("/%5Cevil.example", "/%5Cevil.example/"),
])
def test_a_folder_ends_in_a_slash(site, target, location):
    answer = ask(site, target)
    assert (answer.status, answer.field("Location")) == (301, location)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "get", "PROPFIND"])
def test_other_methods(site, method):
    answer = ask(site, "/a.txt", method)
    assert (answer.status, answer.field("Allow")) == (405, "GET, HEAD")


def test_head(site):
    answer = ask(site, "/big.bin", "HEAD", Range="bytes=0-1")
    assert (answer.status, answer.field("Content-Length")) == (200, str(len(BIG)))
    with RawClient(site.port) as client:
        assert put(client, "/a.txt", "HEAD").field("Content-Length") == "5"
        assert put(client, "/a.txt").body == b"hello"


def test_conditions(site):
    tag = ask(site, "/a.txt").field("ETag")
    rows = [
        (304, {"If_None_Match": tag}), (304, {"If_None_Match": "W/" + tag}), (304, {"If_None_Match": "*"}),
        (304, {"If_Modified_Since": OLD_DATE}), (200, {"If_None_Match": '"x"', "If_Modified_Since": OLD_DATE}),
        (200, {"If_Modified_Since": "Tue, 31 Dec 2019 23:59:59 GMT"}), (412, {"If_Match": '"x"'}),
        (200, {"If_Match": tag}), (412, {"If_Unmodified_Since": "Tue, 31 Dec 2019 23:59:59 GMT"}),
        (206, {"Range": "bytes=0-1", "If_Range": tag}), (206, {"Range": "bytes=0-1", "If_Range": OLD_DATE}),
        (200, {"Range": "bytes=0-1", "If_Range": '"x"'}), (200, {"Range": "bytes=0-1", "If_Range": "W/" + tag}),
    ]
    with RawClient(site.port) as client:
        for status, fields in rows:
            answer = put(client, "/a.txt", **fields)
            assert answer.status == status, fields
            if status == 304:
                assert answer.field("ETag") == tag and answer.field("Content-Length") is None


def test_ranges(site):
    with RawClient(site.port) as client:
        for field, first, last in [("0-0", 0, 0), ("-5", 2_999_995, 2_999_999), ("70000-1500000", 70_000, 1_500_000),
                                   ("2999999-", 2_999_999, 2_999_999), ("0-99999999999999999999", 0, 2_999_999)]:
            answer = put(client, "/big.bin", Range="bytes=" + field)
            assert answer.field("Content-Range") == f"bytes {first}-{last}/3000000"
            assert answer.status == 206 and answer.body == BIG[first:last + 1]
        answer = put(client, "/big.bin", Range="bytes=3000000-")
        assert (answer.status, answer.field("Content-Range")) == (416, "bytes */3000000")
        # Many small ones, or the whole several times, are not worth the work.
        assert put(client, "/a.txt", Range="bytes=" + ",".join(["0-0"] * 100)).status == 200
        assert put(client, "/big.bin", Range="bytes=0-,0-,0-").status == 200


def test_several_ranges(site):
    answer = ask(site, "/big.bin", Range="bytes=0-9,100000-200000,-7")
    kind, boundary = answer.field("Content-Type").split("; boundary=")
    assert (answer.status, kind) == (206, "multipart/byteranges")
    parts = answer.body.split(b"--" + boundary.encode())
    assert parts[0] == b"" and parts[-1] == b"--\r\n"
    bodies = [part.split(b"\r\n\r\n", 1)[1][:-2] for part in parts[1:-1]]
    assert bodies == [BIG[:10], BIG[100_000:200_001], BIG[-7:]]


def test_precompressed(site):
    with RawClient(site.port) as client:
        plain = put(client, "/app.js", Accept_Encoding="gzip;q=0, br;q=0")
        assert plain.body == b"plain " * 100 and plain.field("Content-Encoding") is None
        gzipped = put(client, "/app.js", Accept_Encoding="gzip")
        assert gzip.decompress(gzipped.body) == plain.body and gzipped.field("Content-Encoding") == "gzip"
        best = put(client, "/app.js", Accept_Encoding="gzip, deflate, br, zstd")
        assert (best.body, best.field("Content-Encoding")) == (b"brotli", "br")
        for answer in [plain, gzipped, best]:
            assert answer.field("Content-Type") == "text/javascript; charset=utf-8"
            assert answer.field("Vary") == "Accept-Encoding"
        assert len({answer.field("ETag") for answer in [plain, gzipped, best]}) == 3
        assert put(client, "/app.js", Accept_Encoding="gzip", If_None_Match=gzipped.field("ETag")).status == 304
        # Without its plain file a compressed one stands for nothing.
        assert put(client, "/a.txt", Accept_Encoding="gzip").body == b"hello"


def test_pipelined_requests_are_answered_in_order(site):
    targets = ["/a.txt", "/big.bin", "/nothing", "/a.txt", "/big.bin", "/"]
    with RawClient(site.port) as client:
        client.send("".join(f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n" for target in targets).encode())
        answers = [client.response() for _ in targets]
    assert [answer.status for answer in answers] == [200, 200, 404, 200, 200, 200]
    assert [len(answer.body) for answer in answers[:2]] == [5, len(BIG)] and answers[4].body == BIG


def test_a_bridge_on_the_same_path(site):
    with RawClient(site.port) as client:
        assert put(client, "/a.txt").body == b"hello"
        client.upgrade("/a.txt")
        client.send_frame(1, b"through")
        assert client.read_frame().payload == b"through"
        client.send_close(1000)
        assert client.read_close(answer=False).code == 1000


def test_files_alone_take_no_websockets(application):
    with RawClient(application.port) as client:
        client.send(b"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
        answer = client.response()
    assert answer.status == 404 and b"WebSocket" in answer.body


def test_a_single_page_application(application):
    assert ask(application, "/rooms/7").body == b"page"
    assert ask(application, "/page").body == b"page"
    assert ask(application, "/a.txt").body == b"hello"
    assert ask(application, "/.hidden").status == 404


def test_listings(application):
    answer = ask(application, "/sub/empty/")
    assert answer.status == 200 and b"&lt;b&gt;.txt" in answer.body and b"./%3Cb%3E.txt" in answer.body
    assert answer.field("Content-Security-Policy").startswith("default-src 'none'")
    assert ask(application, "/sub/").body == b"sub"
    assert b"hidden" not in ask(application, "/.git/").body


def test_a_huge_file(site):
    with RawClient(site.port) as client:
        assert put(client, "/huge", "HEAD").field("Content-Length") == str(5 << 30)
        answer = put(client, "/huge", Range=f"bytes={(5 << 30) - 6}-")
        assert answer.body == b"\0\0\0end"
        # It stops when the client does.
        client.send(b"GET /huge HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert client._exactly(PIECE)
    assert site.rss_kib() < 200_000
    assert ask(site, "/a.txt").body == b"hello"


def test_a_slow_client_keeps_nobody_waiting(site):
    with RawClient(site.port, receive_buffer=4096) as slow:
        slow.send(b"GET /big.bin HTTP/1.1\r\nHost: localhost\r\n\r\n")
        for _ in range(20):
            assert ask(site, "/a.txt").body == b"hello"
        assert slow.response().body == BIG


def test_over_tls(server, folder):
    import ssl
    instance = server("--static", str(folder), "--tls", "self-signed")
    context = ssl._create_unverified_context()
    with socket.create_connection(("127.0.0.1", instance.port), 20) as plain:
        with context.wrap_socket(plain, server_hostname="localhost") as secure:
            secure.sendall(b"GET /big.bin HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            received = b""
            while piece := secure.recv(1 << 16):
                received += piece
    assert received.split(b"\r\n\r\n", 1)[1] == BIG


def test_changes_while_it_runs(server, tmp_path):
    root = tmp_path / "current"
    root.mkdir()
    (root / "a.txt").write_text("one")
    instance = server("--static", str(root))
    first = ask(instance, "/a.txt")
    (root / "a.txt").write_text("two and more")
    second = ask(instance, "/a.txt", If_None_Match=first.field("ETag"))
    assert (second.status, second.body) == (200, b"two and more")
    # Just written: it may be written again within the same tick of the clock.
    assert second.field("ETag").startswith("W/")
    (root / "a.txt").unlink()
    assert ask(instance, "/a.txt").status == 404
    # Another folder takes its place, as deployments do it.
    (tmp_path / "next").mkdir()
    (tmp_path / "next" / "a.txt").write_text("next")
    root.rename(tmp_path / "before")
    (tmp_path / "next").rename(root)
    until(lambda: ask(instance, "/a.txt").body == b"next", 5, "the new folder is served")
    shutil.rmtree(root)
    until(lambda: ask(instance, "/b.txt").status == 404, 5, "there is nothing")


def test_truncated_while_it_is_sent(server, tmp_path):
    path = tmp_path / "shrinking"
    path.write_bytes(bytes(64 << 20))
    instance = server("--static", str(tmp_path))
    with RawClient(instance.port, receive_buffer=4096) as client:
        client.send(b"GET /shrinking HTTP/1.1\r\nHost: localhost\r\n\r\n")
        client._exactly(1000)
        os.truncate(path, 100_000)
        # What comes is less than was promised, and the connection says so by its end.
        client.drain_to_end()
        assert len(client.buffer) < 64 << 20
    instance.wait_log("became shorter", "/shrinking")
    assert ask(instance, "/shrinking").field("Content-Length") == "100000"


def test_clients_that_leave_in_the_middle_leave_nothing(folder):
    """They end or break off behind a request for some of a file, for all of one, for two: whatever has begun to be sent
    lets go of its file and of its socket."""
    instance = started("--static", str(folder), "--workers", "1")
    some, large = "/big.bin HTTP/1.1\r\nRange: bytes=0-9,20-29", "/big.bin HTTP/1.1"
    try:
        assert ask(instance, "/big.bin", "HEAD").status == 200
        before = len(os.listdir(f"/proc/{instance.pid}/fd"))
        for lines in (some, large, f"{some}\r\nHost: localhost\r\n\r\nGET {large}"):
            for linger in (0, 1):
                for _ in range(10):
                    with RawClient(instance.port) as client:
                        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", linger, 0))
                        client.send(f"GET {lines}\r\nHost: localhost\r\n\r\n".encode())
        assert ask(instance, "/a.txt").body == b"hello"  # all before it have been let in
        until(lambda: len(os.listdir(f"/proc/{instance.pid}/fd")) <= before, 5, "all are let go of")
    finally:
        instance.stop()


@pytest.mark.parametrize("opening", OPENING)
def test_links_that_change_sides(server, tmp_path, opening):
    """A link that leads in and out in turn: what is answered is a file from inside, or nothing."""
    root = tmp_path / "public"
    (root / "dir").mkdir(parents=True)
    (root / "dir" / "x").write_text("inside")
    (tmp_path / "dir").mkdir()
    (tmp_path / "dir" / "x").write_text("secret")
    instance = server("--static", str(root), "--log-level", "error", before=OPENING[opening])
    (root / "link").symlink_to("dir")
    stop = threading.Event()

    def swap():
        while not stop.is_set():
            for target in ["../dir", "dir"]:
                os.symlink(target, root / "fresh")
                os.replace(root / "fresh", root / "link")
    swapper = threading.Thread(target=swap)
    swapper.start()
    try:
        seen = set()
        deadline = time.monotonic() + 1
        with RawClient(instance.port) as client:
            for _ in range(500):
                answer = put(client, "/link/x")
                seen.add((answer.status, answer.body))
                if time.monotonic() > deadline:
                    break
    finally:
        stop.set()
        swapper.join()
    assert seen <= {(200, b"inside"), (404, b"there is no such file\n")} and (200, b"inside") in seen


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_files_that_may_not_be_read(server, tmp_path):
    (tmp_path / "closed").write_text("closed")
    (tmp_path / "closed").chmod(0)
    instance = server("--static", str(tmp_path))
    assert ask(instance, "/closed").status == 403
    instance.wait_log("may not be read", "/closed")


@pytest.mark.skipif(not os.path.exists("/sys/class/net/lo/speed"), reason="needs /sys")
def test_files_that_cannot_be_read_to_their_end(server):
    """A disk that has gone bad, and a file that is shorter than it says: the kernel has files of both kinds."""
    instance = server("--static", "/sys/class/net/lo/")
    for name, says in [("speed", "cannot be read"), ("mtu", "became shorter")]:
        with RawClient(instance.port) as client:
            client.send(f"GET /{name} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            assert client.response(with_body=False).field("Content-Length") == "4096"
            client.drain_to_end()
            assert len(client.buffer) < 4096
        instance.wait_log(says, "/" + name)
    assert ask(instance, "/nothing").status == 404


def test_configuration(configured, tmp_path):
    (tmp_path / "www").mkdir()
    (tmp_path / "www" / "a.txt").write_text("from the file")
    instance = configured(f"""
        port = 0
        [[route]]
        path = "/assets/*"
        static = "{tmp_path}/www"
        static_type = ["txt=text/x-own"]
        [[route]]
        path = "/*"
        echo = true
    """)
    answer = ask(instance, "/assets/a.txt")
    assert answer.body == b"from the file" and answer.field("Content-Type") == "text/x-own"
    assert ask(instance, "/a.txt").body != b"from the file"


@pytest.mark.parametrize("options, says", [
    (["--static", "/no/such/folder"], "cannot be entered"),
    (["--static", "/tmp", "--static-type", "x"], "names no type"),
    (["--static", "/tmp", "--try-files", "../x"], "not the path of a file"),
])
def test_what_is_wrong_is_told_at_start(options, says):
    done = run("check", *options)
    assert done.returncode == 2 and says in done.stderr


def test_options_without_a_folder():
    done = run("check", "--echo", "--static-listing")
    assert done.returncode == 0 and "no folder" in done.stderr


def test_the_digest_of_a_file_at_full_speed(site):
    digest = hashlib.sha256()
    with RawClient(site.port) as client:
        for _ in range(3):
            digest.update(put(client, "/big.bin").body)
    assert digest.digest() == hashlib.sha256(BIG * 3).digest()
