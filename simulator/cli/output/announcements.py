"""What became of the pushes that a command announced, and what sends those that wait."""

from typing import Any

from simulator.cli.output.render import moment
from simulator.cli.output.states import describe_state
from simulator.cli.output.terminal import Terminal
from simulator.errors import Text

_OVER = ("acknowledged", "answered")


def find_newest(terminal: Terminal, about: str) -> int:
    """Return the number of the last push about something, 0 where there is none or for JSON."""
    if terminal.as_json:
        return 0
    found = terminal.account_client.get("pushes", about=about, limit=1)
    return int(found[-1]["id"]) if found else 0


def report(terminal: Terminal, about: str, after: int = 0) -> None:
    """Print a line for each push about something that is newer and not acknowledged yet."""
    if terminal.as_json:
        return
    pushes = terminal.account_client.get("pushes", about=about)
    waiting = [push for push in pushes if push["id"] > after and push["state"] not in _OVER]
    if not waiting:
        return
    clock = terminal.account_client.get("clock")
    for push in waiting:
        state = terminal.translate(describe_state(push["state"]))
        advice = _advise(push, clock, terminal.account)
        terminal.say(
            f"Push {push['id']} ({push['name']}) is {state}. {advice.en}",
            f"推送 {push['id']}（{push['name']}）：{state}。{advice.zh}",
        )


def _advise(push: dict[str, Any], clock: dict[str, Any], account: str) -> Text:
    number, state = push["id"], push["state"]
    if state == "unroutable":
        register = f"`account endpoint {account} {push['name']} URL`"
        return Text(
            f"Register its endpoint: {register}, then `push resend {number}`.",
            f"请登记接收地址：{register}，再执行 `push resend {number}`。",
        )
    if state == "held":
        return Text("It goes once the next push was sent.", "下一条推送发出后即会发送。")
    if state == "pending" and clock["mode"] == "frozen":
        # `next` stops at what was due before this one, if there is such a push.
        first = clock["next_due"] is None or push["due"] <= clock["next_due"]
        sends = "clock next" if first else "clock advance 0"
        return Text(
            f"The clock is frozen: `{sends}` sends push {number}.",
            f"时钟已冻结：`{sends}` 会发送推送 {number}。",
        )
    if state == "pending" and push["attempts_made"]:
        due = moment("due")(push)
        return Text(
            f"An attempt failed, the next is due {due}: see `push show {number}`.",
            f"已有一次失败，下次 {due}：参见 `push show {number}`。",
        )
    return Text(f"See `push show {number}`.", f"参见 `push show {number}`。")
