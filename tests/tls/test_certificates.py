"""Certificates: what is made, kept and renewed, and what is said of one that cannot be used."""

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from simulator import clock
from simulator.certificates import self_signed
from simulator.certificates.given import open_context
from simulator.errors import SimulatorError
from simulator.settings import load

DAY = 24 * 60 * 60


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A certificate with its key."""
    return self_signed.prepare(str(tmp_path), ["Platform.Test", "192.0.2.7", "0.0.0.0", "bäd"])


@pytest.fixture
def walk(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Sets the wall clock so many days ahead."""
    now = clock.wall_now()

    def set_clock(days: float) -> None:
        monkeypatch.setattr(clock, "wall_now", lambda: now + days * DAY)

    return set_clock


def refusal(*files: str) -> str:
    with pytest.raises(SimulatorError) as refused:
        open_context(*files)
    assert refused.value.text.zh.endswith("。")
    return refused.value.text.en


def test_it_is_for_the_names_by_which_the_port_is_called(made: Path) -> None:
    certificate = x509.load_pem_x509_certificate(made.read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert {"localhost", "platform.test"} <= set(names.get_values_for_type(x509.DNSName))
    addresses = [str(each) for each in names.get_values_for_type(x509.IPAddress)]
    assert addresses == ["127.0.0.1", "::1", "192.0.2.7"]
    assert open_context(str(made))


def test_its_files_are_for_their_owner_only(made: Path) -> None:
    assert made.parent.stat().st_mode & 0o777 == 0o700
    assert {each.stat().st_mode & 0o777 for each in made.parent.iterdir()} == {0o600}
    assert b"PRIVATE" not in self_signed.find_ca(str(made.parent.parent)).read_bytes()


def test_it_is_used_again_and_renewed_below_the_same_ca(
    tmp_path: Path, walk: Callable[[float], None]
) -> None:
    def prepare(*hosts: str) -> tuple[bytes, bytes]:
        server = self_signed.prepare(str(tmp_path), hosts)
        return self_signed.find_ca(str(tmp_path)).read_bytes(), server.read_bytes()

    ca, first = prepare("a.test")
    assert prepare("a.test") == (ca, first)
    same, other_names = prepare("b.test")
    assert (same, other_names != first) == (ca, True)
    walk(380)
    same, renewed = prepare("b.test")
    assert (same, renewed != other_names) == (ca, True)
    (tmp_path / "tls" / "server.pem").write_text("damaged", "ascii")
    assert prepare("b.test")[0] == ca
    walk(3640)
    assert prepare("b.test")[0] != ca


def test_a_damaged_ca_is_said_and_not_replaced(made: Path) -> None:
    authority = made.with_name("ca-with-key.pem")
    authority.write_text("damaged", "ascii")
    with pytest.raises(SimulatorError, match="delete the folder"):
        self_signed.prepare(str(made.parent.parent), ())


def test_what_cannot_be_used_is_said_in_a_sentence(
    made: Path, tmp_path: Path, walk: Callable[[float], None]
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    paths = {name: str(tmp_path / name) for name in ("other", "encrypted", "der", "absent")}
    other = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    Path(paths["other"]).write_bytes(other)
    encrypted = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x"))
    Path(paths["encrypted"]).write_bytes(encrypted)
    der = x509.load_pem_x509_certificate(made.read_bytes()).public_bytes(Encoding.DER)
    Path(paths["der"]).write_bytes(der)
    right = str(made)

    assert f"{paths['absent']} cannot be read (No such file" in refusal(paths["absent"])
    assert f"{paths['absent']} cannot be read (No such file" in refusal(right, paths["absent"])
    assert "does not belong to the certificate" in refusal(right, paths["other"])
    assert "is encrypted: decrypt it" in refusal(right, paths["encrypted"])
    assert "has no certificate in PEM" in refusal(paths["der"])
    assert "has no certificate in PEM" in refusal(paths["other"], right)
    assert "has no private key in PEM" in refusal(right, paths["der"])
    walk(400)
    assert " expired at " in refusal(right)
    walk(-3)
    assert "see that this machine's clock is right" in refusal(right)


def test_its_settings() -> None:
    assert load(environment={"CONZHU_TLS_SELF_SIGNED": "1"}).base_url == "https://127.0.0.1:8900"
    assert load(environment={"CONZHU_TLS_CERT": "a.pem"}).speaks_tls
    assert not load(environment={"CONZHU_TLS_SELF_SIGNED": "false"}).speaks_tls
    for wrong, why in (
        ({"CONZHU_TLS_KEY": "a"}, "tls_key belongs to tls_cert"),
        ({"CONZHU_TLS_CERT": "a", "CONZHU_TLS_SELF_SIGNED": "1"}, "either tls_cert or"),
        ({"CONZHU_TLS_SELF_SIGNED": "perhaps"}, "must be true or false"),
    ):
        with pytest.raises(SimulatorError, match=why):
            load(environment=wrong)
