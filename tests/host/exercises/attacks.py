"""Attacks of a submission on its grader, each a few lines of Python.

`PROBES` try to read, to write or to reach something and print GOT with their name where they
could; they run in one submission, one after the other. Each of `ATTACKS` has a submission of its
own, made of the right answer to exercise 12 or of its start file, and says what must come of it.

Names in them: SECRET, OTHER and VICTIM are files of the grader (0600, 0644 and 0600), TREE is the
folder of our packages, PORT a TCP port where somebody listens on the host, SOCKET a UNIX socket
that all may use.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

PROBES = {
    # --- read
    "read solution by sys.path": """
        for d in sys.path + [TREE]:
            for path in (d + '/exercises/12-bounded-mailboxes/solution.py',
                         d + '/portable_harness/exercises/12-bounded-mailboxes/solution.py'):
                if os.path.exists(path):
                    got(open(path).read())
    """,
    "read the checks": """
        for path in (TREE + '/exercises/12-bounded-mailboxes/tests.py',
                     TREE + '/portable_harness/exercises/12-bounded-mailboxes/tests.py',
                     'tests.py', '../tests.py'):
            if os.path.exists(path):
                got(open(path).read())
    """,
    "read a secret": "got(open(SECRET).read())",
    "read a secret by /proc": """
        for pid in ('1', str(os.getppid()), 'self'):
            for way in ('/proc/%s/root', '/proc/%s/cwd'):
                try:
                    got(open(way % pid + SECRET).read())
                except (OSError, IOError):
                    pass
    """,
    "read another submission": "got(open(OTHER).read())",
    "read /etc/shadow": "got(open('/etc/shadow').read())",
    "read the grader's environment": """
        for pid in os.listdir('/proc'):
            if pid.isdigit() and int(pid) != os.getpid():
                try:
                    got(open('/proc/%s/environ' % pid, 'rb').read())
                except (OSError, IOError):
                    pass
    """,
    "inherit a secret": "assert 'GRADER_TOKEN' in os.environ; got(os.environ['GRADER_TOKEN'])",
    "read memory": "got(open('/proc/%d/mem' % os.getppid(), 'rb').read(1))",
    "use a descriptor that was left open": """
        for number in range(3, 200):
            try:
                if os.path.isfile('/proc/self/fd/%d' % number):
                    got(os.read(number, 10))
            except OSError:
                pass
    """,
    "read root's files as root": "os.setuid(0); got(os.getuid())",
    # --- write
    "write a file of the grader": "got(open(VICTIM, 'a').write('attacked'))",
    "write a file of the grader by a link": """
        os.symlink(VICTIM, 'tests.py')
        os.symlink(VICTIM, 'settings-1.json')
        got(open('tests.py', 'a').write('attacked'))
    """,
    "link a file of the grader": "os.link(VICTIM, 'mine'); got(os.stat('mine').st_nlink)",
    "write our code": """
        for name in ('portable_server/__init__.py', 'portable_harness/exercise/guest.py'):
            try:
                assert os.path.exists(os.path.join(TREE, name))
                got(open(os.path.join(TREE, name), 'a').write(' '))
            except (OSError, IOError, AssertionError):
                pass
    """,
    "write next to our code": """
        name = TREE + '/portable_harness/exercise/on_guest/json.py'
        assert os.path.exists(TREE + '/portable_harness/exercise/guest.py')
        got(open(name, 'w').write('attacked'))
    """,
    "write the exercise": """
        got(open(TREE + '/exercises/12-bounded-mailboxes/tests.py', 'a').write(' '))
    """,
    "write a home": "got(open(os.path.dirname(VICTIM) + '/.bashrc', 'a').write('attacked'))",
    "write the kernel's settings": "got(open('/proc/sys/kernel/core_pattern', 'w').write('|/x'))",
    "write a program's folder of the system": "got(open('/usr/bin/attacked', 'w').write('x'))",
    # --- reach
    "connect to the network": "socket.create_connection(('1.1.1.1', 53), 2); got('network')",
    "connect to the host": "socket.create_connection(('127.0.0.1', PORT), 2); got('host')",
    "connect to a UNIX socket": """
        one = socket.socket(socket.AF_UNIX)
        one.connect(SOCKET)
        got('UNIX socket')
    """,
    "connect to an abstract UNIX socket": r"""
        one = socket.socket(socket.AF_UNIX)
        one.connect('\0' + os.path.basename(SOCKET))
        got('abstract UNIX socket')
    """,
    "see processes of others": """
        others = [one for one in os.listdir('/proc') if one.isdigit()
                  and os.stat('/proc/' + one).st_uid != os.getuid() and int(one) > 1]
        assert others
        got(others)
    """,
}
LINK = """
    import __main__, gc, json, struct
    link = [one for one in gc.get_objects() if type(one).__name__ == 'Link'][0]
    def raw(data):
        link._output.write(data)
