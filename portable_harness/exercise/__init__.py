"""Exercises: programs that a student writes, judged on every interpreter by the same checks.

`catalogue` reads what an exercise is, `kit` is what its tests are written with, `suite` runs a `job`
of them on one interpreter, `verify` proves that an exercise is sound, `command` is the command line.
"""
