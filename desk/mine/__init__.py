"""What a clinic holds of a patient, handed to that patient: to read, as tables, as JSON."""
