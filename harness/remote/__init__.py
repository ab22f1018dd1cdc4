"""More than one machine: what ``--on ssh=HOST[,HOST...]`` and ``--load ssh=HOST`` stand on.

``addresses``  which hosts are meant, and how ssh is called for them
``gateways``   a Python on another host, reached by ssh through execnet
"""
