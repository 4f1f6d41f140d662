"""The states of an insurer's order (insurer 5.4)."""

from reference_institution.orders import Product

#: An order alternates between the first two states until due diligence is passed.
POLICY = Product(
    progress={
        "WAIT_TUNE_UP": 0,
        "WAIT_SUBMIT_TUNE_UP": 0,
        "WAIT_OFFER": 1,
        "WAIT_PAY": 2,
        "WAIT_OUT_GUARANTEE": 3,
        "HAS_OUT_GUARANTEE": 4,
        "FINISH": 5,
    },
    last_cancellable="WAIT_PAY",
)
