"""Get an artifact with the library jgo, in a process of its own.

``python -m portable_harness.interpreters.install.jgo_client GROUP ARTIFACT VERSION FOLDER``

A process, because the library has no time limit for a whole download and leaves connections open
when it fails. Documentation: https://jgo.apposed.org (MavenContext; [repositories] of jgo.conf).
"""

from __future__ import annotations

import sys
from pathlib import Path

from jgo.config import GlobalSettings
from jgo.maven import MavenContext


def fetch(group: str, artifact: str, version: str, folder: Path) -> Path:
    """Download into a repository of Maven's layout below ``folder``, from jgo's own repositories
    and those of the user's configuration file."""
    repositories = {**MavenContext().remote_repos, **GlobalSettings.load().repositories}
    context = MavenContext(repo_cache=folder, remote_repos=repositories, timeout=60)
    component = context.project(group, artifact).at_version(version)
    return Path(component.artifact().resolve())


def main(arguments: list[str]) -> int:
    """Exit status 1, with one line that says why, when it cannot be had."""
    group, artifact, version, folder = arguments
    try:
        fetch(group, artifact, version, Path(folder))
    except Exception as error:  # it documents none: requests' errors, RuntimeError, ...
        sys.stderr.write(f"error: {' '.join(str(error).split())}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
