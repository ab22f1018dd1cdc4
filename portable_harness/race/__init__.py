"""``portable-server race``: is a threaded class or function right on every interpreter?

``run`` starts the portable explorer (``litmus/explore``) on each interpreter and reads its result;
``command`` is the command line.
"""
