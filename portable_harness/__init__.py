"""The controller: runs portable code on every interpreter found, and reports what differs.

Its packages stand on five floors; each imports from those below (setup.cfg has the rules):

- ``matrix``, ``compare``, ``exercise``, ``findings``, ``tox_plugin``: what a user asks for;
  ``benchmarks`` measure with ``compare``
- ``litmus``, ``check``, ``commands``, ``peers``, and below them ``load`` and ``guest``: means
- ``remote``, ``jython``, ``chat``
- ``interpreters``: find, probe, install
- ``base``: errors, options, progress, processes, servers, text

A feature is one package: its engine, ``command`` (the options; only `cli` imports it), ``remote``
(the same on other hosts) and the forms of its results.
"""