"""


def on_link(code: str) -> str:
    """Code that begins with `LINK`."""
    return textwrap.dedent(LINK) + textwrap.dedent(code)


@dataclass(frozen=True)
class Attack:
    """A submission, and what must come of it."""

    code: str  # follows the answer
    right: bool = False  # whether the answer is right; else its check must fail
    came: str = ""  # is in what is reported; one of several, with | between them
    passes: bool = False


ATTACKS = {
    # --- forge
    "patch the kit": Attack("""
        import exercise_kit
        exercise_kit.Task = exercise_kit.equal = exercise_kit.true = lambda *a, **k: None
        exercise_kit.check = lambda *a: lambda f: lambda: None
    """),
    "events in the old channel": Attack("""
        settings = json.loads(sys.argv[1]) if sys.argv[1:] else {}
        for name in ('full-waits', 'bonus'):
            line = json.dumps({'event': 'done', 'check': name, 'status': 'passed'})
            os.write(1, line.encode() + b'\\n')
        open('channel-0.jsonl', 'w').write(line)
        os._exit(0)
    """, came="ended"),
    "answers for all questions": Attack(on_link("""
        type(link).do = lambda *a: True
    """)),
    "objects equal to all": Attack("""
        class Equal(object):
            def __eq__(self, other): return True
            def __ne__(self, other): return False
            def __bool__(self): return True
        Mailbox.put = Mailbox.get = lambda self, *a, **k: Equal()
    """),
    "a reply before the question": Attack(on_link("""
        for ident in range(1, 50):
            link.send(ident, {'a': True})
    """)),
    "rows that nobody asked for": Attack(on_link("""
        link.send(0, {'event': 'done', 'check': 'full-waits', 'status': 'passed'})
    """)),
    "the checks' own objects": Attack(on_link("""
        def steal(self, item, timeout=None):
            for number in range(1, 50):
                for name in ('__globals__', '__class__', '__init__', 'f_back', '__call__'):
                    try:
                        link.ask({'q': 'method', 'number': number, 'name': name, 'args': [],
                                  'named': {}}, [])
                    except Exception:
                        pass
            return True
        Mailbox.put = steal
    """)),
    "no error where one is due": Attack("""
        class Closed(SystemExit): pass
        def put(self, item, timeout=None): sys.exit(0)
        Mailbox.put = put
    """),
    "an end with status 0": Attack("os._exit(0)", came="ended by itself"),
    # --- hang
    "a loop at import": Attack("while True: pass", came="within"),
    "standard input": Attack("sys.stdin.read(); Mailbox.put = None"),
    "a FIFO in the place of each file": Attack("""
        for name in os.listdir('.') + ['tests.py', 'channel-0.jsonl', 'reports-0.jsonl']:
            if os.path.exists(name):
                os.unlink(name)
            os.mkfifo(name)
        time.sleep(1000)
    """, came="within"),
    "stopped": Attack("os.kill(os.getpid(), signal.SIGSTOP)", came="within"),
    "half a message": Attack(on_link("raw(b'\\0\\0\\1\\0'); time.sleep(1000)"), came="within"),
    "no answer": Attack(on_link("type(link).send = lambda *a: time.sleep(1000)"), came="within"),
    # --- kill
    "kill whom it can": Attack("""
        for pid in [os.getppid(), -1] + [int(one) for one in os.listdir('/proc') if one.isdigit()]:
            if pid != os.getpid():
                for number in (signal.SIGKILL, signal.SIGSTOP):
                    try: os.kill(pid, number)
                    except OSError: pass
    """, right=True, passes=True),
    "kill its group": Attack("os.killpg(0, signal.SIGKILL)", came="SIGKILL"),
    # --- leave behind
    "a daemon": Attack("""
        if not os.fork():
            os.setsid()
            if os.fork(): os._exit(0)
            time.sleep(1000)
    """, right=True, passes=True),
    "files for the next one": Attack("""
        for folder in ('/tmp', '/var/tmp', '/dev/shm'):
            try: open(folder + '/left-behind-' + MARK, 'w').write('x')
            except (OSError, IOError): pass
    """, right=True, passes=True),
    # --- exhaust
    "all of /tmp": Attack("""
        for folder in ('/tmp', '/var/tmp', '/dev/shm'):
            for number in range(20):
                with open('%s/%s-%d' % (folder, MARK, number), 'wb') as stream:
                    stream.write(b'x' * (14 << 20))
        time.sleep(1000)
    """, came="No space left|of files|20000 files"),
    "files without end": Attack("""
        for number in range(100000):
            open(str(number), 'w').close()
        time.sleep(1000)
    """, came="No space left|of files|20000 files"),
    "folders in folders": Attack("""
        for _ in range(1100):
            os.mkdir('d'); os.chdir('d')
        Mailbox.put = None
    """),
    "forks": Attack("""
        for _ in range(400):
            try:
                if not os.fork(): time.sleep(1000)
            except OSError: pass
        time.sleep(1000)
    """, came="processes"),
    "memory": Attack("data = [b'x' * (8 << 20) for _ in range(200)]; time.sleep(1000)",
                     came="MiB of memory"),
    "output": Attack("while True: os.write(2, b'x' * 65536)", came="printed more than"),
    "messages without end": Attack(on_link("""
        while True: link.send(-1, {'q': 'method', 'number': 1, 'name': 'x', 'args': [],
                                   'named': {}})
    """), came="disturbed"),
    "a message of four gigabytes": Attack(on_link("raw(b'\\xff' * 8); time.sleep(1000)"),
                                          came="disturbed"),
    # --- confuse
    "garbage": Attack(on_link("raw(b'\\0\\0\\0\\5\\0\\0\\0\\0hello'); time.sleep(1000)"),
                      came="disturbed"),
    "JSON in JSON in JSON": Attack(on_link("""
        text = b'[' * 100000
        raw(struct.pack('>II', len(text), 0) + text)
        time.sleep(1000)
    """), came="disturbed"),
    "strange classes": Attack("""
        Strange = type('a b', (Exception,), {'__module__': '\\n'})
        def put(self, item, timeout=None): raise Strange(Strange, Strange())
        Mailbox.put = put
    """, came="a b"),
    "a closed connection": Attack("os.closerange(0, 200); time.sleep(1000)"),
    "other functions of Python": Attack("""
        threading.Thread.start = threading.Thread.join = None
        time.time = lambda: 0
        json.dumps = json.loads = lambda *a, **k: None
    """, came="within"),
}  # fmt: skip
