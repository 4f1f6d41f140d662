"""The reference institution with one defect each: what proves that the suite's checks bite."""
