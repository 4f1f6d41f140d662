"""How `conzhu-sim demo` tells a life: step by step, each exchange a line."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

import requests
from rich.text import Text as Line

from simulator import paths
from simulator.cli.output.render import width
from simulator.cli.output.states import STATES
from simulator.clock import spoken
from simulator.driver import AccountClient
from simulator.errors import SimulatorError, Text
from simulator.protocol.catalogue import Catalogue

#: Parameters that tell a reader what a message is about.
_TELLING = (
    "order_do_type",
    "status",
    "price",
    "real_pay",
    "order_amount",
    "is_withdraw",
    "claim_status",
    "do_type",
    "is_electron",
    "open_tender_time",
    "revoke_no",
    "guarantee_no",
    "serial_num",
)


class DemoFailed(SimulatorError):
    """A step did not do what it should."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(f"The demo broke off: {en}.", f"演示中断：{zh}。")


@dataclass
class Story(ABC):
    """The life of a guarantee, shown step by step; `tell` gets each line as it happens."""

    account: AccountClient
    #: The address of the reference institution.
    institution: str
    tell: Callable[[Line], None]
    language: str
    last_entry: int = 0
    #: Calls that read the same order, which become one line once something else happens.
    asked: list[dict[str, Any]] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    #: The call that the institution makes before and after everything.
    asking: ClassVar[str]

    def __post_init__(self) -> None:
        catalogue = Catalogue.load(paths.schemas())
        self._titles = {i.id: i.title for i in catalogue.interfaces.values()}

    def run(self) -> None:
        """Live the whole life.

        Raises:
            SimulatorError: a step did not do what it should.
        """
        try:
            self._live()
            self._expect_nothing_left()
        finally:
            self._tell_asked()

    @abstractmethod
    def _live(self) -> None:
        """Take the steps of this life."""

    def _ask_about_guarantee(self) -> None:
        current = next(g for g in self._get("guarantees") if g["current"])
        number = current["guarantee_no"]
        self._expect(self._post("guarantees", "query", guarantee_no=number), "answered")
        verified = self._post("guarantees", "verify", guarantee_no=number)
        self._expect(verified, "answered")
        if verified["answer"]["data"]["is_modified"] != 2:
            raise DemoFailed("the untouched PDF was called modified", "未改动的 PDF 被判为已修改")

    def _expect_nothing_left(self) -> None:
        waiting = [p for p in self._get("pushes") if p["state"] not in ("acknowledged", "answered")]
        if waiting:
            states = ", ".join(f"{p['name']} {p['state']}" for p in waiting)
            raise DemoFailed(f"pushes are left over: {states}", f"仍有未完成的推送：{states}")

    def _post(self, *path: str, **body: Any) -> Any:
        made = self.account.post(*path, **body)
        self._tell_news()
        return made

    def _get(self, *path: str) -> Any:
        return self.account.get(*path)

    def _act(self, action: str, **body: Any) -> Any:
        body = {"order_no": self.facts["order_no"], **body}
        url = f"{self.institution}/actions/{action}"
        answer = requests.post(url, json=body, timeout=60).json()
        self._tell_news()
        if answer.get("status") != 200:
            raise DemoFailed(f"the institution's {action}: {answer}", f"机构 {action}：{answer}")
        return answer["data"]

    def _expect(self, push: Any, state: str) -> None:
        if push["state"] != state:
            verdict = push["attempts"][-1]["verdict"]
            raise DemoFailed(f"{push['name']}: {verdict['en']}", f"{push['name']}：{verdict['zh']}")

    def _let_time_pass(self) -> None:
        self._post("clock", action="run")

    def _chapter(self, en: str, zh: str) -> None:
        self._tell_asked()
        self.tell(Line(f"\n{zh if self.language == 'zh' else en}", "bold"))

    def _tell_news(self) -> None:
        for entry in self._get_news():
            if entry["interface"] == self.asking and entry["status"] == "200":
                if self.asked and self.asked[0]["about"] != entry["about"]:
                    self._tell_asked()
                self.asked.append(entry)
                continue
            self._tell_asked()
            self.tell(_build_line(entry, self._titles, self.language))

    def _tell_asked(self) -> None:
        if self.asked:
            self.tell(_build_line(self.asked[0], self._titles, self.language, len(self.asked)))
        self.asked = []

    def _get_news(self) -> Any:
        news = self.account.journal(after=self.last_entry, limit=1000)
        self.last_entry = news[-1]["id"] if news else self.last_entry
        return news


def _build_line(
    entry: dict[str, Any], titles: dict[str, Text], language: str, times: int = 1
) -> Line:
    arrow = {"call": "→", "push": "←", "page": "⇠", "download": "⇣"}[entry["direction"]]
    good = entry["status"] in ("200", "acknowledged", "offered")
    title = titles.get(entry["interface"] or "", Text("", ""))
    status = entry["status"]
    if language == "zh" and status in STATES:
        status = STATES[status].zh
    line = Line(f"  {spoken(entry['at'])[11:]} {arrow} ")
    place = entry["interface"] or entry["direction"]
    # As much room as the longest section of the kind needs, `insurer/2.11`.
    line.append(place.ljust(max(13, len(place.partition("/")[0]) + 6)), "cyan")
    room = 8 if language == "zh" else 13
    line.append(status + " " * (room - width(status)), "green" if good else "yellow")
    line.append(f"{entry['about'] or ''}{f' ×{times}' if times > 1 else ''} ")
    if not good:
        line.append(" ".join(note[language] for note in entry["notes"]) + "  ", "yellow")
    # What differs from line to line stands before what a narrow screen may cut.
    if gist := _summarize(entry):
        line.append(f"{gist}  ", "bold")
    line.append(title.zh if language == "zh" else title.en, "dim")
    return line


def _summarize(entry: dict[str, Any]) -> str:
    parameters = entry["sent"].get("params", {})
    parts = [f"{name}={parameters[name]}" for name in _TELLING if name in parameters]
    if {"order_status_old", "order_status"} <= set(parameters):
        parts.append(f"{parameters['order_status_old']} → {parameters['order_status']}")
    elif "order_status" in parameters:
        parts.insert(0, f"order_status={parameters['order_status']}")
    return " ".join(parts)
