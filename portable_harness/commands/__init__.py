"""Commands that are a file each; a larger feature has its `command` in its own package."""
