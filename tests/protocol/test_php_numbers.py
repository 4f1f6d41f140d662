"""What PHP makes of a JSON number in a string, with its default precision of 14 digits (P7)."""

import pytest

from simulator.protocol.plaintext import Number
from simulator.protocol.signing import php_number


@pytest.mark.parametrize(
    ("literal", "printed"),
    [
        ("0", "0"),
        ("7", "7"),
        ("-7", "-7"),
        ("1000", "1000"),
        ("12345678901234567", "12345678901234567"),
        ("9223372036854775807", "9223372036854775807"),
        ("9223372036854775808", "9.2233720368548E+18"),
        ("18446744073709551616", "1.844674407371E+19"),
        ("100000000000000000000", "1.0E+20"),
        ("-999999999999999999", "-999999999999999999"),
        ("-9223372036854775809", "-9.2233720368548E+18"),
        ("9" * 400, "INF"),
        ("-" + "9" * 400, "-INF"),
    ],
)
def test_an_integer_keeps_its_digits_up_to_64_bits_and_becomes_a_float_beyond(literal, printed):
    assert php_number(Number(literal)) == printed


@pytest.mark.parametrize(
    ("literal", "printed"),
    [
        ("1000.00", "1000"),
        ("1000.50", "1000.5"),
        ("0.1", "0.1"),
        ("0.10", "0.1"),
        ("0.30000000000000004", "0.3"),
        ("100.0", "100"),
        ("-12.340", "-12.34"),
        ("1234567.89", "1234567.89"),
        ("1.005", "1.005"),
        ("1.5e3", "1500"),
        ("1E2", "100"),
        ("12e-1", "1.2"),
        ("0.0", "0"),
        ("0e10", "0"),
        ("-0.0", "-0"),
        ("-0e5", "-0"),
        ("-1e-400", "-0"),
    ],
)
def test_a_float_loses_its_trailing_zeros(literal, printed):
    assert php_number(Number(literal)) == printed


@pytest.mark.parametrize(
    ("literal", "printed"),
    [
        ("1e13", "10000000000000"),
        ("99999999999999.0", "99999999999999"),
        ("99999999999999.9", "1.0E+14"),
        ("1e14", "1.0E+14"),
        ("123456789012345.6", "1.2345678901235E+14"),
        ("1e25", "1.0E+25"),
        ("-1.5E+25", "-1.5E+25"),
        ("1e100", "1.0E+100"),
        ("1e400", "INF"),
        ("-1e400", "-INF"),
        ("0.0001", "0.0001"),
        ("0.00012345678901234567", "0.00012345678901235"),
        ("0.00001", "1.0E-5"),
        ("1e-5", "1.0E-5"),
        ("1.25e-10", "1.25E-10"),
        ("0.000099999999999999999", "0.0001"),
    ],
)
def test_exponents_appear_from_ten_to_the_14th_and_below_a_ten_thousandth(literal, printed):
    assert php_number(Number(literal)) == printed
