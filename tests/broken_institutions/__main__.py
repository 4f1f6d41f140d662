"""`python -m broken_institutions NAME --letter … --port … --store …`: the spoiled institution."""

import sys

from broken_institutions.defects import defects
from reference_institution.__main__ import main

if __name__ == "__main__":
    defects()[sys.argv.pop(1)].break_it()
    main()
