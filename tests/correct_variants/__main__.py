"""`python -m correct_variants NAME --letter … --port … --store …`: another correct one."""

import sys

from correct_variants.variants import VARIANTS
from reference_institution import __main__ as institution

if __name__ == "__main__":
    VARIANTS[sys.argv.pop(1)]()
    institution.main()
