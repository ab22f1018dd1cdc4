"""Tests of the guest environments and of the tox plugin."""
