"""``python -m portable_harness``: the same as the installed command ``portable-server``."""

from portable_harness.cli import main

if __name__ == "__main__":
    main()
