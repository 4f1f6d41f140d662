"""Guarantees that the beneficiary revokes (2.8), and the state of each release (2.10)."""

import hashlib
import itertools
from collections.abc import Mapping

from reference_institution.guarantor.store import FORFEITED, RELEASED, REVOKED, GuarantorStore
from reference_institution.pushes import Upload, read_json, refuse, require

_RELEASE = (
    *("request_method", "revoke_no", "block_name", "block_number", "creditor"),
    *("note", "revoke_guarantee_data"),
)
_SEARCH = ("request_method", "block_number", "guarantee_no", "serial_num")
#: The lists of 2.8; each guarantee stands in one of them.
_BEFORE, _NOW, _FORFEITED = "revoke_success_data", "current_revoke_data", "penalty_data"
_LISTS = (_BEFORE, _NOW, _FORFEITED)
_ITEM = ("guarantee_no", "principal", "serial_num")
_HASH = "revoke_guarantee_declare_file_hash"
_FILE = "revoke_guarantee_declare_file"
#: The answers to 2.10 (解保状态).
_UNKNOWN, _NOT_REVOKED = "1", "2"
_STATES = {FORFEITED: "3", REVOKED: "4", RELEASED: "5"}


class Releases:
    """Handles 2.8 and 2.10; both raise `NoticeRefused`."""

    def __init__(self, store: GuarantorStore) -> None:
        self._store = store

    def release(self, said: Mapping[str, str], files: Mapping[str, Upload]) -> None:
        """Handle a batch of revocations of one block (guarantor 2.8, P33, P54).

        Only guarantees that are revoked now, or forfeited, are changed: those that were revoked
        before had a notice of their own.
        """
        require(said, _RELEASE)
        if said["request_method"] != "guarantee_release":
            raise refuse("参数错误：request_method")
        _check_declaration(said.get(_HASH, ""), files.get(_FILE))
        lists = _read_lists(said["revoke_guarantee_data"])
        for name, items in lists.items():
            for item in items:
                self._check(said, name, item)
        content = {**{name: said.get(name, "") for name in (*_RELEASE, _HASH)}, **lists}
        del content["revoke_guarantee_data"]
        batch = {name: said[name] for name in ("revoke_no", "block_number", "block_name")}
        revoked, forfeited = (
            [item["guarantee_no"] for item in lists[name]] for name in (_NOW, _FORFEITED)
        )
        self._store.add_batch({**batch, "content": content}, revoked, forfeited)
        known = self._store.batch(said["revoke_no"])
        if known is None or known["content"] != content:
            raise refuse(f"批次已存在且内容不同：{said['revoke_no']}")
        for item in itertools.chain.from_iterable(lists.values()):
            # The answer to 2.5, which has the number, may never have reached us.
            self._store.give_serial(item["guarantee_no"], item["serial_num"])

    def _check(self, said: Mapping[str, str], list_name: str, item: Mapping[str, str]) -> None:
        """Compare a listed guarantee with our records."""
        number = item["guarantee_no"]
        guarantee = self._store.guarantee(number)
        order = self._store.order(guarantee["order_no"]) if guarantee else None
        if guarantee is None or order is None:
            raise refuse(f"保函不存在：{number}")
        names = {name: said[name] for name in ("block_number", "block_name", "creditor")}
        names["principal"] = item["principal"]
        if any(order[name] != text for name, text in names.items()):
            raise refuse(f"与保函信息不一致：{number}")
        if guarantee["serial_num"] not in (None, item["serial_num"]):
            raise refuse(f"保函序列号不一致：{number}")
        release = self._store.release(number)
        if release and (release["status"] == FORFEITED) != (list_name == _FORFEITED):
            raise refuse(f"与此前的撤销或罚没名单矛盾：{number}")

    def search(self, said: Mapping[str, str]) -> dict[str, str]:
        """Return the state of a guarantee's release (guarantor 2.10)."""
        require(said, _SEARCH)
        if said["request_method"] != "guarantee_release_search":
            raise refuse("参数错误：request_method")
        number, serial_num = said["guarantee_no"], said["serial_num"]
        answer = {"guarantee_no": number, "serial_num": serial_num, "revoke_guarantee_date": ""}
        guarantee = self._store.guarantee(number)
        order = self._store.order(guarantee["order_no"]) if guarantee else None
        fits = guarantee is not None and guarantee["serial_num"] in (None, serial_num)
        if order is None or order["block_number"] != said["block_number"] or not fits:
            return {**answer, "status": _UNKNOWN}
        release = self._store.release(number)
        if release is None:
            return {**answer, "status": _NOT_REVOKED}
        moment = release["release_date"] if release["status"] == RELEASED else ""
        return {**answer, "status": _STATES[release["status"]], "revoke_guarantee_date": moment}


def _check_declaration(sha256: str, file: Upload | None) -> None:
    """Check the signed declaration: it and its hash are both given, or neither (P54)."""
    if file is None and not sha256:
        return
    if file is None or not file.is_pdf:
        raise refuse(f"参数缺失或不是 PDF：{_FILE}")
    if hashlib.sha256(file.content).hexdigest() != sha256.lower():
        raise refuse(f"撤销保函声明文件与哈希不一致：{_HASH}")


def _read_lists(text: str) -> dict[str, list[dict[str, str]]]:
    """Return the three lists, which are JSON as text."""
    given = read_json(text)
    wrong = refuse("参数错误：revoke_guarantee_data")
    if not isinstance(given, dict) or not all(isinstance(given.get(n), list) for n in _LISTS):
        raise wrong
    lists = {}
    for name in _LISTS:
        if not all(isinstance(each, dict) and all(map(each.get, _ITEM)) for each in given[name]):
            raise wrong
        lists[name] = [{member: str(each[member]) for member in _ITEM} for each in given[name]]
    numbers = [item["guarantee_no"] for items in lists.values() for item in items]
    if not numbers or len(set(numbers)) < len(numbers):
        raise wrong
    return lists
