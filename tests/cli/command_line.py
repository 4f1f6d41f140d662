"""`conzhu-sim` run in this process, with what it printed and how it ended."""

import json
from dataclasses import dataclass
from typing import Any

from click.testing import CliRunner, Result

from simulator.cli.root import root


@dataclass(frozen=True)
class Cli:
    """Runs `conzhu-sim` on one account of the simulator."""

    control: str
    account: str

    def run(self, *arguments: str, stdin: str | bytes | None = None, **extra: Any) -> Result:
        """Run a command line and return its result, success or not."""
        environment = {
            "CONZHU_CONTROL": self.control,
            "CONZHU_ACCOUNT": self.account,
            "CONZHU_LANG": "en",
        }
        return CliRunner(env=environment, **extra).invoke(root, list(arguments), stdin)

    def text(self, *arguments: str, stdin: str | bytes | None = None) -> str:
        """Run a command that works; return what it printed for people."""
        result = self.run(*arguments, stdin=stdin)
        assert result.exit_code == 0, result.output
        assert result.stderr == ""
        return result.stdout

    def json(self, *arguments: str, stdin: str | bytes | None = None) -> Any:
        """Run a command that works with `--json`; return what it printed."""
        return json.loads(self.text(*arguments, "--json", stdin=stdin))

    def refused(self, *arguments: str, stdin: str | bytes | None = None) -> str:
        """Run a command that fails; return its one-sentence error."""
        result = self.run(*arguments, stdin=stdin)
        assert (result.exit_code, result.stdout) == (1, "")
        [sentence] = result.stderr.splitlines()
        return sentence
