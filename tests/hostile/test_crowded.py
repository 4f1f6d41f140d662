"""More connections than the process may open: it says so once, and goes on when they are gone."""

import socket
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hostile.process import running
from support.raw import exchange

MOST = 64
CALL = b"POST /api/insurer/v1 HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"


@pytest.mark.skipif(sys.platform != "linux", reason="sets another process's limit")
def test_it_sheds_load_and_recovers(tmp_path: Path) -> None:
    with running(tmp_path) as process:
        exchange(process.protocol, CALL)
        process.limit_descriptors(MOST)
        place = urlsplit(process.protocol)
        address = (place.hostname or "", place.port or 0)
        with ExitStack() as crowd:
            for _ in range(2 * MOST):
                one = crowd.enter_context(socket.create_connection(address, timeout=5))
                one.sendall(b"POST /api/ins")
            end = time.monotonic() + 10
            while not process.errors() and time.monotonic() < end:
                time.sleep(0.05)
        answer = exchange(process.protocol, CALL, timeout=20)

        assert answer.documented()["status"] == 1050
        lines = process.errors().splitlines()
        assert sum("room for no more connections" in line for line in lines) == 1
        assert len(lines) < 10
        assert "Traceback" not in process.errors()
