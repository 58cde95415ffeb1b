"""nginx as a peer: one process, nothing logged, everything it writes in a folder of its own."""

import atexit
import shutil
import tempfile
from pathlib import Path

CONFIGURATION = """
daemon off;
master_process off;
pid {folder}/pid;
error_log stderr error;
worker_rlimit_nofile 65536;
events {{ worker_connections 30000; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    default_type text/plain;
    keepalive_requests 1000000000;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    map $http_upgrade $wanted {{ default upgrade; "" ""; }}
    {upstream}
    server {{
        listen 127.0.0.1:{port};
        location / {{ {location} }}
    }}
}}
"""

UPSTREAM = "upstream behind {{ server 127.0.0.1:{proxied}; keepalive 64; keepalive_requests 1000000000; }}"

# What a proxy of WebSockets is told everywhere, and what wsbridge tells the server behind without being asked.
PROXY = """
    proxy_pass http://behind;
    proxy_http_version 1.1;
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection $wanted;
    proxy_read_timeout 1h;
"""


def nginx_words(path, proxied=None, static=None):
    """For `Program`: nginx in front of the port `proxied`, or with the files of the folder `static`."""
    folder = Path(tempfile.mkdtemp(prefix="wsbridge-benchmark-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)

    def words(port):
        (folder / "nginx.conf").write_text(CONFIGURATION.format(
            folder=folder, port=port, upstream=UPSTREAM.format(proxied=proxied) if proxied else "",
            location=PROXY if proxied else f"root {static};"))
        return [path, "-p", folder, "-e", "stderr", "-c", folder / "nginx.conf"]
    return words
