"""A local CA and the server's certificate that it signs, kept in the data folder.

Clients trust the CA, which stays the same while the certificate below it is renewed.
"""

import socket
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from simulator import clock
from simulator.errors import SimulatorError
from simulator.private_files import write_private

_FOLDER = "tls"
_CA_LIFE, _LIFE = timedelta(days=3650), timedelta(days=397)
#: A certificate that ends sooner than this is renewed at the start.
_REST = timedelta(days=30)
#: How far behind a client's clock may be.
_SKEW = timedelta(days=1)
_ALWAYS = ("localhost", "127.0.0.1", "::1")


def find_ca(data: str) -> Path:
    """Return the file with the CA's certificate, which clients have to trust."""
    return Path(data) / _FOLDER / "ca.pem"


def prepare(data: str, hosts: Iterable[str]) -> Path:
    """Return the server's certificate and key, in one file; make or renew what is needed.

    It is for this machine's name and addresses, and for `hosts`.

    Raises:
        SimulatorError: the CA that is there cannot be read.
    """
    now = datetime.fromtimestamp(clock.wall_now(), UTC)
    wanted = [*_ALWAYS, socket.gethostname().lower(), *(host.lower() for host in hosts if host)]
    names = x509.SubjectAlternativeName(list(dict.fromkeys(filter(None, map(_name, wanted)))))
    place = find_ca(data)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    authority = place.with_name("ca-with-key.pem")
    if not authority.exists() or _read(authority)[0].not_valid_after_utc < now + _REST:
        _write(authority, *_make_ca(now))
    ca, key = _read(authority)
    write_private(place, ca.public_bytes(Encoding.PEM).decode())
    server = place.with_name("server.pem")
    if not server.exists() or not _holds(server, ca, names, now):
        _write(server, *_make_certificate(ca, key, names, now))
    return server


def _name(host: str) -> x509.GeneralName | None:
    try:
        address = ip_address(host)
        return None if address.is_unspecified else x509.IPAddress(address)
    except ValueError:
        # What cannot stand in a certificate, such as a name with an umlaut, cannot be called by it.
        with suppress(ValueError):
            return x509.DNSName(host)
        return None


def _read(path: Path) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    try:
        content = path.read_bytes()
        key = load_pem_private_key(content, None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return x509.load_pem_x509_certificate(content), key
    except (OSError, ValueError, TypeError, AssertionError):
        raise SimulatorError(
            f"{path} cannot be read: delete the folder {path.parent}, and let clients trust the CA "
            "that is made anew.",
            f"无法读取 {path}：请删除目录 {path.parent}，并让客户端信任重新生成的 CA。",
        ) from None


def _write(path: Path, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    write_private(path, (secret + certificate.public_bytes(Encoding.PEM)).decode())


def _holds(
    server: Path, ca: x509.Certificate, names: x509.SubjectAlternativeName, now: datetime
) -> bool:
    try:
        found = _read(server)[0]
        found.verify_directly_issued_by(ca)
        had = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except Exception:
        # Whatever is wrong with it, the next one is right.
        return False
    return found.not_valid_after_utc > now + _REST and set(had) == set(names)


def _make_ca(now: datetime) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _make_subject(f"conzhu-sim local CA of {socket.gethostname()}")
    builder = _begin(name, name, key, now, _CA_LIFE)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    return builder.add_extension(_usage(signs=True), critical=True).sign(key, hashes.SHA256()), key


def _make_certificate(
    ca: x509.Certificate,
    ca_key: ec.EllipticCurvePrivateKey,
    names: x509.SubjectAlternativeName,
    now: datetime,
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key())
    builder = (
        _begin(_make_subject("conzhu-sim"), ca.subject, key, now, _LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(issuer, critical=False)
        .add_extension(names, critical=False)
    )
    return builder.sign(ca_key, hashes.SHA256()), key


def _make_subject(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])


def _begin(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    now: datetime,
    life: timedelta,
) -> x509.CertificateBuilder:
    public = key.public_key()
    return x509.CertificateBuilder(
        issuer, subject, public, x509.random_serial_number(), now - _SKEW, now + life
    ).add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)


def _usage(signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        key_cert_sign=signs,
        crl_sign=signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
