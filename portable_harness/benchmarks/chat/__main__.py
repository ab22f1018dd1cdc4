"""The same as `portable-server benchmark-chat`."""

from portable_harness.benchmarks.chat.command import benchmark

if __name__ == "__main__":
    benchmark()
