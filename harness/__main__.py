"""``python -m harness``: the same as the installed command ``portable-server``."""

from harness.cli import main

if __name__ == "__main__":
    main()
