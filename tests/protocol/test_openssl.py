"""Cross-check against the openssl command line: it opens what we seal, and we what it seals."""

import base64
import json

import pytest
from Crypto.PublicKey.RSA import RsaKey

from simulator.protocol import envelope, rsa, signing
from simulator.protocol.plaintext import FORMS

PADDING = ("-pkeyopt", "rsa_padding_mode:pkcs1")
SECRET = "s3cr3t"


class OpenSslParty:
    """The other side, as somebody with nothing but openssl would write it."""

    def __init__(self, openssl, folder, bits: int) -> None:
        self.openssl = openssl
        self.private_file, self.public_file = folder / "private.pem", folder / "public.pem"
        option = f"rsa_keygen_bits:{bits}"
        self.private_file.write_bytes(openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", option))
        self.public_file.write_bytes(openssl("rsa", "-pubout", "-in", str(self.private_file)))
        self.size = bits // 8

    @property
    def private(self) -> RsaKey:
        return rsa.load_key(self.private_file.read_text())

    @property
    def public(self) -> RsaKey:
        return rsa.load_key(self.public_file.read_text())

    def blocks(self, sealed: bytes) -> list[bytes]:
        """Decrypt each block by itself."""
        decrypt = ("pkeyutl", "-decrypt", "-inkey", str(self.private_file), *PADDING)
        return [
            self.openssl(*decrypt, stdin=sealed[start : start + self.size])
            for start in range(0, len(sealed), self.size)
        ]

    def seal(self, plaintext: bytes) -> bytes:
        """Encrypt pieces of key size - 11 bytes."""
        encrypt = ("pkeyutl", "-encrypt", "-pubin", "-inkey", str(self.public_file), *PADDING)
        room = self.size - 11
        return b"".join(
            self.openssl(*encrypt, stdin=plaintext[start : start + room])
            for start in range(0, len(plaintext), room)
        )


@pytest.fixture(scope="module", params=rsa.KEY_SIZES)
def party(request, openssl, tmp_path_factory) -> OpenSslParty:
    return OpenSslParty(openssl, tmp_path_factory.mktemp("openssl"), request.param)


def test_keys_made_by_openssl_are_read(party):
    assert party.private.has_private()
    assert not party.public.has_private()
    assert party.private.public_key() == party.public
    assert party.private.size_in_bits() == party.size * 8


def test_openssl_reads_the_keys_that_we_write(openssl, keys, tmp_path):
    for bits, key in keys.items():
        (tmp_path / "ours.pem").write_text(rsa.pem(key))
        public = openssl("rsa", "-pubout", "-in", str(tmp_path / "ours.pem")).decode()
        assert public.strip() == rsa.pem(key.public_key()).strip()
        description = openssl("pkey", "-pubin", "-noout", "-text", stdin=public.encode())
        assert f"({bits} bit)".encode() in description
        der = base64.b64decode(rsa.bare(key))
        assert openssl("pkey", "-inform", "DER", "-pubout", stdin=der).decode() == public


@pytest.mark.parametrize("over", [-1, 0, 1])
@pytest.mark.parametrize("full_blocks", [1, 2])
def test_openssl_opens_block_by_block_what_we_seal(party, full_blocks, over):
    plaintext = bytes(1 + index % 251 for index in range(full_blocks * (party.size - 11) + over))
    blocks = party.blocks(rsa.seal(plaintext, party.public))
    assert b"".join(blocks) == plaintext
    assert [len(block) for block in blocks[:-1]] == [party.size - 11] * (len(blocks) - 1)


@pytest.mark.parametrize("over", [-1, 0, 1])
@pytest.mark.parametrize("full_blocks", [1, 2])
def test_we_open_what_openssl_seals_block_by_block(party, full_blocks, over):
    plaintext = bytes(1 + index % 251 for index in range(full_blocks * (party.size - 11) + over))
    assert rsa.open_blocks(party.seal(plaintext), party.private) == plaintext


@pytest.mark.parametrize("character", ["é", "保", "😀"])
def test_a_character_may_lie_across_the_edge_of_a_block(party, character):
    start = '{"remark":"'
    text = start + "x" * (party.size - 11 - len(start) - 1) + character * 60 + '"}'
    ours = party.blocks(rsa.seal(text.encode(), party.public))
    with pytest.raises(UnicodeDecodeError):
        ours[0].decode()
    assert len(ours) > 1
    assert b"".join(ours).decode() == text
    theirs = base64.b64encode(party.seal(text.encode())).decode()
    opened = envelope.open_param(theirs, party.private)
    assert opened.text == text
    assert opened.parameters == json.loads(text)


@pytest.mark.parametrize("form", FORMS)
def test_openssl_alone_can_read_a_param_of_ours(openssl, party, form):
    parameters = envelope.signed({"remark": "保函 & 100% +/=" * 9, "timestamp": "2024"}, SECRET)
    param = envelope.seal(parameters, party.public, form)
    sealed = openssl("base64", "-d", "-A", stdin=param.encode())
    assert openssl("base64", "-A", stdin=sealed).decode() == param
    plaintext = b"".join(party.blocks(sealed))
    assert envelope.open_param(param, party.private).text == plaintext.decode()
    if form != "query":
        assert json.loads(plaintext) == parameters


def test_a_param_made_with_openssl_alone_opens_and_its_sign_holds(openssl, party):
    given = {"method": "get_access_token", "remark": "福州😀" * 30, "timestamp": "20181015114423"}
    base = SECRET + "".join(name + given[name] for name in sorted(given)) + SECRET
    digest = openssl("dgst", "-md5", "-r", stdin=base.encode()).split()[0].decode().upper()
    plaintext = json.dumps({**given, "sign": digest}, ensure_ascii=False).encode()
    param = openssl("base64", stdin=party.seal(plaintext)).decode()
    assert "\n" in param.strip()
    opened = envelope.open_param(param, party.private)
    assert opened.parameters == {**given, "sign": digest}
    assert signing.verify(opened.parameters, SECRET).valid
