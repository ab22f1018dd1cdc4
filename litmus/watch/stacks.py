"""Where code is: stacks as lists of (file, line, function), the newest call last."""
from __future__ import absolute_import, division, print_function

from portable_server.compat import interception

#: calls that a report keeps
DEPTH = 30
_OWN = __name__.rpartition('.')[0]

getframe = interception.getframe
POSITION = interception.POSITION


def is_own(frame):
    """bool: whether the frame belongs to the watch itself."""
    name = frame.f_globals.get('__name__') or ''
    return name == _OWN or name.startswith(_OWN + '.')


def user_frame(frame):
    """The newest frame, from `frame` outwards, that is not the watch's own."""
    while frame.f_back is not None and is_own(frame):
        frame = frame.f_back
    return frame


def stack_of(frame, position=None, depth=DEPTH):
    """list of (file, line, function), newest last; `position`: where `frame` was then.

    Jython does not note the line of a `with`: there it is the line before, or the first.
    """
    found = []
    while frame is not None and len(found) < depth:
        code = frame.f_code
        line = (frame.f_lineno or code.co_firstlineno if position is None
                else interception.line_at(code, position))
        found.append((code.co_filename, line, code.co_name))
        frame, position = frame.f_back, None
    found.reverse()
    return found


def here():
    """The stack of the caller, without the watch's own calls at its end."""
    return stack_of(user_frame(getframe(1)))


def text_of(stack, indent='    ', longest=10):
    """The lines of a report for one stack, its newest `longest` calls."""
    if not stack:
        return indent + '(not known)'
    shown = stack[-longest:]
    lines = [] if len(shown) == len(stack) else [indent + '...']
    lines += ['%sFile "%s", line %d, in %s' % ((indent,) + call) for call in shown]
    return '\n'.join(lines)
