"""Amounts in yuan: exact decimals, two places, written as strings (P29)."""

from decimal import Decimal, InvalidOperation


def yuan(text: str) -> Decimal | None:
    """Return an amount in yuan, None where the text is no plain decimal of two places at most."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    if not amount.is_finite() or amount != amount.quantize(Decimal("0.01")):
        return None
    return amount


def written(amount: Decimal) -> str:
    """Return an amount as the wire's string: `1000.00`."""
    return f"{amount:.2f}"
