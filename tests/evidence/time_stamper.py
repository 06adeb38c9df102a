"""Real time-stamping authorities: openssl's, each with a root of its own, behind a small HTTP server on loopback.

What a bad authority does is done by a real one too: it signs with an expired certificate, or the good answer is
damaged on its way out.
"""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from evidence.stamp_check import TimeStamper

DAY = timedelta(days=1)
QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"

_CONFIG = """
[authority]
serial = {folder}/serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
other_policies = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = yes
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
certs = {folder}/root.pem
signer_cert = {folder}/signer.pem
signer_key = {folder}/signer.key
"""


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs, content_commitment=signs, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=not signs, crl_sign=not signs, encipher_only=False, decipher_only=False,
    )  # fmt: skip


@dataclass(frozen=True)
class Authority:
    """One authority in a folder of its own. `embeds_root`: it sends its root along, which puts the set out of order."""

    folder: Path
    common_name: str
    embeds_root: bool
    root_pem: bytes

    def answer(self, query: bytes) -> bytes:
        """The stamp openssl gives to a query."""
        (self.folder / "query.tsq").write_bytes(query)
        command = [
            "openssl",
            "ts",
            "-reply",
            "-config",
            "tsa.cnf",
            "-section",
            "authority",
            "-queryfile",
            "query.tsq",
            "-out",
            "answer.tsr",
        ]
        if self.embeds_root:
            command += ["-chain", "root.pem"]
        subprocess.run(command, cwd=self.folder, check=True, capture_output=True, timeout=300)
        return (self.folder / "answer.tsr").read_bytes()

    def stamper(self, url: str, *, owner: str = "", name: str = "") -> TimeStamper:
        """How a school would configure it."""
        called = name or self.common_name
        return TimeStamper(called, url, self.root_pem, owner or f"owner of {called}", (self.common_name,))


def make_authority(
    folder: Path,
    common_name: str,
    *,
    embeds_root: bool = False,
    since: timedelta = -30 * DAY,
    until: timedelta = 300 * DAY,
) -> Authority:
    """A root, a certificate under it that may (critically) only stamp, and openssl's configuration for both."""
    folder.mkdir(parents=True)
    now = datetime.now(UTC)
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = _name(f"root of {common_name}")
    root = (
        x509.CertificateBuilder(issuer, issuer, root_key.public_key(), x509.random_serial_number())
        .not_valid_before(now - 300 * DAY)
        .not_valid_after(now + 3000 * DAY)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    signer = (
        x509.CertificateBuilder(issuer, _name(common_name), key.public_key(), x509.random_serial_number())
        .not_valid_before(now + since)
        .not_valid_after(now + until)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        # These make it the longer of the two. openssl sends the signer first, DER wants the shorter first (X.690 11.6).
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False
        )
        .sign(root_key, hashes.SHA256())
    )
    (folder / "root.pem").write_bytes(root.public_bytes(Encoding.PEM))
    (folder / "signer.pem").write_bytes(signer.public_bytes(Encoding.PEM))
    (folder / "signer.key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (folder / "serial").write_text("01\n", "ascii")
    config = _CONFIG.format(folder=folder.as_posix())
    if not embeds_root:
        config = config.replace(f"certs = {folder.as_posix()}/root.pem\n", "")
    (folder / "tsa.cnf").write_text(config, "utf-8")
    return Authority(folder, common_name, embeds_root, root.public_bytes(Encoding.PEM))


@dataclass
class Counter:
    """A served authority: its address, the queries that reached it, and what it does to its answers on the way out.

    `spoil` takes the query and gives status, media type and body.
    """

    url: str
    authority: Authority
    queries: list[bytes] = field(default_factory=list)
    spoil: Callable[[bytes], tuple[int, str, bytes]] | None = None

    @property
    def stamper(self) -> TimeStamper:
        return self.authority.stamper(self.url)


@contextmanager
def serving(authority: Authority) -> Iterator[Counter]:
    """The authority on a loopback port of its own."""
    one_at_a_time = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            with one_at_a_time:
                counter.queries.append(query)
                if self.headers["Content-Type"] != QUERY:
                    status, media_type, body = 415, "text/plain", b"not a query"
                elif counter.spoil:
                    status, media_type, body = counter.spoil(query)
                else:
                    status, media_type, body = 200, REPLY, authority.answer(query)
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    counter = Counter(f"http://127.0.0.1:{server.server_port}/tsa", authority)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield counter
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
