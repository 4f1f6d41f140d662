"""`python -m broken_institutions NAME --letter … --port … --store …`: the spoiled institution.

With `CERTIFICATES` in the environment it starts with those, instead of making its own.
"""

import os
import shutil
import sys
from pathlib import Path

from broken_institutions.defects import defects
from reference_institution.__main__ import main

if __name__ == "__main__":
    defects()[sys.argv.pop(1)].break_it()
    made = os.environ.get("CERTIFICATES")
    store = Path(sys.argv[sys.argv.index("--store") + 1])
    if made and not store.exists():
        shutil.copytree(made, store / "certificates")
    main()
