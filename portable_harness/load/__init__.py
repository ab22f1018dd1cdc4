"""Load on a server from outside: lines there and back, each byte compared, each latency counted.

The generator is a program of its own in C (`load.c`)
that gets words and gives lines of JSON. `python -m portable_harness.load --help` runs one by hand.
"""
