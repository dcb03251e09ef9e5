"""What `manage.py progression` does: try rules on a history from a file, replay what is stored."""
