"""Where a notice's RSA blocks end (5.2, P2), and texts that make them end at a chosen place."""

from conformance_tests.suite.messages.notices import Notice
from conformance_tests.suite.scenes.both.scene import Matter, Scene
from simulator.protocol import plaintext, rsa

_MARK = "MARK"
_CHARACTERS = "福州市示例工程标段"
#: Those with a remark or a reason.
_REMARKED = ("invoice_application", "release", "claim")


def room(notice: Notice) -> int:
    """Return the bytes of plaintext that a block has room for."""
    return rsa.block_size(notice.key) - rsa.PADDING


def count(notice: Notice) -> int:
    """Return how many blocks a notice is sealed in."""
    return -(-len(notice.plaintext(notice.signed())) // room(notice))


def filled(scene: Scene, interface: str) -> Matter:
    """Return a matter whose notice fills its last block to the last byte."""
    probe = scene.matter(interface, "x").notice
    missing = -len(probe.plaintext(probe.signed())) % room(probe)
    return scene.matter(interface, "x" * (1 + missing))


def across(scene: Scene, interface: str) -> Matter:
    """Return a matter in whose notice the bytes of one Chinese character lie in two blocks."""
    probe = scene.matter(interface, _MARK).notice
    start = probe.plaintext(probe.signed()).index(_MARK.encode())
    distance = -start % room(probe)
    width = len(plaintext.write({"a": "福"}, probe.form)) - len(
        plaintext.write({"a": ""}, probe.form)
    )
    before = "A" if distance % width == 0 else ""
    number = (distance - len(before)) // width + 2
    return scene.matter(interface, before + (_CHARACTERS * number)[:number])


def long_text(interface: str) -> str:
    """Return a long text: a remark may be longer than the name of a block or a project."""
    length = 300 if interface in _REMARKED else 80
    return (_CHARACTERS * length)[:length]
