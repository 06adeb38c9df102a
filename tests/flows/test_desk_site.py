"""Where the desk may be opened: this machine; under TLS; behind a declared proxy. What is missing is one line, exit 2."""

from __future__ import annotations

import os
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from desk.sign_in_port import Invited, Person
from flows.accounts import Gate
from flows.accounts_people import COMMAND_LINE
from flows.desk_site import Opening, check_people, check_secrets, find_site, open_tls, read_bind
from flows.home import Home
from mentionwatch.accounts import DeskRole
from mentionwatch.errors import ConfigError
from tests.desk.signed_in import make_session
from warehouse import accounts as rows
from warehouse.accounts_factor import offer_factor, take_factor

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
PASSWORD = "three herons over Aberglaslyn"
PUBLIC = "https://desk.school.example"
HERE = Opening("127.0.0.1", 0, "", "", "")
OURS = os.environ | {"PYTHONPATH": str(ROOT)}
CERT, KEY = "cert.pem", "key.pem"


def write_certificate(folder: Path, encrypted: bool = False) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1, signed by itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    at = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), False)
        .sign(key, hashes.SHA256())
    )
    lock: serialization.KeySerializationEncryption = (
        serialization.BestAvailableEncryption(b"secret") if encrypted else serialization.NoEncryption()
    )
    cert_file, key_file = folder / CERT, folder / KEY
    cert_file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock)
    )
    key_file.chmod(0o600)
    return cert_file, key_file


@pytest.mark.parametrize(
    ("opening", "public", "option"),
    [
        (Opening("0.0.0.0", 0, "", "", ""), PUBLIC, "--bind"),  # noqa: S104
        (Opening("192.0.2.1", 0, "", "", ""), PUBLIC, "--bind"),
        (Opening("::", 0, "", "", ""), PUBLIC, "--bind"),
        (Opening("desk.example", 0, "", "", ""), PUBLIC, "--bind"),
        (Opening("192.0.2.1", 0, CERT, "", ""), PUBLIC, "--tls-cert"),
        (Opening("127.0.0.1", 0, "", KEY, ""), PUBLIC, "--tls-cert"),
        (Opening("127.0.0.1", 0, CERT, KEY, "192.0.2.4/32"), PUBLIC, "--behind-proxy"),
        (Opening("192.0.2.1", 0, "", "", "0.0.0.0/0"), PUBLIC, "--behind-proxy"),
        (Opening("192.0.2.1", 0, "", "", "::/0"), PUBLIC, "--behind-proxy"),
        (Opening("192.0.2.1", 0, "", "", "the proxy"), PUBLIC, "--behind-proxy"),
        (Opening("192.0.2.1", 0, CERT, KEY, ""), "", "[sign_in] address"),
        (Opening("192.0.2.1", 0, CERT, KEY, ""), "http://127.0.0.1", "[sign_in] address"),
        (Opening("127.0.0.1", 0, "", "", "127.0.0.1/32"), "", "[sign_in] address"),
    ],
)
def test_it_does_not_open_where_others_could_listen_in(opening: Opening, public: str, option: str) -> None:
    """ASVS V12.2.1: not beyond this machine without TLS; a proxy is named, not assumed."""
    with pytest.raises(ConfigError) as refused:
        find_site(opening, public, 8710)
    assert refused.value.key == option and "\n" not in str(refused.value)


def test_the_addresses_it_answers_by() -> None:
    site = find_site(HERE, "", 8710)
    assert site.hosts == {"127.0.0.1:8710", "localhost:8710"} and not site.is_tls
    assert "[::1]:8710" in find_site(Opening("::1", 0, "", "", ""), "", 8710).hosts
    site = find_site(Opening("192.0.2.1", 0, CERT, KEY, ""), f"{PUBLIC}:443", 443)
    assert site.origins == {PUBLIC} and site.is_tls and not site.proxies
    site = find_site(Opening("127.0.0.1", 0, "", "", "127.0.0.1/32"), PUBLIC, 8710)
    assert site.hosts == {"desk.school.example"} and site.is_tls and len(site.proxies) == 1
    assert read_bind("127.0.0.2").is_loopback


def test_nobody_beyond_this_machine_while_a_password_alone_would_open_it(tmp_path: Path) -> None:
    """ASVS V6.3.3: no account, one with a password alone, one with a second step."""
    gate = Gate(tmp_path)
    with pytest.raises(ConfigError, match="nobody has an account"):
        check_people(gate)
    made = gate.add(COMMAND_LINE, Person("mari", "Mari", frozenset({DeskRole.HEAD})), NOW)
    assert isinstance(made, Invited)
    with pytest.raises(ConfigError, match="nobody has an account"):
        check_people(gate)
    gate.accept(made.key, PASSWORD, NOW)
    with pytest.raises(ConfigError, match="1 of 1 accounts would open with a password alone"):
        check_people(gate)
    with gate.store.change() as hold:
        offer_factor(hold, made.account.id, b"x" * 20)
        take_factor(hold, made.account.id, 1, [])
    check_people(gate)
    with pytest.raises(ConfigError, match="password alone"):
        check_people(Gate(tmp_path, needs_factor=False))


