"""Applications (2.1) as the suite sends them, and what the target answers to them (P31, P56)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from conformance_tests.suite.messages.notices import Answer
from conformance_tests.suite.rules.outcomes import Blocked
from conformance_tests.suite.rules.reasons import NotTaken
from conformance_tests.suite.scenes.guarantor.scene import Scene
from simulator.protocol import envelope, rsa
from simulator.protocol.plaintext import json_text

#: The states of each line (5.4) that an application can be answered with, by its fixture.
STATES: Mapping[str, Sequence[str]] = {
    "standard": (
        *("WAIT_FIRST_TRAIL", "WAIT_SUBMIT_FIRST_TRAIL", "WAIT_TUNE_UP", "WAIT_SUBMIT_TUNE_UP"),
        *("WAIT_OFFER", "WAIT_PAY", "WAIT_OUT_GUARANTEE"),
    ),
    "separate": ("WAIT_SUBMIT_DATA", "WAIT_APPROVAL_DATA", "WAIT_OUT_GUARANTEE"),
}
#: Those that an order comes to by other ways.
LATER = ("HAS_OUT_GUARANTEE", "FINISH", "CANCEL")


@dataclass(frozen=True)
class Reply:
    """What the target said of an order in the answer to its application; empty where nothing."""

    answer: Answer

    @property
    def order_status(self) -> str:
        """The order's next state, without the blanks that the manual's own sample has."""
        return self.answer.member("order_status").strip()

    @property
    def pay_method(self) -> str:
        """How the fee is paid, likewise."""
        return self.answer.member("pay_method").strip()

    @property
    def redirect_url(self) -> str:
        """Where the principal pays, likewise."""
        return self.answer.member("redirect_url").strip()


class Applications:
    """Sends applications, each of a new order."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._platform = scene.platform

    def replies(self, fixture: str | None = None) -> tuple[Reply, Reply]:
        """Return what is answered to an application, and to a repeat of it.

        Without a fixture it is of the line that the target does.

        Raises:
            Blocked: the target did not take it.
            NotApplicable: the target does the other line alone.
        """
        fixture = fixture or self._platform.usual
        self._scene.expect_line(fixture)
        first, again = self._scene.once(("replies", fixture), lambda: self._send_twice(fixture))
        for answer in (first, again):
            if not answer.acknowledged:
                raise Blocked.because(NotTaken("application", answer.text))
        return Reply(first), Reply(again)

    def _send_twice(self, fixture: str) -> tuple[Answer, Answer]:
        order_no = self._platform.apply(fixture)
        right = self._platform.notice_of(self._platform.application_of(order_no))
        return self._platform.send(right), self._platform.send(right)

    def reply(self, fixture: str | None = None) -> Reply:
        """Return what is answered to an application."""
        return self.replies(fixture)[0]

    def send(self, fixture: str | None = None, **said: str) -> Answer:
        """Send a right application that says something else, or more."""
        order_no = self._platform.apply(fixture)
        right = self._platform.notice_of(self._platform.application_of(order_no))
        return self._platform.send(right.saying(**said))

    def send_without(self, *names: str) -> Answer:
        """Send a right application without some of its parameters."""
        order_no = self._platform.apply()
        right = self._platform.notice_of(self._platform.application_of(order_no))
        return self._platform.send(right.omitting(*names))

    def refused(self, name: str, values: Sequence[str]) -> list[str]:
        """Return those values of a parameter with which an application is not acknowledged."""
        return [value for value in values if not self.send(**{name: value}).acknowledged]

    def files(self, count: int, named: bool = False) -> str:
        """Return a list of files as 2.1 says it: JSON as text, each with an address (P7)."""
        address = self._scene.once("an address of a file", self._living_address)
        files = [
            {"file_id": f"97{number:011}", "file_url": address}
            | ({"file_name": f"投标保函申请书 {number}.pdf"} if named else {})
            for number in range(1, count + 1)
        ]
        return json_text(files)

    def _living_address(self) -> str:
        """Return an address at which the platform has a file: some fetch files at once."""
        order_no = self._platform.apply()
        push = self._platform.application_of(order_no)
        self._platform.bring(order_no)
        sent = self._platform.push(push)["attempts"][-1]["sent"]
        key = rsa.load_key(self._platform.letter["rsa_sk"]["pem"])
        said = envelope.open_param(sent["param"], key).parameters
        return str(json.loads(str(said["attach_files"]))[0]["file_url"])
