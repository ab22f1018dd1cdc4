"""The layout that setup.cfg cannot describe: pages and exercises become data of the package.

A checkout has them at its top, where people look for them; a wheel may only add one name to
site-packages. The portable half is another distribution: see distributions/core.
"""

from setuptools import find_packages, setup

DATA = {"portable_harness.docs": "docs", "portable_harness.exercises": "exercises"}

setup(
    packages=[*find_packages(include=["portable_harness", "portable_harness.*"]), *DATA],
    package_dir=DATA,
    package_data={package: ["**/*"] for package in ("portable_harness", *DATA)},
    exclude_package_data={"": ["*.pyc", "*.class", "**/*.pyc", "**/*.class"]},
)
