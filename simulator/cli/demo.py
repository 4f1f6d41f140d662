"""`conzhu-sim demo`: a whole guarantee's life between a simulator and the reference insurer."""

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
import requests
from rich.console import Console
from rich.text import Text as Line

from reference_institution.app import create_app
from reference_institution.letter import AccountLetter
from simulator import paths
from simulator.app import Listener, Simulator
from simulator.cli import letters
from simulator.cli.render import width
from simulator.cli.words import CHINESE
from simulator.client import ControlClient
from simulator.clock import spoken
from simulator.domain.switches import SWITCHES
from simulator.errors import SimulatorError, Text
from simulator.protocol.catalogue import Catalogue
from simulator.settings import Settings

_ACCOUNT = "demo"
#: The call that the insurer makes before and after everything.
_ASKING = "insurer/2.3"
_THREADS = 16
#: Parameters that tell a reader what a message is about.
_TELLING = (
    "order_do_type",
    "status",
    "price",
    "real_pay",
    "claim_status",
    "do_type",
    "is_electron",
    "open_tender_time",
    "guarantee_no",
    "serial_num",
)


@contextmanager
def _insurer(letter: dict[str, Any]) -> Iterator[str]:
    """Run the reference insurer on a free port; gives its address."""
    with tempfile.TemporaryDirectory() as folder:
        door = Listener("127.0.0.1", 0, _THREADS)
        app = create_app(AccountLetter.from_json(letter), Path(folder))
        door.start(app)
        try:
            yield f"http://127.0.0.1:{door.port}"
        finally:
            door.stop()
            app.extensions["institution"].orders.close()


@dataclass
class Story:
    """The life of one guarantee, told step by step; `tell` gets each line as it happens."""

    control: ControlClient
    insurer: str
    tell: Callable[[Line], None]
    language: str
    last_entry: int = 0
    #: Calls of 2.3 about the same order, which become one line once something else happens.
    asked: list[dict[str, Any]] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        catalogue = Catalogue.load(paths.schemas())
        self._titles = {i.id: i.title for i in catalogue.interfaces.values()}

    def run(self) -> None:
        """Live the whole life.

        Raises:
            SimulatorError: a step did not do what it should.
        """
        try:
            self._apply()
            self._decide()
            self._issue()
            self._invoice()
            self._reissue()
            self._claim()
            self._finish()
        finally:
            self._tell_asked()

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

    def _ask_about_guarantee(self) -> None:
        current = next(g for g in self._get("guarantees") if g["current"])
        number = current["guarantee_no"]
        self._expect(self._post("guarantees", "query", guarantee_no=number), "answered")
        verified = self._post("guarantees", "verify", guarantee_no=number)
        self._expect(verified, "answered")
        if verified["answer"]["data"]["is_modified"] != 2:
            raise _broken("the untouched PDF was called modified", "未改动的 PDF 被判为已修改")

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
            raise _broken(f"the claim ended as {status}", f"理赔最终状态为 {status}")

    def _finish(self) -> None:
        self._chapter("The platform finishes the order", "平台完成订单")
        self._post("orders", self.facts["order_no"], "finish")
        self._let_time_pass()
        waiting = [p for p in self._get("pushes") if p["state"] not in ("acknowledged", "answered")]
        if waiting:
            states = ", ".join(f"{p['name']} {p['state']}" for p in waiting)
            raise _broken(f"pushes are left over: {states}", f"仍有未完成的推送：{states}")

    def _post(self, *path: str, **body: Any) -> Any:
        made = self.control.post("accounts", _ACCOUNT, *path, **body)
        self._tell_news()
        return made

    def _get(self, *path: str) -> Any:
        return self.control.get("accounts", _ACCOUNT, *path)

    def _act(self, action: str, **body: Any) -> Any:
        body = {"order_no": self.facts["order_no"], **body}
        answer = requests.post(f"{self.insurer}/actions/{action}", json=body, timeout=60).json()
        self._tell_news()
        if answer.get("status") != 200:
            raise _broken(f"the insurer's {action}: {answer}", f"保险公司 {action}：{answer}")
        return answer["data"]

    def _expect(self, push: Any, state: str) -> None:
        if push["state"] != state:
            verdict = push["attempts"][-1]["verdict"]
            raise _broken(f"{push['name']}: {verdict['en']}", f"{push['name']}：{verdict['zh']}")

    def _let_time_pass(self) -> None:
        self._post("clock", action="run")

    def _chapter(self, en: str, zh: str) -> None:
        self._tell_asked()
        self.tell(Line(f"\n{zh if self.language == 'zh' else en}", "bold"))

    def _tell_news(self) -> None:
        for entry in self._get_news():
            if entry["interface"] == _ASKING and entry["status"] == "200":
                if self.asked and self.asked[0]["about"] != entry["about"]:
                    self._tell_asked()
                self.asked.append(entry)
                continue
            self._tell_asked()
            self.tell(_line(entry, self._titles, self.language))

    def _tell_asked(self) -> None:
        if self.asked:
            self.tell(_line(self.asked[0], self._titles, self.language, len(self.asked)))
        self.asked = []

    def _get_news(self) -> Any:
        news = self.control.get("accounts", _ACCOUNT, "journal", after=self.last_entry, limit=1000)
        self.last_entry = news[-1]["id"] if news else self.last_entry
        return news


