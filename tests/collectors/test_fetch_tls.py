"""Certificates are checked, and one shared context serves every visit."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path
from socket import create_server

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from collectors.fetch import Door, Limits, open_tls
from mentionwatch.fetching import Fault, Fetched, FetchRequest
from mentionwatch.labels import FaultKind
from tests.collectors.loopback import answer


def certificate(folder: Path, days: int) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "intranet.example")])
    at = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(at - timedelta(days=30))
        .not_valid_after(at + timedelta(days=days))
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.DNSName("intranet.example"), x509.IPAddress(ip_address("127.0.0.1"))]
            ),
            False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{days}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + built.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture(params=[30, -1])
def secure(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[int, Path, int]]:
    path = certificate(tmp_path, request.param)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    with create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                    with context.wrap_socket(connection, server_side=True) as stream:
                        stream.recv(65536)
                        stream.sendall(answer(b"<p>secure</p>", connection="close"))
                except OSError:
                    if listener.fileno() < 0:
                        return

        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1], path, request.param


def test_only_a_valid_certificate_for_the_right_name_is_accepted(secure: tuple[int, Path, int]) -> None:
    port, path, days = secure
    trusting = open_tls()
    trusting.load_verify_locations(path)
    cases = {
        ("127.0.0.1", trusting): days > 0,
        ("intranet.example", trusting): days > 0,
        ("wrong.example", trusting): False,
        ("127.0.0.1", open_tls()): False,
    }
    for (host, context), is_good in cases.items():
        base = f"https://{host}:{port}"
        door = Door(
            user_agent="mentionwatch/0.1 (+x)",
            allow_networks=[ip_network("127.0.0.1/32")],
            configured_origins=[base],
            limits=Limits(total_s=2.0),
            tls=context,
            resolve=lambda host, port: ["127.0.0.1"],
        )
        got = door(FetchRequest(base + "/", base, obey_robots=False))
        door.close()
        if is_good:
            assert isinstance(got, Fetched) and got.body == b"<p>secure</p>" and got.remote_ip == "127.0.0.1"
        else:
            assert isinstance(got, Fault) and got.kind is FaultKind.TLS and "certificate" in got.detail
