"""A patient's sessions in their own calendar app, by an address that only they were shown."""
