"""The real nginx before servers, with the very files that docs/access.md gives for it."""

import re
import socket
import ssl
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection

from operations.home.settings import ROOT
from tests.pages_as_typed import blocks
from tests.tools import needed
from tests.ui.asking import exchanged

PAGE = "docs/access.md"
FILE = re.compile(r"^```nginx\n# (?P<name>/etc/nginx/\S+)\n(?P<text>.*?)^```$", re.M | re.S)
TEAM, VIEWERS = "stats.example.org", "stats-view.example.org"
MAIN = """daemon off;
user {user};
pid {own}/pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path {own}/body;
    proxy_temp_path {own}/proxy;
    fastcgi_temp_path {own}/fastcgi;
    uwsgi_temp_path {own}/uwsgi;
    scgi_temp_path {own}/scgi;
    include {own}/etc/nginx/conf.d/*.conf;
}}
"""


@dataclass(frozen=True)
class Nginx:
    """A running nginx: its port, and what a browser needs to trust its certificate."""

    port: int
    trust: ssl.SSLContext

    def plain(self):
        """Open a connection, before TLS and without a name server."""
        return socket.create_connection(("127.0.0.1", self.port), 60)

    def ask(self, host, method, path, headers=(), body=None):
        """Send exactly these headers besides `Host`: the status, text and headers of the answer."""
        connection = HTTPConnection(host)
        connection.sock = self.trust.wrap_socket(self.plain(), server_hostname=host)
        names = [] if any(name == "Host" for name, _ in headers) else [("Host", host)]
        answer, text = exchanged(connection, method, path, [*names, *headers], body)
        return answer.status, text, answer.headers


def make_secrets(folder):
    """Make the secrets of both addresses below a folder, as the page has it typed."""
    for name in ("etc/connect-to-work", "etc/nginx/conf.d", "etc/ssl/connect-to-work"):
        (folder / name).mkdir(parents=True)
    [typed] = [block.text for block in blocks(PAGE) if "secrets.token_hex" in block.text]
    words = typed.replace("/etc/", f"{folder}/etc/")
    subprocess.run(["bash", "-ec", words], check=True)


def files_of_page():
    """The files of nginx that the page gives, by name."""
    text = (ROOT / PAGE).read_text(encoding="utf-8")
    return {found["name"]: found["text"] for found in FILE.finditer(text)}


def certificate(folder):
    """Make the certificate of both addresses in a folder."""
    names = ",".join(f"DNS:{host}" for host in (TEAM, VIEWERS))
    words = (
        f"req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test -addext subjectAltName={names}"
    )
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    program = str(needed("openssl"))
    subprocess.run([program, *words.split(), *files], check=True, capture_output=True)


def lay_out(folder, own, ports):
    """Write the files of the page below `own`; `ports` gives what stands for each of theirs."""
    (own / "etc/nginx/conf.d").mkdir(parents=True)
    page = files_of_page()

    def placed(found):
        return f"{own if found[0] in page else folder}{found[0]}"

    for name, text in page.items():
        served = re.sub(r"(?<=listen |\.0\.0\.1:)\d+", lambda found: str(ports[found[0]]), text)
        (own / name.removeprefix("/")).write_text(re.sub(r"/etc/\S+(?=;)", placed, served))


@contextmanager
def before(folder, own, ports):
    """Run nginx on a free port until the block ends, with the secrets and certificate of a folder.

    `ports` gives the real port for each that the page names for a service or a login.
    """
    program = needed("nginx")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    lay_out(folder, own, {"443": f"127.0.0.1:{port}", **ports})
    (own / "nginx.conf").write_text(MAIN.format(own=own, user=own.owner()))
    trust = ssl.create_default_context(cafile=str(folder / "etc/ssl/connect-to-work/cert.pem"))
    log = own / "nginx.log"
    words = [str(program), "-p", str(own), "-c", str(own / "nginx.conf")]
    with log.open("wb") as out:
        process = subprocess.Popen(words, stderr=out, stdout=out)
    try:
        _wait(process, port, log)
        yield Nginx(port, trust)
    finally:
        process.terminate()
        process.wait(60)


def _wait(process, port, log):
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 5).close()
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(log.read_text())
