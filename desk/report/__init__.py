"""The report of one patient on paper: adherence, pain and progress of a program."""
