"""Named date formats, one module a language."""
