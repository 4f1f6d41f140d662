"""A correct insurer, small enough to be read as a tutorial of the insurer's manual."""
