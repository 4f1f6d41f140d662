"""Runs the institution: `python -m reference_institution --letter letter.json --store DIR`."""

import argparse
import logging
import sys
from pathlib import Path

import waitress

from simulator.extras import describe_missing

try:
    from reference_institution.app import create_app
    from reference_institution.letter import AccountLetter, LetterError
except ModuleNotFoundError as error:
    missing = describe_missing(error)
    if missing is None:
        raise
    sys.exit(f"{missing.en}\n{missing.zh}")

#: Enough for the platform to push while our own calls to it are still waiting.
_THREADS = 16


def main() -> None:
    """Read the account letter and serve until stopped."""
    parser = argparse.ArgumentParser(
        prog="python -m reference_institution", description="A correct institution, to learn from."
    )
    parser.add_argument("--letter", type=Path, required=True, help="the account letter (JSON)")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8910)
    parser.add_argument("--store", type=Path, required=True, help="the folder of the records")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    try:
        letter = AccountLetter.read(options.letter)
    except LetterError as error:
        sys.exit(str(error))
    app = create_app(letter, options.store)
    print(f"{letter.company}: http://{options.host}:{options.port}", flush=True)
    waitress.serve(app, host=options.host, port=options.port, threads=_THREADS)


if __name__ == "__main__":
    main()
