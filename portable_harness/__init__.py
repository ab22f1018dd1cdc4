"""The controller: runs portable code on every interpreter found, and reports what differs."""
