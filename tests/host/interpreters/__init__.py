"""Tests of harness.interpreters."""
