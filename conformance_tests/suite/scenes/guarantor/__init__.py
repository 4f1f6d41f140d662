"""What happens with a guarantee company (担保公司)."""
