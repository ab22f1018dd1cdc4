"""The catalogue: one file a row, each a lesson; racy and mended variants side by side."""
