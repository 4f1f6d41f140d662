"""A correct insurer and a correct guarantee company: working examples for both manuals."""
