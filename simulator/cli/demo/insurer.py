"""The life of an insurer's guarantee, as `conzhu-sim demo` tells it."""

from simulator.cli.demo.story import DemoFailed, Story
from simulator.clock import spoken


class InsurerStory(Story):
    """From the application by way of an invoice and a re-issue to a claim that is paid."""

    asking = "insurer/2.3"

    def _live(self) -> None:
        self._apply()
        self._decide()
        self._issue()
        self._invoice()
        self._reissue()
        self._claim()
        self._finish()

    def _apply(self) -> None:
        self._chapter(
            "The principal applies and is taken to the insurer", "投保人申请并跳转到保险公司"
        )
        order = self._post("orders", fixture="standard")
        self.facts["order_no"] = order["order_no"]
        self.facts["block_number"] = order["block_number"]
        self._expect(self._post("orders", order["order_no"], "open"), "answered")

    def _decide(self) -> None:
        self._chapter("The insurer decides", "保险公司处理订单")
        self._act("confirm")
        self._act("due_diligence", **{"pass": False, "note": "请补充尽调资料"})
        self._post("orders", self.facts["order_no"], "submit")
        self._let_time_pass()
        self._act("due_diligence", **{"pass": True, "note": "尽调通过"})
        self._act("offer", price="1000.00")
        self._act("pay", real_pay="1000.00")

    def _issue(self) -> None:
        self._chapter(
            "The insurer issues a signed PDF, which is queried and verified", "出函、查验与验真"
        )
        self.facts["serial_num"] = self._act("issue")["serial_num"]
        self._ask_about_guarantee()

    def _invoice(self) -> None:
        self._chapter(
            "An invoice is applied for; the first acknowledgement is lost on purpose",
            "申请开票；第一次应答被有意丢失",
        )
        self._post("faults", rule="lose_ack", interface="invoice_application")
        invoice = self._post("invoices", order_nos=[self.facts["order_no"]])
        self._let_time_pass()
        self._act("invoice", invoice_id=invoice["invoice_id"])

    def _reissue(self) -> None:
        self._chapter(
            "The bid opening is delayed; the guarantee is issued anew", "延期开标，重新出函"
        )
        self._post(
            "bid-openings",
            block_number=self.facts["block_number"],
            type="delay",
            open_tender_time=spoken(self._get("clock")["now"] + 40 * 86400),
        )
        self._let_time_pass()
        self._act("reissue")
        self._ask_about_guarantee()

    def _claim(self) -> None:
        self._chapter("The beneficiary claims; the insurer pays", "受益人索赔，保险公司赔付")
        claim = self._post("claims", order_no=self.facts["order_no"], claim_amount="50000.00")
        self._let_time_pass()
        for step in ("ACCEPT", "AGREE_INDEMNITY", "FINISH_INDEMNITY"):
            self._act("claim", claim_no=claim["claim_no"], do=step)
        status = self._act("refresh_claim", claim_no=claim["claim_no"])["claim_status"]
        if status != "FINISH_INDEMNITY":
            raise DemoFailed(f"the claim ended as {status}", f"理赔最终状态为 {status}")

    def _finish(self) -> None:
        self._chapter("The platform finishes the order", "平台完成订单")
        self._post("orders", self.facts["order_no"], "finish")
        self._let_time_pass()
