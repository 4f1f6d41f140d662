"""A step is one mistake as a change of the recipe; here those with secrets and with names."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulator.errors import Text
from simulator.protocol.diagnosis.findings import Credentials
from simulator.protocol.diagnosis.sign.recipes import Recipe
from simulator.protocol.diagnosis.sign.texts import camel_case, snake_case
from simulator.protocol.plaintext import Parameters
from simulator.protocol.signing import NumberSign


@dataclass(frozen=True)
class Step:
    """One mistake as a change of the recipe's fields."""

    mistake: str
    detail: Text
    changes: Mapping[str, Any]


@dataclass(frozen=True)
class Message:
    """What a sign is examined with: all that may have entered the base string."""

    parameters: Parameters
    own: Credentials
    others: Sequence[Credentials]
    beside: Mapping[str, str]
    absent: Sequence[str]
    number_sign: NumberSign = "both"

    @property
    def recipe(self) -> Recipe:
        """The rule of P6 for this message, no mistake made; numbers by their literal text."""
        return Recipe(
            tuple((name, value) for name, value in self.parameters.items() if name != "sign"),
            (self.own.api_secret, self.own.api_secret),
        )


def secret_steps(own: Credentials) -> Iterator[Step]:
    """Return the mistakes with the secrets at the two ends."""
    secret, key = own.api_secret, own.api_key

    def ends(mistake: str, before: str, behind: str, en: str, zh: str) -> Step:
        return Step(mistake, Text(en, zh), {"ends": (before, behind)})

    end, start = "secret_missing_at_the_end", "secret_missing_at_the_start"
    yield ends(end, secret, "", "Nothing follows the last value.", "最后一个参数值之后没有密钥。")
    yield ends(start, "", secret, "Nothing precedes the first name.", "第一个参数名之前没有密钥。")
    yield ends("secret_missing", "", "", "There is no secret at either end.", "两端都没有密钥。")
    for before, behind in ((key, key), (key, secret), (secret, key)):
        instead = "The api_key stands where the api_secret belongs."
        yield ends(
            "api_key_as_secret", before, behind, instead, "api_secret 的位置上用了 api_key。"
        )
    word = 'The word "api_secret" itself stands at both ends.'
    yield ends(
        "literal_api_secret", "api_secret", "api_secret", word, '两端是字面文本 "api_secret"。'
    )
    for wrapped, en, zh in (
        (f"{secret}\n", "A line break follows the api_secret.", "api_secret 末尾带有换行符。"),
        (f"{secret} ", "A space follows the api_secret.", "api_secret 末尾带有空格。"),
        (f" {secret}", "A space precedes the api_secret.", "api_secret 开头带有空格。"),
        (f"{secret}\r\n", "CR and LF follow the api_secret.", "api_secret 末尾带有回车换行符。"),
        (f"{secret}\t", "A tab follows the api_secret.", "api_secret 末尾带有制表符。"),
        (f"\ufeff{secret}", "A byte order mark precedes it.", "api_secret 开头带有 BOM。"),
        (f'"{secret}"', "Quotation marks are around it.", "api_secret 带有引号。"),
    ):
        yield ends("secret_with_blanks", wrapped, wrapped, en, zh)


def other_secret_steps(others: Sequence[Credentials]) -> Iterator[Step]:
    """Return the mistakes of taking another account's secret."""
    for other in others:
        detail = Text(
            f"The sign is made with the api_secret of the account {other.name}.",
            f"sign 使用了账户 {other.name} 的 api_secret。",
        )
        changes = {"ends": (other.api_secret, other.api_secret)}
        yield Step("secret_of_another_account", detail, changes)


def name_steps() -> Iterator[Step]:
    """Return the mistakes of signing other names than are sent."""

    def names(mistake: str, change: Callable[[str], str], en: str, zh: str) -> Step:
        return Step(mistake, Text(en, zh), {"name": change})

    camel, camel_zh = "Signed as orderNo where order_no is sent.", "发送 order_no，签名用 orderNo。"
    yield names("names_in_camel_case", camel_case, camel, camel_zh)
    snake, snake_zh = "Signed as order_no where orderNo is sent.", "发送 orderNo，签名用 order_no。"
    yield names("names_in_camel_case", snake_case, snake, snake_zh)
    small, small_zh = "The names were signed in lower case.", "签名时参数名为小写。"
    yield names("names_in_another_case", str.lower, small, small_zh)
    capital, capital_zh = "The names were signed in upper case.", "签名时参数名为大写。"
    yield names("names_in_another_case", str.upper, capital, capital_zh)
