"""What happens with an insurer (保险公司)."""
