"""A test certificate authority, generated at the first start.

A real institution signs guarantees with a certificate of a licensed authority, and a licensed
service stamps the time. Here both are generated and kept beside the store: what was signed before
a restart must still verify after it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from asn1crypto.x509 import Certificate as Asn1Certificate
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign import SimpleSigner
from pyhanko.sign.timestamps import DummyTimeStamper

AUTHORITY_NAME = "Reference Institution Test CA"
_KEY_BITS = 2048
_LIFE = timedelta(days=3650)
_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


_Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True)
class Seal:
    """The electronic seal (签章): what guarantees are signed with and verified against."""

    signer: SimpleSigner
    timestamper: DummyTimeStamper
    authority: Asn1Certificate


def open_seal(folder: Path, company: str) -> Seal:
    """Read the certificates in `folder`; make them for `company` if there are none yet."""
    names = ("authority.der", "signer.p12", "timestamper.p12")
    if not all((folder / name).exists() for name in names):
        folder.mkdir(parents=True, exist_ok=True)
        _generate(folder, company)
    authority, signer_p12, timestamper_p12 = ((folder / name).read_bytes() for name in names)
    signer = SimpleSigner.load_pkcs12_data(signer_p12, other_certs=[])
    stamping = SimpleSigner.load_pkcs12_data(timestamper_p12, other_certs=[])
    return Seal(
        signer,
        DummyTimeStamper(stamping.signing_cert, stamping.signing_key, stamping.cert_registry),
        Asn1Certificate.load(authority),
    )


def _generate(folder: Path, company: str) -> None:
    # Guarantees are signed with an elliptic-curve key, which is much faster than RSA.
    key, signer_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    name = _name(AUTHORITY_NAME)
    unsigned = _draft(name, key, name, key, {"key_cert_sign", "crl_sign"}, is_authority=True)
    authority = unsigned.sign(key, hashes.SHA256())
    (folder / "authority.der").write_bytes(authority.public_bytes(Encoding.DER))

    usages = {"digital_signature", "content_commitment"}
    signer = _draft(_name(company), signer_key, name, key, usages).sign(key, hashes.SHA256())
    # pyHanko's dummy time-stamping service takes RSA keys only.
    stamping_key = rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)
    stamping = (
        _draft(_name("Test time-stamping"), stamping_key, name, key, usages)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "signer.p12").write_bytes(_pack(signer_key, signer, authority))
    (folder / "timestamper.p12").write_bytes(_pack(stamping_key, stamping, authority))


def _pack(own_key: _Key, own: x509.Certificate, authority: x509.Certificate) -> bytes:
    return pkcs12.serialize_key_and_certificates(None, own_key, own, [authority], NoEncryption())


def _draft(
    owner: x509.Name,
    owner_key: _Key,
    issuer: x509.Name,
    issuer_key: _Key,
    usages: set[str],
    is_authority: bool = False,
) -> x509.CertificateBuilder:
    # A day of grace, because the clocks of two machines are never quite the same.
    start = datetime.now(UTC) - timedelta(days=1)
    allowed = {usage: usage in usages for usage in _USAGES}
    return (
        x509.CertificateBuilder()
        .subject_name(owner)
        .issuer_name(issuer)
        .public_key(owner_key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + _LIFE)
        .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
        .add_extension(x509.KeyUsage(**allowed), critical=True)
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(owner_key.public_key()), critical=False
        )
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
            critical=False,
        )
    )


def _name(common_name: str) -> x509.Name:
    # X.509 limits a common name to 64 characters.
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name[:64])])
