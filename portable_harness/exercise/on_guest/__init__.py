"""What runs beside the student's code, on every interpreter."""
