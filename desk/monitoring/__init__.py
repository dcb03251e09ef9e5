"""Remote monitoring: what was sent and what was done for it, as evidence. Never more than that."""
