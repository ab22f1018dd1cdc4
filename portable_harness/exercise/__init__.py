"""Exercises: programs that a student writes, judged on every interpreter by the same checks.

`catalogue` reads what an exercise is, `kit` is what its tests are written with, `suite` runs them
on one interpreter for a `job`, `verify` proves that an exercise is sound, `command` is the command
line.
"""
