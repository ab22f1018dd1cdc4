"""``python -m benchmarks.chat``: the same as ``portable-server benchmark-chat``."""

from benchmarks.chat.command import benchmark

if __name__ == "__main__":
    benchmark()
