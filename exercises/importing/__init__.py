"""Libraries as files: read with a fault a row, compared, and written as drafts; and back again."""
