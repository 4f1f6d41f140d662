"""Which checks `--check` names, and what may have been meant where it names none."""

from collections.abc import Collection
from difflib import get_close_matches

from simulator.errors import Text

_NEAR = 4


def below(check_id: str, asked: str) -> bool:
    """Return whether a check was asked for: by its id, or by the clause or section above it."""
    return check_id == asked or check_id.startswith(f"{asked.rstrip('/')}/")


def unknown(asked: str, ids: Collection[str]) -> Text:
    """Return what is said where an id names no check: the nearest ones that there are."""
    near, kinds = nearest(asked, ids), sorted({each.partition("/")[0] for each in ids})
    meant = Text("", "")
    if near:
        meant = Text(f"Did you mean {', '.join(near)}? ", f"是否指 {'、'.join(near)}？")
    elif asked.partition("/")[0] not in kinds:
        begin = ", ".join(f"{kind}/" for kind in kinds)
        meant = Text(f"Those of this target begin with {begin}. ", f"本目标的编号以 {begin} 开头。")
    return Text(
        f"--check: there is no check {asked}. {meant.en}`conzhu-sim conformance list` names all.",
        f"--check：没有检查项 {asked}。{meant.zh}可用 `conzhu-sim conformance list` 查看全部。",
    )


def nearest(asked: str, ids: Collection[str]) -> list[str]:
    """Return the ids, and what stands above them, that are written most like this one."""
    steps = [each.split("/") for each in ids]
    above = {"/".join(parts[:depth]) for parts in steps for depth in range(2, len(parts) + 1)}
    return get_close_matches(asked.rstrip("/"), sorted(above), n=_NEAR, cutoff=0.7)
