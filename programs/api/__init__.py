"""What other systems and phones may ask of programs, by the same services as the pages."""
