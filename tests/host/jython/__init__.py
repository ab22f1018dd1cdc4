"""Tests of portable_harness.jython."""
