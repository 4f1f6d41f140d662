"""All mistakes the diagnosis knows, by their names."""

from collections.abc import Mapping

from simulator.protocol.diagnosis.digest_mistakes import DIGEST, TIME
from simulator.protocol.diagnosis.findings import Mistake
from simulator.protocol.diagnosis.plaintext_mistakes import PLAINTEXT
from simulator.protocol.diagnosis.seal_mistakes import SEAL
from simulator.protocol.diagnosis.sign_mistakes import RULE
from simulator.protocol.diagnosis.value_mistakes import VALUES

#: In the order in which a reader looks: from the form inwards, the sign last.
MISTAKES: Mapping[str, Mistake] = {
    mistake.name: mistake for mistake in (*SEAL, *PLAINTEXT, *RULE, *DIGEST, *VALUES, *TIME)
}
