"""Mistakes in the digest, in how the sign is written, and two mistakes at once."""

import base64
import hashlib
import hmac

import pytest
from diagnosis.asking import asked_about, makes
from diagnosis.developer import CALL, SECRET, TOKEN, join, md5, signature

BASE = (SECRET + join(CALL) + SECRET).encode()


def hashed(name: str) -> str:
    """Hash the right base string with something else."""
    return hashlib.new(name, BASE).hexdigest().upper()


def until(parameters, wanted):
    """Change a remark until the MD5's bytes are as wanted; return the parameters and the MD5."""
    for number in range(100_000):
        changed = {**parameters, "remark": str(number)}
        raw = bytes.fromhex(signature(changed))
        if wanted(raw):
            return changed, raw
    raise AssertionError("no such digest")


@makes("lower_case")
def test_sending_small_letters():
    return asked_about(CALL, signature(CALL).lower())


@makes("hmac_instead_of_md5")
@pytest.mark.parametrize("name", ["md5", "sha1", "sha256"])
@pytest.mark.parametrize("text", [join(CALL).encode(), BASE])
def test_using_hmac(name, text):
    return asked_about(CALL, hmac.new(SECRET.encode(), text, name).hexdigest().upper())


@makes("sha1_instead_of_md5")
def test_using_sha1():
    return asked_about(CALL, hashed("sha1"))


@makes("sha256_instead_of_md5")
def test_using_sha256():
    return asked_about(CALL, hashed("sha256"))


@makes("md5_of_16_digits")
@pytest.mark.parametrize("start", [0, 8, 16])
def test_cutting_the_digest_to_16_digits(start):
    return asked_about(CALL, hashed("md5")[start : start + 16])


@makes("hex_written_badly")
@pytest.mark.parametrize("mark", ["-", ":", " "])
def test_writing_marks_between_the_bytes(mark):
    return asked_about(CALL, hashlib.md5(BASE).digest().hex(mark).upper())


@makes("hex_written_badly")
def test_writing_0x_before_the_digits():
    return asked_about(CALL, f"0x{hashed('md5')}")


@makes("md5_in_base64")
@pytest.mark.parametrize(
    "data", [hashlib.md5(BASE).digest(), hashed("md5").encode(), hashed("md5").lower().encode()]
)
def test_writing_the_digest_in_base64(data):
    return asked_about(CALL, base64.b64encode(data).decode())


@makes("md5_twice")
@pytest.mark.parametrize(
    "once", [hashlib.md5(BASE).digest(), hashed("md5").encode(), hashed("md5").lower().encode()]
)
def test_hashing_twice(once):
    return asked_about(CALL, hashlib.md5(once).hexdigest().upper())


@makes("hex_written_badly")
def test_losing_the_leading_zeros_as_biginteger_does():
    sent, raw = until(CALL, lambda raw: raw[0] < 16)
    return asked_about(sent, f"{int.from_bytes(raw):X}")


@makes("hex_written_badly")
def test_losing_zeros_within_as_tohexstring_does():
    sent, raw = until(CALL, lambda raw: raw[0] > 16 and any(byte < 16 for byte in raw))
    return asked_about(sent, "".join(f"{byte:X}" for byte in raw))


@makes("hex_written_badly")
def test_writing_negative_bytes_as_tohexstring_does():
    sent, raw = until(CALL, lambda raw: any(byte > 127 for byte in raw) and min(raw) > 15)
    return asked_about(
        sent, "".join(f"{byte:X}" if byte < 128 else f"{byte + 0xFFFFFF00:X}" for byte in raw)
    )


@makes("hex_written_badly")
def test_writing_the_digest_as_a_negative_number():
    sent, raw = until(CALL, lambda raw: raw[0] > 127)
    return asked_about(sent, f"{int.from_bytes(raw, signed=True):X}")


@makes("sign_with_blanks")
@pytest.mark.parametrize("sign", [f"{signature(CALL)}\n", f" {signature(CALL)}"])
def test_sending_a_line_break_with_the_sign(sign):
    return asked_about(CALL, sign)


@makes("sign_misnamed")
@pytest.mark.parametrize("name", ["Sign", "SIGN", "signature"])
def test_sending_the_sign_under_another_name(name):
    return asked_about({**CALL, name: signature(CALL)}, "")


@makes("sign_misnamed")
def test_sending_the_sign_beside_param():
    return asked_about(CALL, "", beside={"access_token": TOKEN, "sign": signature(CALL)})


def test_a_person_who_signs_is_not_taken_for_the_sign():
    assert asked_about({**CALL, "signature": "张三", "sig": ""}, "") == []


@makes("secret_missing_at_the_end", "lower_case")
def test_two_mistakes_one_of_them_small_letters():
    return asked_about(CALL, md5(SECRET + join(CALL)).lower())


@makes("secret_missing", "sha256_instead_of_md5", "lower_case", "sign_with_blanks")
def test_four_mistakes_that_cost_nothing_to_find():
    return asked_about(CALL, hashlib.sha256(join(CALL).encode()).hexdigest() + "\n")


@makes("secret_missing_at_the_start", "joined_like_a_query")
def test_a_query_string_with_the_secret_appended():
    text = "&".join(f"{name}={CALL[name]}" for name in sorted(CALL))
    return asked_about(CALL, md5(text + SECRET))


@makes("joined_like_a_query", "empty_left_out", "lower_case")
def test_wechats_way_of_leaving_empty_values_out():
    signed = sorted(name for name in CALL if CALL[name])
    text = "&".join(f"{name}={CALL[name]}" for name in signed)
    return asked_about(CALL, md5(SECRET + text + SECRET).lower())


@makes("not_sorted", "signed_in_gbk")
def test_neither_sorted_nor_in_utf8():
    text = SECRET + "".join(name + text for name, text in CALL.items()) + SECRET
    return asked_about(CALL, hashlib.md5(text.encode("gbk")).hexdigest().upper())


@makes("hmac_instead_of_md5", "lower_case")
def test_hmac_in_small_letters():
    return asked_about(CALL, hmac.new(SECRET.encode(), join(CALL).encode(), "md5").hexdigest())


@makes("joined_like_a_query", "hmac_instead_of_md5")
def test_hmac_over_a_query_string():
    text = "&".join(f"{name}={CALL[name]}" for name in sorted(CALL))
    return asked_about(CALL, hmac.new(SECRET.encode(), text.encode(), "md5").hexdigest().upper())


@pytest.mark.parametrize(
    ("sign", "name"),
    [
        ("A" * 40, "sha1_instead_of_md5"),
        ("A" * 64, "sha256_instead_of_md5"),
        ("A" * 16, "md5_of_16_digits"),
        ("a" * 32, "lower_case"),
    ],
)
def test_what_nothing_explains_is_named_by_its_look_only(sign, name):
    (finding,) = asked_about(CALL, sign)
    assert (finding.mistake.name, finding.certain) == (name, False)


@pytest.mark.parametrize("sign", ["0" * 32, "签名", "0", "x" * 24])
def test_what_looks_right_and_is_explained_by_nothing_gets_no_guess(sign):
    assert [finding.certain for finding in asked_about(CALL, sign)] in ([], [False])
