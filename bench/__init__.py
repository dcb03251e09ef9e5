"""Measures Flexion against its budgets: `uv run python -m bench pages` and `... engine`."""
