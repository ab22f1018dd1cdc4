"""What every room of the controller stands on; it imports none of them."""
