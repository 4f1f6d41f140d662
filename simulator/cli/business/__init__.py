"""The commands of the business: orders, guarantees, invoices, bids, claims, releases."""
