"""The Java virtual machine that Jython runs on: JAVA_HOME first, then PATH, as Jython has it."""

from __future__ import annotations

import os
import shutil

PACKAGE = "default-jre-headless"  # Debian's
ABSENT = f"it needs Java, which is absent (`apt-get install {PACKAGE}`, or set JAVA_HOME)"


def executable() -> str | None:
    """The `java` program, or None when this machine has none."""
    home = os.environ.get("JAVA_HOME")
    return (shutil.which("java", path=os.path.join(home, "bin")) if home else None) or shutil.which(
        "java"
    )
