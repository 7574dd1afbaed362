"""What has changed since the last report."""
