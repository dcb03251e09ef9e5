"""Living paper: the program on one page of PDF, which knows its version."""
