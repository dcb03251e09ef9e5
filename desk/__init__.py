"""The clinician's reading side: who needs a decision, and the story of a patient."""
