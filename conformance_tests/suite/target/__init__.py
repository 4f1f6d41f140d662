"""The target file: where the institution is, how it is started, and what triggers its actions."""
