"""Tests of portable_harness.interpreters."""
