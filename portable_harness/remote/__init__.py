"""More than one machine: what ``--on ssh=HOST[,HOST...]`` and ``--load ssh=HOST`` stand on.

``addresses``  which hosts are meant, and how ssh is called for them
``gateways``   a Python on another host, reached by ssh through execnet
``host``       our end of a host: it gets what it lacks (``parts``), does jobs, may be lost
``reach``      all hosts of a run
``heard``      a column for each interpreter, made of what is heard of its host
``keeper``     runs there, and ends what it started; ``far`` does the jobs (``far_matrix``, ...)
"""
