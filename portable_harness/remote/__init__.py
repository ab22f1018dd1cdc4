"""More than one machine: what ``--on ssh=HOST[,HOST...]`` and ``--load ssh=HOST`` stand on.

``addresses``  which hosts are meant, and how ssh is called for them
``gateways``   a Python on another host, reached by ssh through execnet
``host``       our end of a host: it gets what it lacks (``payload``), does jobs, may be lost
``hosts``      all hosts of a run
``columns``    a column for each interpreter, made of the events of its host
``agent``      runs there, and ends what it started
``controller`` runs there too and does ``jobs``: `run` in the feature's module ``remote``, whose
               `measure` asks for them here
"""
