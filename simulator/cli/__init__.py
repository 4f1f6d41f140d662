"""The command line `conzhu-sim`: a few lines around the control API's client for each command."""


def main() -> None:
    """Run the command `conzhu-sim`."""
    try:
        from simulator.cli.root import root

        root(prog_name="conzhu-sim")
    except KeyboardInterrupt:
        raise SystemExit(130) from None
