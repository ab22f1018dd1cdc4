"""Chat from outside: record what clients of a server see, judge it, and a client for people.

Start reading at checker.py (what can be concluded), then history.py (what is recorded), then
workload.py (what the clients do); recorder.py plays it.
"""
