"""Have pip-audit look for known vulnerabilities in what is installed: `make audit`.

Ends with 1 if there are any. Where nothing could be audited it says so, and ends with 0.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

_OPTIONS = ("--format", "json", "--progress-spinner", "off", "--skip-editable")
_PATIENCE = 300


def main(command: Path) -> int:
    """Run pip-audit, say in both languages what came of it, and return the exit code."""
    if not command.exists():
        print(
            "Nothing was audited: install pip-audit with `.venv/bin/pip install -e '.[audit]'`. "
            "未做检查：请先用 `.venv/bin/pip install -e '.[audit]'` 安装 pip-audit。"
        )
        return 0
    reason = f"no answer within {_PATIENCE} s"
    try:
        ended = subprocess.run(
            [command, *_OPTIONS], capture_output=True, text=True, timeout=_PATIENCE, check=False
        )
        reason = (ended.stderr.strip() or f"exit code {ended.returncode}").splitlines()[-1]
        packages: list[dict[str, Any]] = json.loads(ended.stdout)["dependencies"]
        found = [package for package in packages if package.get("vulns")]
    except (subprocess.TimeoutExpired, OSError, ValueError, LookupError, TypeError, AttributeError):
        print(
            f"Nothing was audited: pip-audit could not reach its data ({reason}). "
            f"未做检查：pip-audit 无法获取漏洞数据（{reason}）。"
        )
        return 0
    for package in found:
        ids = ", ".join(vulnerability["id"] for vulnerability in package["vulns"])
        print(f"{package['name']} {package['version']}: {ids}")
    print(
        f"{len(packages)} packages audited, {len(found)} with known vulnerabilities. "
        f"共检查 {len(packages)} 个包，{len(found)} 个有已知漏洞。"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if sys.argv[1:] else Path(sys.executable).parent / "pip-audit")))
