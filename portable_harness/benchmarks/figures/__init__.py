"""The figures that our servers are to reach, each measured by one command: `python -m
portable_harness.benchmarks.figures`. docs/performance.md has them in words, with what they cost."""
