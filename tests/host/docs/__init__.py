"""The documentation: what its pages tell people to type works, and the site can be built.

- `pages.py`       the pages, and the code in them
- `test_code.py`   names, imports and options are there
- `test_commands.py` commands and their options are accepted, without running them
- `test_protocols.py` the wire protocols are those of the code
- `test_language.py` retired words
- `test_site.py`   `mkdocs build --strict`, and no page is wider than a phone
"""
