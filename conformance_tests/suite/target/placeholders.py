"""The placeholders of a target file: what fills each, and the refusal of what nothing fills."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from simulator import schema_errors
from simulator.errors import SimulatorError

_PLACE = re.compile(r"\{(\w+)\}")
#: What the suite makes up for each run, and what the account letter says.
_RUN = ("port", "letter", "store", "python")
_LETTER = (
    *("platform", "kind", "name", "company", "access_party", "btc_id", "enter_institution_type"),
    *("api_key", "api_secret", "key_bits", "rsa_pk", "rsa_sk", "api_rsa_pk"),
)
#: What an action is about, and what it is to say.
ACTION = (
    *("order_no", "invoice_id", "claim_no", "file_id", "guarantee_no", "block_number"),
    *("price", "real_pay", "note", "reason"),
)
_PARTS: Mapping[str, Collection[str]] = {
    "endpoints": (*_RUN, *_LETTER),
    "start": (*_RUN, *_LETTER),
    "actions": (*_RUN, *_LETTER, *ACTION),
    "probes": (*_RUN, *_LETTER, "key"),
}


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return the text with `{name}` replaced where the name is known, else left as it is."""
    return _PLACE.sub(lambda match: values.get(match[1], match[0]), text)


def fill_deeply(value: Any, values: Mapping[str, str]) -> Any:
    """Return JSON in which every text is filled in."""
    if isinstance(value, Mapping):
        return {name: fill_deeply(member, values) for name, member in value.items()}
    if isinstance(value, list):
        return [fill_deeply(member, values) for member in value]
    return fill(value, values) if isinstance(value, str) else value


def of_letter(letter: Mapping[str, Any]) -> dict[str, str]:
    """Return what the letter of an account fills in; of a key, its form in one line."""
    return {
        name: str(value["base64"] if isinstance(value, Mapping) else value)
        for name, value in letter.items()
        if name in _LETTER
    }


def check(place: str, document: Mapping[str, Any]) -> None:
    """Refuse a placeholder that nothing fills.

    Raises:
        SimulatorError: names it, where it stands, and the one that was probably meant.
    """
    for part, known in _PARTS.items():
        for name, text in _texts(part, document.get(part, {})):
            for found in _PLACE.findall(text):
                if found not in known:
                    _refuse(place, name, found, known)


def _texts(place: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, str):
        return [(place, value)]
    members = value.items() if isinstance(value, Mapping) else ()
    items = enumerate(value) if isinstance(value, list) else members
    return [text for name, each in items for text in _texts(f"{place}.{name}", each)]


def _refuse(place: str, name: str, found: str, known: Collection[str]) -> None:
    near = schema_errors.suggest(found, known)
    listed = ", ".join(f"{{{each}}}" for each in known)
    raise SimulatorError(
        f"The target file {place} is wrong at {name}: nothing fills {{{found}}}; "
        + (f"did you mean {{{near}}}?" if near else f"there are {listed}."),
        f"目标文件 {place} 的 {name} 有误：{{{found}}} 无从取值；"
        + (f"是否应为 {{{near}}}？" if near else f"可用的有 {listed}。"),
    )
