"""What the watch finds in other people's threaded libraries, on every interpreter.

The programs are portable and are in ``litmus/others``; here they get the libraries
(``requirements.txt``), run in a process for each library and interpreter, and are judged by what is
known already (``known.ini``).
"""
