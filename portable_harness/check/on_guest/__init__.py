"""What runs in the process of a server under test."""
