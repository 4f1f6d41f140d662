"""Accounts, their letters, their clocks."""

from typing import Annotated, Any, Literal, TypedDict

from simulator.shapes.notation import Moment, Title


class Clock(TypedDict):
    """An account's clock: `real` runs, `ahead` s before the wall's; `frozen` stands still."""

    mode: Annotated[Literal["real", "frozen"], Title("mode", "模式")]
    now: Annotated[Moment, Title("now", "当前")]
    ahead: Annotated[float | None, Title("ahead", "超前")]
    text: Annotated[str, Title("time", "时间")]
    moving: Annotated[bool, Title("being moved", "推进中")]
    next_due: Annotated[Moment | None, Title("next push due", "下次推送")]


class Account(TypedDict):
    """An institution's account, without its credentials (the letter has those)."""

    name: Annotated[str, Title("account", "账户")]
    btc_id: Annotated[int, Title("btc_id", "btc_id")]
    kind: Annotated[str, Title("kind", "类型")]
    company: Annotated[str, Title("company", "公司")]
    access_party: Annotated[str, Title("access party", "接入商")]
    key_bits: Annotated[int, Title("key bits", "密钥位数")]
    disabled: Annotated[bool, Title("disabled", "停用")]
    allow_list: Annotated[list[str], Title("allow-list", "IP 白名单")]
    endpoints: Annotated[dict[str, str], Title("endpoints", "接收地址")]
    switches: Annotated[dict[str, Any], Title("switches", "开关")]
    clock: Annotated[Clock, Title("clock", "时钟")]


class Key(TypedDict):
    """A key, as PEM and as one line of Base64."""

    pem: str
    base64: str


class Letter(TypedDict):
    """The account letter (开户信): addresses, ids and credentials."""

    platform: str
    kind: str
    name: str
    company: str
    access_party: str
    btc_id: int
    enter_institution_type: int
    api_key: str
    api_secret: str
    key_bits: int
    rsa_pk: Key
    rsa_sk: Key
    api_rsa_pk: Key


class Snapshot(TypedDict):
    """An account's whole state; its form is schemas/snapshot.schema.json."""
