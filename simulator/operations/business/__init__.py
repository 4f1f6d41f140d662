"""The business: applications, orders, guarantees, claims, invoices, releases and their files."""
