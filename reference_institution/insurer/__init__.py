"""What only an insurer (保险公司) does."""

# Importing these modules registers their actions.
from reference_institution.insurer import claim_actions, document_actions, order_actions
from reference_institution.insurer.institution import ACTIONS, Insurer

__all__ = ["ACTIONS", "Insurer", "claim_actions", "document_actions", "order_actions"]
