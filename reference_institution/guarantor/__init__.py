"""What only a guarantee company (担保公司) does."""

# Importing these modules registers their actions.
from reference_institution.guarantor import claim_actions, guarantee_actions, order_actions
from reference_institution.guarantor.institution import ACTIONS, Guarantor

__all__ = ["ACTIONS", "Guarantor", "claim_actions", "guarantee_actions", "order_actions"]
