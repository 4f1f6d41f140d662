"""`conzhu-sim version`."""

from simulator import __version__
from simulator.cli.command import command
from simulator.cli.output.terminal import Terminal


@command("version", "显示版本。", "version", account=False)
def version(terminal: Terminal) -> None:
    """Show the version."""
    terminal.done(
        {"version": __version__}, f"conzhu-sim {__version__}", f"conzhu-sim {__version__}"
    )