def _line(entry: dict[str, Any], titles: dict[str, Text], language: str, times: int = 1) -> Line:
    arrow = {"call": "→", "push": "←", "page": "⇠", "download": "⇣"}[entry["direction"]]
    good = entry["status"] in ("200", "acknowledged", "offered")
    title = titles.get(entry["interface"] or "", Text("", ""))
    status = entry["status"]
    if language == "zh":
        status = CHINESE.get(status, status)
    line = Line(f"  {spoken(entry['at'])[11:]} {arrow} ")
    line.append(f"{(entry['interface'] or entry['direction']):<13}", "cyan")
    room = 8 if language == "zh" else 13
    line.append(status + " " * (room - width(status)), "green" if good else "yellow")
    line.append(f"{entry['about'] or ''}{f' ×{times}' if times > 1 else ''} ")
    if not good:
        line.append(" ".join(note[language] for note in entry["notes"]) + "  ", "yellow")
    # What differs from line to line stands before what a narrow screen may cut.
    if gist := _gist(entry):
        line.append(f"{gist}  ", "bold")
    line.append(title.zh if language == "zh" else title.en, "dim")
    return line


def _gist(entry: dict[str, Any]) -> str:
    parameters = entry["sent"].get("params", {})
    told = [f"{name}={parameters[name]}" for name in _TELLING if name in parameters]
    if {"order_status_old", "order_status"} <= set(parameters):
        told.append(f"{parameters['order_status_old']} → {parameters['order_status']}")
    return " ".join(told)


def _broken(en: str, zh: str) -> SimulatorError:
    return SimulatorError(f"The demo broke off: {en}.", f"演示中断：{zh}。")


def play(
    key_bits: int, switches: dict[str, Any], tell: Callable[[Line], None], language: str
) -> None:
    """Start both sides on free ports, live the whole life, and stop them again.

    Raises:
        SimulatorError: a step did not do what it should.
    """
    simulator = Simulator(Settings(port=0, control_port=0), ephemeral=True)
    simulator.start()
    try:
        control = ControlClient(simulator.control_url)
        control.post("accounts", name=_ACCOUNT, key_bits=key_bits)
        with _insurer(control.get("accounts", _ACCOUNT, "letter")) as address:
            endpoints = letters.reference_endpoints(
                address, control.get("lookup")["pushes"]["insurer"]
            )
            control.patch("accounts", _ACCOUNT, endpoints=endpoints, switches=switches)
            control.post("accounts", _ACCOUNT, "clock", action="freeze")
            Story(control, address, tell, language).run()
    finally:
        simulator.stop()


@click.command()
@click.option("--key-bits", type=click.Choice(["1024", "2048"]), default="2048")
@click.option("--plaintext", type=click.Choice(list(SWITCHES["plaintext"].choices or ())))
@click.option("--repeat", type=click.Choice(list(SWITCHES["repeat"].choices or ())))
@click.pass_context
def demo(context: click.Context, key_bits: str, plaintext: str | None, repeat: str | None) -> None:
    """Live a whole guarantee's life against the reference insurer, and print the timeline.

    完整演示一份保函的生命周期，并打印时间线。

    Example / 示例: conzhu-sim demo --key-bits 1024 --plaintext query
    """
    language = getattr(context.obj, "lang", "en")
    console = Console(highlight=False)
    on_screen = sys.stdout.isatty()
    given = {"plaintext": plaintext, "repeat": repeat}
    switches = {name: value for name, value in given.items() if value is not None}
    begun = Text(
        "This demo has a simulator and an insurer of its own, on free ports; it leaves nothing "
        "behind.",
        "本演示自带模拟器和保险公司，使用空闲端口，结束后不留任何数据。",
    )
    console.print(Line(begun.zh if language == "zh" else begun.en), soft_wrap=not on_screen)
    play(
        int(key_bits),
        switches,
        lambda line: console.print(
            line,
            no_wrap=True,
            overflow="ellipsis" if on_screen else "ignore",
            crop=on_screen,
            soft_wrap=not on_screen,
        ),
        language,
    )
    done = Text(
        "The whole life was lived; every push was answered.", "全流程完成，所有推送均已应答。"
    )
    console.print(Line(f"\n{done.zh if language == 'zh' else done.en}", "bold green"))
