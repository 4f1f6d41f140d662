"""Reads a certificate with its key as a server needs them, and says what is wrong with them."""

import ssl
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

from simulator import clock
from simulator.errors import SimulatorError

_PUBLIC = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def open_context(certificate: str, key: str = "") -> ssl.SSLContext:
    """Return what a server needs to speak TLS 1.2 and 1.3 by PEM files; `key` may be in the first.

    Raises:
        SimulatorError: a file cannot be read, they do not belong together, or it is not valid now.
    """
    key = key or certificate
    served = _read_certificate(certificate)
    private = _read_key(key)
    if served.public_key().public_bytes(*_PUBLIC) != private.public_key().public_bytes(*_PUBLIC):
        raise SimulatorError(
            f"The key {key} does not belong to the certificate {certificate}: give the key with "
            "which that was requested, and the server's own certificate as the first of its file.",
            f"私钥 {key} 与证书 {certificate} 不匹配：请给出申请该证书时使用的私钥，"
            "并把服务器证书放在证书文件的最前面。",
        )
    _check_time(served, certificate)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_RENEGOTIATION
    context.set_alpn_protocols(["http/1.1"])
    try:
        context.load_cert_chain(certificate, key)
    except (ssl.SSLError, OSError) as error:
        reason = getattr(error, "reason", None) or error
        raise SimulatorError(
            f"The certificate {certificate} cannot be used ({reason}): give one that OpenSSL "
            "takes, with an RSA key of 2048 bits or more, or a P-256 key.",
            f"证书 {certificate} 无法使用（{reason}）：请换用 OpenSSL 接受的证书，"
            "如 2048 位以上的 RSA 密钥或 P-256 密钥。",
        ) from None
    return context


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise SimulatorError(
            f"The file {path} cannot be read ({error.strerror}): correct --tls-cert or --tls-key.",
            f"无法读取文件 {path}（{error.strerror}）：请更正 --tls-cert 或 --tls-key。",
        ) from None


def _read_certificate(path: str) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificates(_read(path))[0]
    except ValueError:
        raise SimulatorError(
            f"The file {path} has no certificate in PEM (-----BEGIN CERTIFICATE-----): give one; "
            f"`openssl x509 -in FILE -inform DER` writes it from DER, `openssl pkcs12 -in FILE "
            "-nodes` from PFX.",
            f"文件 {path} 中没有 PEM 格式的证书（-----BEGIN CERTIFICATE-----）：请改用 PEM；"
            "DER 可用 `openssl x509 -in FILE -inform DER` 转换，PFX 可用 "
            "`openssl pkcs12 -in FILE -nodes` 转换。",
        ) from None


def _read_key(path: str) -> PrivateKeyTypes:
    try:
        return serialization.load_pem_private_key(_read(path), None)
    except TypeError:
        raise SimulatorError(
            f"The key {path} is encrypted: decrypt it with `openssl pkey -in {path} -out FILE`, "
            "and give that.",
            f"私钥 {path} 已加密：请用 `openssl pkey -in {path} -out FILE` 解密后使用。",
        ) from None
    except (ValueError, UnsupportedAlgorithm):
        raise SimulatorError(
            f"The file {path} has no private key in PEM (-----BEGIN PRIVATE KEY-----): give it "
            "with --tls-key.",
            f"文件 {path} 中没有 PEM 格式的私钥（-----BEGIN PRIVATE KEY-----）："
            "请用 --tls-key 给出。",
        ) from None


def _check_time(served: x509.Certificate, path: str) -> None:
    now = datetime.fromtimestamp(clock.wall_now(), UTC)
    if now > served.not_valid_after_utc:
        raise SimulatorError(
            f"The certificate {path} expired at {served.not_valid_after_utc}: renew it, or use "
            "--tls-self-signed.",
            f"证书 {path} 已于 {served.not_valid_after_utc} 过期：请更新证书，"
            "或使用 --tls-self-signed。",
        )
    if now < served.not_valid_before_utc:
        raise SimulatorError(
            f"The certificate {path} is valid from {served.not_valid_before_utc} on only: see that "
            "this machine's clock is right.",
            f"证书 {path} 自 {served.not_valid_before_utc} 起才有效：请检查本机时钟。",
        )
