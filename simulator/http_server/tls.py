"""TLS on an accepted connection that never waits: a slow handshake keeps nobody but its client.

The server's loop reads and takes the handshake on, any thread writes. What is read is decrypted
whole, so that nothing lies unseen between the socket, which the loop polls, and the channel.
"""

import copy
import socket
import ssl
import threading
from contextlib import suppress
from typing import Any, Literal

from simulator.http_server.broken_requests import Cause, find_protocol

#: Bytes of a text that are encrypted at a time: a TLS record.
_RECORD = 16 * 1024
#: Bytes that may wait for a client that reads nothing, such as answers to its key updates.
_MOST_UNSENT = 64 * 1024
#: How a TLS handshake begins.
_HANDSHAKE = b"\x16"
#: What OpenSSL calls the alerts of a client that refuses the certificate.
_REFUSED = ("ALERT_UNKNOWN_CA", "ALERT_CERTIFICATE_UNKNOWN", "ALERT_BAD_CERTIFICATE", "_EXPIRED")
#: What it calls a client that offers nothing later than TLS 1.1.
_TOO_OLD = ("UNSUPPORTED_PROTOCOL", "VERSION_TOO_LOW")


class BrokenHandshake(Exception):
    """A client speaks no TLS, or its handshake failed; `cause` is what its bytes prove."""

    def __init__(self, cause: Cause) -> None:
        super().__init__(cause)
        self.cause = cause


class TlsConnection:
    """What a channel needs of a socket, behind TLS.

    Once the handshake is broken, a client that spoke no TLS is answered in clear, any other not.
    """

    def __init__(self, connection: socket.socket, context: ssl.SSLContext) -> None:
        self._socket = connection
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        #: OpenSSL's objects are for one thread at a time.
        self._lock = threading.Lock()
        self._state: Literal["new", "begun", "offered", "tls", "clear", "mute"] = "new"
        self._received = bytearray()
        self._ended, self._says_farewell = False, True
        #: What is encrypted and not sent yet, and of how many bytes of text it is.
        self._unsent, self._length = b"", 0

    def take_in(self, size: int) -> bool:
        """Read what came; return whether `recv` has something to return, or the end.

        Raises:
            BrokenHandshake: once, when the client shows that there will be no TLS.
            OSError: the connection is gone.
        """
        try:
            data = self._socket.recv(size)
        except BlockingIOError:
            return False
        except ConnectionError:
            data = b""
        with self._lock:
            if self._state == "new" and data and not data.startswith(_HANDSHAKE):
                # Only a client whose protocol has words can read an answer that has.
                other = find_protocol(data) or ("plain" if data[:1].isupper() else None)
                self._state = "clear" if other else "mute"
                raise BrokenHandshake(other or "handshake")
            if self._state == "offered" and not data:
                self._state = "mute"
                raise BrokenHandshake("handshake_left")
            if not data or self._state in ("clear", "mute"):
                self._ended = not data
            else:
                self._incoming.write(data)
                self._decrypt()
            return bool(self._received) or self._ended

    def _decrypt(self) -> None:
        try:
            if self._state != "tls":
                self._tls.do_handshake()
                self._state = "tls"
            while text := self._tls.read(_RECORD):
                self._received += text
            self._ended = True
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError as error:
            if self._state != "tls":
                self._state = "mute"
                raise BrokenHandshake(_find_cause(error.reason or "")) from error
            self._ended = True
        finally:
            if self._state in ("new", "begun"):
                self._state = "offered" if self._outgoing.pending else "begun"
            self._unsent += self._outgoing.read()
            with suppress(BlockingIOError):
                self._flush()
            if len(self._unsent) > _MOST_UNSENT:
                raise ConnectionAbortedError("The client reads nothing")

    def _flush(self) -> None:
        while self._unsent:
            self._unsent = self._unsent[self._socket.send(self._unsent) :]

    def recv(self, _size: int) -> bytes:
        """Return what `take_in` found; nothing at the end."""
        with self._lock:
            data = bytes(self._received)
            self._received.clear()
            return data

    def send(self, data: bytes) -> int:
        """Send some of it, and return how much the system has taken, encrypted.

        Raises:
            BlockingIOError: it takes no more; the next call has to begin with the same bytes.
        """
        with self._lock:
            if self._state == "mute":
                return len(data)
            if self._state == "clear":
                return self._socket.send(data)
            if not self._length:
                self._length = self._tls.write(data[:_RECORD])
                self._unsent += self._outgoing.read()
            self._flush()
            sent, self._length = self._length, 0
            return sent

    def dup(self) -> "TlsConnection":
        """Return the connection for whoever ends it by a fault, which says no farewell."""
        with self._lock:
            self._says_farewell = False
            other = copy.copy(self)
            other._socket = self._socket.dup()
            return other

    def _say_farewell(self) -> None:
        # Without it the client could not tell an end from a connection that was cut.
        if self._state == "tls" and self._says_farewell:
            self._says_farewell = False
            with self._lock, suppress(OSError):
                with suppress(ssl.SSLWantReadError):
                    self._tls.unwrap()
                self._unsent += self._outgoing.read()
                self._flush()

    def shutdown(self, how: int) -> None:
        """End the sending side."""
        self._say_farewell()
        self._socket.shutdown(how)

    def close(self) -> None:
        """Close the connection."""
        self._say_farewell()
        self._socket.close()

    def fileno(self) -> int:
        """Return the number of the descriptor, which the loop polls."""
        return self._socket.fileno()

    def setblocking(self, flag: bool) -> None:
        """Set the socket so; it never blocks anyway."""
        self._socket.setblocking(flag)

    def setsockopt(self, level: int, option: int, value: Any) -> None:
        """Set an option of the socket."""
        self._socket.setsockopt(level, option, value)

    def getsockopt(self, level: int, option: int) -> int:
        """Return an option of the socket."""
        return self._socket.getsockopt(level, option)


def _find_cause(reason: str) -> Cause:
    if any(part in reason for part in _REFUSED):
        return "certificate_refused"
    if any(part in reason for part in _TOO_OLD):
        return "old_tls"
    return "handshake"
