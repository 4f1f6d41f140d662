"""A correct insurer and a correct guarantee company, to be read as tutorials of the manuals."""
