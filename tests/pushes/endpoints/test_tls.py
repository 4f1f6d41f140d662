"""Endpoints behind TLS: a certificate that holds, one that does not, and a port without TLS."""

import socket
import ssl
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pushes import wire
from support.platform import Platform

Attempt = Callable[[str], dict[str, Any]]
ACKNOWLEDGED = b'HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n{"status":200}'


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for 127.0.0.1 that signed itself, with its key."""
    return issue(tmp_path)


def issue(
    folder: Path, address: str = "127.0.0.1", days: int = 1, issuer: str = "test-only"
) -> Path:
    """Write a certificate and its key; with another issuer somebody else signed it."""
    key = ec.generate_private_key(ec.SECP256R1())
    signing = key if issuer == "test-only" else ec.generate_private_key(ec.SECP256R1())
    name, by = (
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, each)]) for each in ("test-only", issuer)
    )
    now = datetime.now(UTC)
    addresses = x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))])
    made = (
        x509.CertificateBuilder(by, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=3))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(addresses, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(signing, hashes.SHA256())
    )
    path = folder / "server.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


def behind_tls(certificate: Path, script: wire.Script) -> wire.Script:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def handle(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secured:
            script(secured)

    return handle


def test_a_trusted_certificate_is_accepted(
    platform: Platform,
    notice: Callable[[], int],
    certificate: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    push = notice()
    with wire.raw_server(behind_tls(certificate, wire.answering(ACKNOWLEDGED))) as url:
        platform.change(endpoints={"order_status": url.replace("http:", "https:")})

        assert platform.post("pushes", str(push), "resend")["state"] == "acknowledged"


def test_a_dripping_answer_behind_tls_is_cut_at_the_limit(
    attempt: Attempt, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    over = threading.Event()
    script = wire.dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n", over)
    with wire.raw_server(behind_tls(certificate, script)) as url:
        made = attempt(url.replace("http:", "https:"))
        over.set()

    assert made["verdict"]["code"] == "timeout"


def test_a_certificate_that_signed_itself_is_told(attempt: Attempt, certificate: Path) -> None:
    with wire.raw_server(behind_tls(certificate, wire.answering(ACKNOWLEDGED))) as url:
        verdict = attempt(url.replace("http:", "https:"))["verdict"]

    assert verdict["code"] == "certificate_self_signed"
    assert "CERTIFICATE_VERIFY_FAILED" in verdict["en"]
    assert verdict["zh"].startswith("证书为自签名证书")


@pytest.mark.parametrize(
    ("made", "code", "en"),
    [
        ({"days": -1}, "certificate_expired", "the certificate has expired"),
        ({"address": "127.0.0.9"}, "certificate_host", "the certificate is for another host"),
        ({"issuer": "nobody"}, "certificate_issuer", "does not trust the certificate's issuer"),
    ],
)
def test_certificates_that_do_not_hold_are_told_apart(
    attempt: Attempt,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    made: dict[str, Any],
    code: str,
    en: str,
) -> None:
    path = issue(tmp_path, **made)
    if "issuer" not in made:
        monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with wire.raw_server(behind_tls(path, wire.answering(ACKNOWLEDGED))) as url:
        verdict = attempt(url.replace("http:", "https:"))["verdict"]

    assert verdict["code"] == code
    assert en in verdict["en"]


def test_tls_to_a_port_without_tls_is_told_apart(
    attempt: Attempt,
) -> None:
    raw = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"

    with wire.raw_server(greeting(raw)) as url:
        verdict = attempt(url.replace("http:", "https:"))["verdict"]

    assert verdict["code"] == "http_needed"
    assert verdict["en"] == (
        "https is registered, but the endpoint speaks plain HTTP (HTTP/1.1 400 Bad Request): "
        "register the http address."
    )
    assert "请登记 http 地址" in verdict["zh"]


def greeting(raw: bytes) -> wire.Script:
    """Return a script that sends these bytes whatever came in, and keeps the connection open."""

    def script(connection: socket.socket) -> None:
        connection.recv(1024)
        connection.sendall(raw)
        while connection.recv(65536):
            pass

    return script


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"SSH-2.0-OpenSSH_9.6\r\n", "SSH: SSH-2.0-OpenSSH_9.6"),
        (b"220 mx.test ESMTP Postfix\r\n", "SMTP: 220 mx.test ESMTP Postfix"),
        (b"220 (vsFTPd 3.0.5)\r\n", "FTP: 220 (vsFTPd 3.0.5)"),
        (b"\0\0\0\x04\0\0\0\0\0", "HTTP/2: 00 00 00 04 00 00 00 00 00"),
        (b"\x4a\0\0\0\x0a8.0.36\0", "MySQL: 4a 00 00 00 0a 38"),
    ],
)
def test_another_protocol_is_recognised_by_its_first_bytes(
    attempt: Attempt, raw: bytes, shown: str, scheme: str
) -> None:
    with wire.raw_server(greeting(raw)) as url:
        verdict = attempt(url.replace("http:", f"{scheme}:"))["verdict"]

    assert verdict["code"] == "not_http"
    assert shown in verdict["en"]
    assert "请更正端口" in verdict["zh"]


@pytest.mark.parametrize("raw", [b'{"status":200}\n', b"this is no HTTP\r\n\r\n"])
def test_an_answer_without_a_status_line_is_none_of_http(attempt: Attempt, raw: bytes) -> None:
    with wire.raw_server(wire.answering(raw)) as url:
        verdict = attempt(url)["verdict"]

    assert verdict["code"] == "not_http"
    assert f"BadStatusLine: {raw.decode().strip()}" in verdict["en"]


PAGE = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 50\r\n\r\n%-50s"


@pytest.mark.parametrize(
    "raw",
    [
        b"\x15\x03\x03\x00\x02\x02\x46",
        PAGE % b"<h1>The plain HTTP request was sent to HTTPS port",
        PAGE % b"Client sent an HTTP request to an HTTPS server.",
    ],
)
def test_an_http_address_of_an_endpoint_behind_tls(attempt: Attempt, raw: bytes) -> None:
    with wire.raw_server(greeting(raw)) as url:
        verdict = attempt(url)["verdict"]

    assert verdict["code"] == "https_needed"
    assert verdict["en"].endswith("register the https address.")
    assert verdict["zh"].endswith("请登记 https 地址。")
