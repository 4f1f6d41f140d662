"""Starts spoiled institutions by forking one process that has imported them all already.

What an institution imports costs more CPU than most of the runs against it. The suite starts its
target by a command; here the command is this file, run by a bare interpreter: it asks the forking
process for an institution, which gets the command's arguments, environment, folder and output,
is told to stop when the command is, and is gone when the command is killed.
"""

import contextlib
import json
import os
import signal
import socket
import sys

#: What the command does not hand on: arguments of its own.
_OWN = 2
#: Seconds after which the forking process looks whether the tests were killed.
_LOOK = 5


def command(address: str) -> int:
    """Let an institution be forked, and return its exit code; 1 where it was killed."""
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(address)
        here = os.getcwd()  # noqa: PTH109 (importing pathlib takes as long as all the rest)
        asked = {"argv": sys.argv[_OWN:], "environment": dict(os.environ), "folder": here}
        body = json.dumps(asked).encode()
        socket.send_fds(client, [len(body).to_bytes(4, "big")], [1, 2])
        client.sendall(body)
        process = int.from_bytes(client.recv(4, socket.MSG_WAITALL), "big")

        def stop(*_: object) -> None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGTERM)

        signal.signal(signal.SIGTERM, stop)
        ended = client.recv(1)
        return ended[0] if ended else 1


def serve(address: str) -> None:
    """Fork an institution for each command that asks, as long as the tests run."""
    import multiprocessing
    import runpy
    import threading

    from broken_institutions.defects import defects

    import reference_institution.__main__  # noqa: F401

    defects()
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(f"{address}-new")
    listening.listen(8)
    # From now on it is found, and listens.
    os.rename(f"{address}-new", address)  # noqa: PTH104
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)

    def watch(client: socket.socket) -> None:
        client.recv(1)
        os._exit(1)

    def institution(client: socket.socket) -> int:
        listening.close()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        length, outputs, _flags, _peer = socket.recv_fds(client, 4, 2)
        for own, given in zip((1, 2), outputs, strict=True):
            os.dup2(given, own)
            os.close(given)
        asked = json.loads(client.recv(int.from_bytes(length, "big"), socket.MSG_WAITALL))
        os.chdir(asked["folder"])
        os.environ.clear()
        os.environ.update(asked["environment"])
        client.sendall(os.getpid().to_bytes(4, "big"))
        threading.Thread(target=watch, args=[client], daemon=True).start()
        module, *arguments = asked["argv"]
        sys.argv = [module, *arguments]
        try:
            runpy.run_module(module, run_name="__main__", alter_sys=True)
        except SystemExit as end:
            return end.code if isinstance(end.code, int) else 0 if end.code is None else 1
        return 0

    tests = multiprocessing.parent_process()
    assert tests is not None
    listening.settimeout(_LOOK)
    while tests.is_alive():
        try:
            client, _peer = listening.accept()
        except TimeoutError:
            continue
        if os.fork():
            client.close()
            continue
        code = 1
        try:
            code = institution(client)
        except BaseException:
            import traceback

            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            with contextlib.suppress(OSError):
                client.sendall(bytes([code & 0xFF]))
            os._exit(code & 0xFF)


if __name__ == "__main__":
    sys.exit(command(sys.argv[1]))
