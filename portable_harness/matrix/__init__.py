"""The matrix: the same tests on every interpreter, side by side.

A test run goes through these modules, in this order:

``guests``     an interpreter becomes a `Guest`, which can be started
``process``    one guest process: started, watched, ended with all its children
``record``     what the process wrote down becomes outcomes, one for each test
``guest_run``  a whole guest: start again after a crash or a hang
``provide``    all of it for an interpreter, as a task of `portable_harness.base.tasks`
``merge``      rows (tests) x columns (interpreters), and what differs
``terminal``, ``page``, ``document`` (JSON) and ``junit`` show it
``command``    the command line; ``remote`` the same on other hosts
"""
