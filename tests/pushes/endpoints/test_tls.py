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
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test-only")])
    now = datetime.now(UTC)
    addresses = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(addresses, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "server.pem"
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

    assert verdict["code"] == "tls"
    assert "CERTIFICATE_VERIFY_FAILED" in verdict["en"]
    assert verdict["en"].endswith("check the certificate.")


def test_tls_to_a_port_without_tls_is_told_apart(
    attempt: Attempt,
) -> None:
    raw = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"

    def script(connection: socket.socket) -> None:
        connection.recv(1024)
        connection.sendall(raw)

    with wire.raw_server(script) as url:
        verdict = attempt(url.replace("http:", "https:"))["verdict"]

    assert verdict["code"] == "tls"
    assert verdict["en"].startswith("the TLS handshake failed (")
    assert verdict["zh"].endswith("请检查证书。")
