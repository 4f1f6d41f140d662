"""The checks for guarantors (担保公司), by family."""
