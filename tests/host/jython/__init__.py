"""Tests of harness.jython."""
