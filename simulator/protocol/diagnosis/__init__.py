"""The diagnosis: which known mistake makes a call unreadable or its sign wrong."""

from simulator.protocol.diagnosis.catalogue import MISTAKES, make_finding, read_mistakes
from simulator.protocol.diagnosis.findings import Credentials, Finding, Mistake
from simulator.protocol.diagnosis.seal.seals import explain_seal
from simulator.protocol.diagnosis.sign.signs import explain_sign

__all__ = [
    "MISTAKES",
    "Credentials",
    "Finding",
    "Mistake",
    "explain_seal",
    "explain_sign",
    "make_finding",
    "read_mistakes",
]
