"""``python -m benchmarks.figures``."""

from benchmarks.figures.command import figures

if __name__ == "__main__":
    figures(prog_name="python -m benchmarks.figures")
