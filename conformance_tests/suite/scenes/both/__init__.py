"""What happens with institutions of either kind."""
