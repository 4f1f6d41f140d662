"""The checks for insurers (保险公司), by family."""
