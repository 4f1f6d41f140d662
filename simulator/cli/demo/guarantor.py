"""The life of a guarantee company's guarantees, as `conzhu-sim demo --kind guarantor` tells it."""

import json

from simulator.cli.demo.story import DemoFailed, Story

_RELEASED = "5"


class GuarantorStory(Story):
    """A direct order is returned, paid, issued, revoked and released; a separate one claimed on."""

    asking = "guarantor/2.2"

    def _live(self) -> None:
        self._apply()
        self._decide()
        self._issue()
        self._revoke()
        self._claim()
        self._cancel()
        self._finish()

    def _apply(self) -> None:
        self._chapter(
            "The platform brings a new order; the first acknowledgement is lost on purpose",
            "平台推送新订单；第一次应答被有意丢失",
        )
        self._post("faults", rule="lose_ack", interface="application")
        order = self._post("orders", fixture="standard")
        self.facts["order_no"] = order["order_no"]
        self.facts["block_number"] = order["block_number"]
        self._let_time_pass()
        files = json.loads(self._act("refresh")["attach_files"])
        self._act("file_url", file_id=files[0]["file_id"])

    def _decide(self) -> None:
        self._chapter(
            "The guarantor examines the order, and returns it once", "担保公司审批，并退回补充资料"
        )
        self._act("forward", order_status="WAIT_TUNE_UP")
        self._act("withdraw", order_status="WAIT_SUBMIT_TUNE_UP", statement="请补充尽调资料")
        self._post("orders", self.facts["order_no"], "submit")
        self._let_time_pass()
        self._act("forward", order_status="WAIT_OFFER")
        self._act("forward", order_status="WAIT_PAY")
        self._act("forward", order_status="WAIT_OUT_GUARANTEE", order_amount="1000.00")

    def _issue(self) -> None:
        self._chapter(
            "The guarantor issues a signed PDF, which is queried and verified", "出函、查验与验真"
        )
        self.facts["guarantee_no"] = self._act("issue")["guarantee_no"]
        self._ask_about_guarantee()

    def _revoke(self) -> None:
        self._chapter(
            "The tender is over: the guarantee is revoked, and released by the guarantor",
            "招标结束：保函撤销，担保公司解保",
        )
        self._post("releases", block_number=self.facts["block_number"])
        self._let_time_pass()
        guarantee_no = self.facts["guarantee_no"]
        errors = self._act("release", guarantee_no=guarantee_no)["errors"]
        searched = self._post("guarantees", "release-search", guarantee_no=guarantee_no)
        self._expect(searched, "answered")
        state = str(searched["answer"]["data"]["status"])
        if errors or state != _RELEASED:
            raise DemoFailed(
                f"the release came to {state} {errors}", f"解保结果为 {state} {errors}"
            )
        self._post("orders", self.facts["order_no"], "finish")
        self._let_time_pass()

    def _claim(self) -> None:
        self._chapter(
            "A separate (分离式) order is issued and claimed on; the guarantor pays and recovers",
            "分离式订单：出函、索赔、代偿与追偿",
        )
        self.facts["order_no"] = self._post("orders", fixture="separate")["order_no"]
        self._let_time_pass()
        self._act("forward", order_status="WAIT_OUT_GUARANTEE", order_amount="800.00")
        self._act("issue")
        order_no = self.facts["order_no"]
        claim_no = self._post("claims", order_no=order_no)["claim_no"]
        self._let_time_pass()
        for do_type, status in (("1", "1"), ("2", "3"), ("3", "2")):
            self._act("claim", claim_no=claim_no, do_type=do_type, status=status)
        self._post("claims", claim_no, "close")
        status = self._act("refresh_claim", claim_no=claim_no)["status"]
        if status != "CLAIM_CLOSE":
            raise DemoFailed(f"the claim ended as {status}", f"理赔最终状态为 {status}")

    def _cancel(self) -> None:
        self._chapter("The guarantor cancels a third order", "担保公司取消第三个订单")
        issued = self.facts["order_no"]
        self.facts["order_no"] = self._post("orders", fixture="minimal")["order_no"]
        self._let_time_pass()
        self._act("cancel", cancel_reason="不符合担保条件")
        self.facts["order_no"] = issued

    def _finish(self) -> None:
        self._chapter("The platform finishes the order", "平台完成订单")
        self._post("orders", self.facts["order_no"], "finish")
        self._let_time_pass()
