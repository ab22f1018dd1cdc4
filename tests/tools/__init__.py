"""Tests of our own tools: the watch, the litmus engine, the pytest plugin, the packages' names."""
