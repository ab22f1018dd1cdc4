"""Code for the guest: copied or sent there, never imported by the controller."""
