"""A clinic in numbers, for its owner: counts by clinician and month, no patient among them."""
