"""Guarantees of a block that are revoked, forfeited and released, for many checks to judge."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from conformance_tests.suite.messages.notices import Answer, Notice
from conformance_tests.suite.platform.seen import Attempt, Call
from conformance_tests.suite.rules.outcomes import Blocked, Informed
from conformance_tests.suite.rules.reasons import NotTaken
from conformance_tests.suite.scenes.guarantor.scene import Scene
from simulator.protocol.form_files import FormFile
from simulator.protocol.plaintext import json_text

DECLARATION = "revoke_guarantee_declare_file"
_QUOTAS = "freed_quotas"


@dataclass(frozen=True)
class Block:
    """Orders of one block, by what the notices of 2.8 said of their guarantees."""

    revoked: Sequence[str]
    forfeited: str
    unnamed: str


class Releases:
    """Revokes guarantees and lets the target release them; asks 2.10 what it made of that."""

    #: Of batches that are composed here; shared, because each check has releases of its own.
    _numbers = itertools.count(1)

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._platform = scene.platform
        self._target = scene.target

    def ask(self, order_no: str) -> Answer:
        """Ask how far the release of an order's guarantee has come (2.10)."""
        return self._platform.send(self._scene.search(order_no).notice)

    def waiting(self) -> str:
        """Return the order whose guarantee was revoked and waits for its release."""
        return self._scene.once("waiting", self._scene.revoked)

    def released(self) -> tuple[str, Call]:
        """Return the order whose guarantee was released, and the call that told so (2.9)."""

        def release() -> tuple[str, Call]:
            order_no = self._scene.revoked()
            return order_no, self._target.act("release", **self._scene.release_values(order_no))

        return self._scene.once("released", release)

    def block(self) -> Block:
        """Return a block of which a batch revoked two guarantees and forfeited one.

        Raises:
            Blocked: the target did not take the batch.
        """
        return self._scene.once("a block", self._bring_block)

    def _bring_block(self) -> Block:
        first, second, forfeited, unnamed = self._scene.issued_in_one_block(4)
        self.tell([first, second], [forfeited])
        return Block((first, second), forfeited, unnamed)

    def next_batch(self) -> Block:
        """Bring the block's next batch, of the guarantee that was not named; return the block.

        Whether the target takes it is judged by what it then tells of the guarantees.
        """

        def bring() -> Block:
            block = self.block()
            self._notify([block.unnamed])
            return block

        return self._scene.once("the next batch", bring)

    def next_batch_after_a_release(self) -> Sequence[str]:
        """Return two orders of a block: revoked and released, and revoked by a later batch."""

        def bring() -> Sequence[str]:
            first, second = self._scene.issued_in_one_block(2)
            self.tell([first])
            self._target.act("release", **self._scene.release_values(first))
            self.tell([second])
            return first, second

        return self._scene.once("a batch after a release", bring)

    def tell(self, revoked: Sequence[str], forfeited: Sequence[str] = ()) -> str:
        """Revoke and forfeit orders' guarantees, and bring the notice; return its `revoke_no`.

        Raises:
            Blocked: the target did not take it.
        """
        revoke_no, answer = self._notify(revoked, forfeited)
        if not answer.acknowledged:
            raise Blocked.because(NotTaken("release", answer.text, revoke_no))
        return revoke_no

    def _notify(self, revoked: Sequence[str], forfeited: Sequence[str] = ()) -> tuple[str, Attempt]:
        block = self._platform.block_of([*revoked, *forfeited][0])
        revoke_no, push = self._platform.release(
            block, self._guarantees(revoked), self._guarantees(forfeited)
        )
        answer = self._platform.deliver(push)
        self._platform.settle()
        return revoke_no, answer

    def freed(self, order_no: str, wanted: int) -> int:
        """Return how many quotas the target has freed for an order's guarantee, by its own count.

        Raises:
            Informed: the target file declares no probe for that.
        """
        if not self._target.has_probe(_QUOTAS):
            raise Informed(
                f"the target file declares no probe `{_QUOTAS}`: whether the quota is freed only "
                "when all guarantees of the block are revoked cannot be seen",
                f"目标文件未声明探针 `{_QUOTAS}`：无法判断是否在标段全部保函撤销后才释放额度",
            )
        return self._target.count_settled(_QUOTAS, self._guarantees([order_no])[0], wanted)

    def revoke_unknown_to_the_platform(self) -> str:
        """Return an order whose guarantee the target holds for revoked, the platform does not.

        The platform then answers a release (2.9) with status 200 and an error of this item.

        Raises:
            Blocked: the target did not take the notice.
        """
        order_no = self._scene.issued()
        answer = self._platform.send(self.revocation(order_no, self.item(order_no)))
        if not answer.acknowledged:
            raise Blocked.because(NotTaken("release", answer.text))
        self._platform.settle()
        return order_no

    def revocation(self, order_no: str, *items: Mapping[str, str]) -> Notice:
        """Return a right notice (2.8) that revokes these in an order's block, without a file.

        Nothing happens on the platform: it is for notices that are changed, or that it disowns.
        """
        order = self._platform.order(order_no)
        names = ("block_number", "block_name", "creditor")
        return self._platform.compose("release").saying(
            revoke_no=f"97{next(self._numbers):011}",
            **{name: str(order[name]) for name in names},
            note="一致性测试",
            revoke_guarantee_data=lists(current_revoke_data=items),
            revoke_guarantee_declare_file_hash="",
        )

    def item(self, order_no: str) -> dict[str, str]:
        """Return what a list of 2.8 says of an order's guarantee."""
        guarantee = self._platform.guarantee(order_no)
        return {
            "guarantee_no": str(guarantee["guarantee_no"]),
            "principal": str(self._platform.order(order_no)["principal"]),
            "serial_num": str(guarantee["serial_num"]),
        }

    def _guarantees(self, order_nos: Sequence[str]) -> list[str]:
        return [str(self._platform.guarantee(each)["guarantee_no"]) for each in order_nos]


def lists(**named: Sequence[Mapping[str, str]]) -> str:
    """Return the three lists of 2.8 as the platform writes them: JSON as text, as PHP does."""
    empty: dict[str, Sequence[Mapping[str, str]]] = {
        "revoke_success_data": [],
        "current_revoke_data": [],
        "penalty_data": [],
    }
    return json_text({**empty, **named})


def declaration(content: bytes) -> FormFile:
    """Return the form's part that carries the signed declaration."""
    return FormFile(DECLARATION, "declaration.pdf", "application/pdf", content)
