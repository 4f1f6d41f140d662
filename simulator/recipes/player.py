"""Plays the recipes of `schemas/recipes.json`: how to provoke each code of 5.3, over HTTP.

The words of a step are described there, under `steps` and `details`. A recipe has an account of
its own, which is closed behind it; one that a killed run left behind is closed by the next run of
the same recipe. What a recipe opened is known by the api_key that its seed gives: an account that
somebody else opened under the same name has another one, and is never touched.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from simulator import ids, paths
from simulator.driver import Account, ControlClient
from simulator.errors import Conflict, NotFound, SimulatorError
from simulator.protocol.catalogue import TOKEN_METHOD
from simulator.recipes.book import Book, Step
from simulator.recipes.institution import Institution, drop_none, stamp

_FILE_URL = "file_url"
_KEY_BITS = 1024
#: The seed of every account that a recipe opens.
_SEED = "opened by conzhu-sim codes provoke"


@dataclass(frozen=True)
class Played:
    """What came of a recipe: what its last step sent, the answer, and why, in the journal."""

    code: int
    sent: Mapping[str, Any]
    answer: Mapping[str, Any]
    notes: Sequence[Mapping[str, str]]

    @property
    def as_expected(self) -> bool:
        """Whether the answer has the recipe's code."""
        return self.answer.get("status") == self.code


def play(control: ControlClient, book: Book, code: int) -> Played:
    """Play the recipe of a code in an account of its own (`recipe-<kind>-<code>`), and close that.

    Raises:
        NotFound: the code has no recipe.
        SimulatorError: the simulator cannot be reached, or a step before the last went wrong.
    """
    recipe = book.recipes.get(code)
    if recipe is None:
        raise NotFound(f"There is no recipe for {code}.", f"没有状态码 {code} 的触发步骤。")
    with ExitStack() as accounts:
        player = _Player(control, book, f"recipe-{book.kind}-{code}", accounts)
        for step in recipe.steps[:-1]:
            player.take(step)
        after = player.account.mark()
        answer = player.take(recipe.steps[-1], last=True)
        return Played(code, player.sent, answer, player.reasons(answer, after))


@contextmanager
def _open_account(control: ControlClient, kind: str, name: str) -> Iterator[Account]:
    _close_left_over(control, name)
    account = Account.open(control, name, kind=kind, key_bits=_KEY_BITS, seed=_SEED)
    try:
        yield account
    finally:
        account.delete()


def _close_left_over(control: ControlClient, name: str) -> None:
    if not any(account["name"] == name for account in control.get("accounts")):
        return
    left_over = Account(control, name)
    if not hmac.compare_digest(left_over.letter.api_key, ids.api_key(_SEED, name)):
        raise Conflict(
            f"There is an account {name} already, which no recipe opened: if nobody needs it, "
            f"close it with `conzhu-sim account close {name}`.",
            f"已有账户 {name}，且不是由触发步骤所开：如不再需要，"
            f"请用 `conzhu-sim account close {name}` 销户。",
        )
    left_over.delete()


