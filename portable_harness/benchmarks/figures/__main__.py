"""``python -m portable_harness.benchmarks.figures``."""

from portable_harness.benchmarks.figures.command import figures

if __name__ == "__main__":
    figures(prog_name="python -m portable_harness.benchmarks.figures")