def test_a_person_of_the_directory_is_enough(tmp_path: Path) -> None:
    gate = Gate(tmp_path)
    viewer, _ = make_session(gate, NOW, DeskRole.HEAD)
    with gate.store.change() as hold:
        rows.link_person(hold, "https://id.example", "s1", viewer.account_id, NOW)
    check_people(gate)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps other lists of who may read")
def test_secrets_that_others_can_read_keep_it_shut(tmp_path: Path) -> None:
    """ASVS V13.3.1: the school's keys and the certificate's."""
    home = Home(tmp_path)
    home.keys.mkdir(mode=0o700)
    secret = home.keys / "school.key"
    secret.touch(mode=0o600)
    _, key = write_certificate(tmp_path)
    check_secrets(home, str(key))
    for each in (secret, key):
        each.chmod(0o640)
        with pytest.raises(ConfigError, match="can read it") as refused:
            check_secrets(home, str(key))
        assert refused.value.file == str(each)
        each.chmod(0o600)


def test_a_certificate_that_cannot_be_used_is_one_line(tmp_path: Path) -> None:
    cert, key = write_certificate(tmp_path, encrypted=True)
    for tls in ((cert, key), (cert, tmp_path / "none"), (cert, cert)):
        with pytest.raises(ConfigError, match="cannot be used") as refused:
            open_tls(Opening("127.0.0.1", 0, str(tls[0]), str(tls[1]), ""))
        assert "\n" not in str(refused.value) and "secret" not in str(refused.value)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = Home(tmp_path_factory.mktemp("site") / "home")
    command = ["init", "--home", str(made.folder), "--name", "Ysgol Llanbedrog", "--pack", "llanbedrog"]
    subprocess.run(
        [sys.executable, "-P", "-m", "flows.cli", *command],
        cwd=ROOT,
        env=OURS,
        check=True,
        capture_output=True,
    )
    return made


def _desk(home: Home, *options: str) -> list[str]:
    return [sys.executable, "-u", "-P", "-m", "flows.cli", "desk", "--home", str(home.folder), "--port", "0", *options]  # fmt: skip


@contextmanager
def running(home: Home, *options: str) -> Iterator[list[str]]:
    """The command, running; what it printed up to the address."""
    with subprocess.Popen(
        _desk(home, *options), cwd=ROOT, env=OURS, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:  # fmt: skip
        try:
            assert process.stdout is not None
            said: list[str] = []
            for line in process.stdout:
                said.append(line.strip())
                if "Ctrl+C" in line:
                    break
            yield said
        finally:
            process.terminate()
            process.communicate(timeout=300)


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_under_tls_it_really_speaks_tls_and_nothing_older(home: Home, tmp_path: Path) -> None:
    """ASVS V12.1.1, V12.1.2, V3.3.1, V3.4.1: 1.2 and 1.3, no 1.1; guarded cookie; HSTS; plain HTTP gets nothing."""
    cert, key = write_certificate(tmp_path)
    with running(home, "--tls-cert", str(cert), "--tls-key", str(key)) as said:
        link = next(line for line in said if line.startswith("https://"))
        assert "/first?key=" in link
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            trust = ssl.create_default_context(cafile=str(cert))
            trust.minimum_version = trust.maximum_version = version
            with httpx.Client(verify=trust, trust_env=False, timeout=300) as client:
                answer = client.get(link.split("/first")[0] + "/sign-in")
                assert answer.status_code == 200
                assert answer.headers["strict-transport-security"].startswith("max-age=")
                cookie = answer.headers["set-cookie"]
                assert cookie.startswith("__Host-") and "Secure" in cookie and "Path=/" in cookie
        old = ssl.create_default_context(cafile=str(cert))
        old.set_ciphers("ALL:@SECLEVEL=0")
        old.minimum_version = ssl.TLSVersion.TLSv1
        old.maximum_version = ssl.TLSVersion.TLSv1_1
        with httpx.Client(verify=old, trust_env=False, timeout=300) as client, pytest.raises(httpx.HTTPError):
            client.get(link)
        with pytest.raises(httpx.HTTPError):
            httpx.get(link.replace("https://", "http://"), trust_env=False, timeout=300)


@pytest.mark.parametrize(
    "options", [("--bind", "0.0.0.0"), ("--bind", "0.0.0.0", "--behind-proxy", "127.0.0.1/32"), ("--bind", "x")]  # noqa: S104
)  # fmt: skip
def test_a_refusal_to_start_is_one_line_and_exit_2(home: Home, options: tuple[str, ...]) -> None:
    ended = subprocess.run(
        _desk(home, *options), cwd=ROOT, env=OURS, capture_output=True, text=True, timeout=300, check=False
    )
    assert ended.returncode == 2 and ended.stdout == "" and ended.stderr.count("\n") == 1
