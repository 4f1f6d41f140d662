"""The certificate of a port that speaks https: one that is given, or one of our own local CA."""
