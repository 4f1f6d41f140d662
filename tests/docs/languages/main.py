"""Does with the page's Python what the page says, for tests/docs/test_wire.py."""

import sys
from pathlib import Path

import conzhu

path, port, *pairs = sys.argv[1:]
pdf = Path(path).read_bytes()
business = dict(pair.split("=", 1) for pair in pairs)
print("amount", conzhu.amount("1234.5"))
print("list", conzhu.json_list(["施工", 'a/b"']))
business["guarantee_pdf_hash"] = conzhu.file_hash(pdf)
fields = {
    "access_token": conzhu.fetch_token(),
    "param": conzhu.message("insurer_push_guarantee", business),
}
print("answer", conzhu.post_file(fields, "guarantee_pdf", pdf), flush=True)
conzhu.serve(int(port), lambda params: print("push", params["order_no"], flush=True))
