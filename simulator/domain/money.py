"""Amounts in yuan: exact decimals, two places, written as strings (P29)."""

from decimal import Decimal, InvalidOperation


def parse_yuan(text: str) -> Decimal | None:
    """Return an amount in yuan; None if the text is not a decimal with at most two places."""
    try:
        amount = Decimal(text)
        exact = amount.is_finite() and amount == amount.quantize(Decimal("0.01"))
    except InvalidOperation:
        return None
    return amount if exact else None


def format_yuan(amount: Decimal) -> str:
    """Return an amount in yuan as it is sent: `1000.00`."""
    return f"{amount:.2f}"
