"""A cheap endpoint for pushes: `/ok...`, `/fail...` (500), `/slow...` (after 4 s).

Prints its address. `GET /seen/<name>` gives how many posts came to that path, and when the
first and the last one came.
"""

import asyncio
import json
import time

_SLOW = 4.0
_seen: dict[str, list[float]] = {}


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            await _answer(head, reader, writer)
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def _answer(head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or b"0")
    await reader.readexactly(length)
    path = head.split(b" ", 2)[1].decode().lstrip("/")
    status, body = "200 OK", b'{"status":200}'
    if path.startswith("seen/"):
        body = json.dumps(_seen.get(path.removeprefix("seen/"), [0, 0, 0])).encode()
    else:
        count, first, _ = _seen.get(path, [0, time.time(), 0])
        _seen[path] = [count + 1, first, time.time()]
    if path.startswith("slow"):
        await asyncio.sleep(_SLOW)
    if path.startswith("fail"):
        status, body = "500 Internal Server Error", b"failed"
    answer = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    writer.write(answer + body)
    await writer.drain()


async def _main() -> None:
    server = await asyncio.start_server(_serve, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main())
