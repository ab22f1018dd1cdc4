"""What our servers are to reach, and what they reach: `portable-server benchmark-figures`.

`table` has the figures, `measuring` runs `compare` for them, `reading` judges its results.
docs/performance.md has them in words. `honesty` tests `compare` itself.
"""
