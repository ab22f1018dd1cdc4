"""What was measured, in the forms in which it is read: terminal, JSON, HTML, JUnit XML."""
