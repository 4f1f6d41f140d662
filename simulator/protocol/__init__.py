"""How the platform and an institution speak: plaintexts, signs, RSA blocks, codes. No I/O."""