class _Player:
    """Takes the steps of one recipe; `sent` is what the last one sent."""

    def __init__(self, control: ControlClient, book: Book, name: str, accounts: ExitStack) -> None:
        self._control = control
        self._book = book
        self._accounts = accounts
        self.account = accounts.enter_context(_open_account(control, book.kind, name))
        letter = self.account.letter.json
        self._institution = Institution(letter)
        self._pdf = (paths.fixtures() / "files" / "application.pdf").read_bytes()
        digest = hashlib.sha256(self._pdf).hexdigest()
        self._facts: dict[str, Any] = {"letter": letter, "file": {"sha256": digest}}
        self.sent: dict[str, Any] = {}

    def take(self, step: Step, last: bool = False) -> Any:
        """Take one step and return what came of it.

        Raises:
            SimulatorError: a call that is not the last step was refused.
        """
        word = next(iter(step))
        answer = getattr(self, f"_take_{word}")(step)
        if word == "call" and not last and answer["status"] != 200:
            raise SimulatorError(
                f"A step of {self.account.name} was refused: {step} gave {answer}.",
                f"{self.account.name} 的步骤被拒绝：{step} 返回 {answer}。",
            )
        return answer

    def reasons(self, answer: Mapping[str, Any], after: int) -> list[dict[str, str]]:
        """Return what the platform says to the developer about the last step's answer."""
        if "why" in answer:
            return [answer["why"]] if answer["why"] else []
        status = str(answer.get("status"))
        entries = self.account.journal(strays=1, after=after, status=status)
        return list(entries[-1]["notes"]) if entries else []

    def _take_bring(self, step: Step) -> None:
        self._facts["order"] = self.account.post("orders")
        for inner in self._book.states[step["bring"]]:
            self.take(inner)
        issued = self.account.get("guarantees")
        if issued:
            self._facts["guarantee"] = issued[-1]

    def _take_claim(self, step: Step) -> None:
        order_no = self._facts["order"]["order_no"]
        self._facts["claim"] = self.account.post("claims", order_no=order_no)

    def _take_other(self, step: Step) -> None:
        name = f"{self.account.name}-other"
        other = self._accounts.enter_context(_open_account(self._control, self._book.kind, name))
        order_no = other.post("orders")["order_no"]
        self._facts["other"] = {"btc_id": other.letter.btc_id, "order_no": order_no}

    def _take_token(self, step: Step) -> str:
        return self._institution.token

    def _take_account(self, step: Step) -> Any:
        return self.account.change(**step["account"])

    def _take_fault(self, step: Step) -> Any:
        return self.account.post("faults", **step["fault"])

    def _take_call(self, step: Step) -> Any:
        called, institution = step["call"], self._institution
        method = self._book.calls[called].get("method", called)
        parameters = institution.sign(
            institution.parameters(method, self._parameters(called, step))
        )
        for_token = method == TOKEN_METHOD
        param = institution.seal(parameters, step.get("seal", "platform" if for_token else "own"))
        beside = {} if for_token else {"access_token": institution.token}
        form = drop_none({"param": param, **beside, **step.get("form", {})})
        name, content = self._file(called, step)
        files = {name: ("file.pdf", content, "application/pdf")} if content is not None else None
        self.sent = {"parameters": parameters, "form": list(form)}
        self.sent |= {"files": {name: len(content)}} if content is not None else {}
        return institution.post(form, files)

    def _take_download(self, step: Step) -> Any:
        answer = self.take({"call": _FILE_URL})
        url = urlsplit(answer["data"]["file_url"])
        file_id = self._facts["order"]["files"][0]["file_id"]
        parameters = drop_none({"file_id": file_id, "timestamp": stamp(), **step["download"]})
        query = {
            "param": self._institution.seal(parameters, "platform"),
            "access_token": parse_qs(url.query)["access_token"][0],
        }
        self.sent = {"parameters": parameters, "form": list(query)}
        return self._institution.fetch(url._replace(query="").geturl(), query)

    def _take_third_party(self, step: Step) -> Any:
        question = step["third_party"]
        parameters = drop_none(self._parameters(question, step))
        name, content = self._file(question, step)
        self.sent = {"parameters": dict(parameters)}
        if content is not None:
            parameters[name] = base64.b64encode(content).decode()
            self.sent["files"] = {name: len(content)}
        return self.account.post("third-party", question, **parameters)

    def _parameters(self, call: str, step: Step) -> dict[str, Any]:
        right = self._book.calls[call]["parameters"]
        changed = {**right, **step.get("change", {})}
        return {name: self._resolve(value) for name, value in changed.items()}

    def _file(self, call: str, step: Step) -> tuple[str, bytes | None]:
        name = self._book.calls[call].get("file", "")
        contents = {
            "whole": self._pdf,
            "cut": self._pdf[: len(self._pdf) // 2],
            "text": b"This is no PDF.",
            "none": None,
        }
        return name, contents[step.get("file", "whole" if name else "none")]

    def _resolve(self, value: str | None) -> str | None:
        """Return a parameter's text; one that begins with `$` names what the steps made."""
        if value is None or not value.startswith("$"):
            return value
        found: Any = self._facts
        for name in value[1:].split("."):
            found = found[int(name)] if isinstance(found, list) else found[name]
        return str(found)
