"""The controller of the litmus tests: the same cases on every interpreter, side by side.

A run goes through these modules, in this order:

``catalogue``   which cases there are, asked of `portable_server.litmus` on this Python
``plan``        how the time is spent, and what a child is started with
``child``       one child on one interpreter: started, read line by line, ended with its children
``transcript``  what a child says becomes results, one for each case
``guest_run``   a whole interpreter: start again after a crash or a hang
``chat_rows``   rows 59 to 65: a server on the interpreter, clients and the judge outside
``results``     what all of this comes to: results, columns, the table, its verdicts
``command``     the command line; ``document`` is the JSON, ``terminal``, ``page`` and
                ``markdown`` are the other forms
"""
