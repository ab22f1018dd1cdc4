"""Addresses: Python's tuples on one side, Java's InetSocketAddress on the other."""
from __future__ import absolute_import, division, print_function

from java.lang import Exception as JavaException
from java.net import Inet4Address, Inet6Address, InetAddress, InetSocketAddress

from portable_server.compat.sockets._jython import constants, failures

_WILDCARDS = {constants.AF_INET: '0.0.0.0', constants.AF_INET6: '::'}
_KINDS = {constants.AF_INET: Inet4Address, constants.AF_INET6: Inet6Address}
_MAX_PORT = 65535


def to_java(address, family, function):
    """InetSocketAddress for `address`, (host, port) or (host, port, flow, scope).

    Raises TypeError, OverflowError and gaierror in CPython's cases; `function`
    is the name they carry.
    """
    if not isinstance(address, tuple):
        raise TypeError('%s(): address must be tuple, not %s'
                        % (function, type(address).__name__))
    if len(address) < 2 or len(address) > (2 if family == constants.AF_INET else 4):
        raise TypeError('%s(): address must be a pair (host, port)' % function)
    host, port = address[:2]
    if isinstance(port, bool) or not isinstance(port, (int, long)):     # noqa: F821
        raise TypeError('an integer is required as port')
    if not 0 <= port <= _MAX_PORT:
        raise OverflowError('%s(): port must be 0-65535.' % function)
    return InetSocketAddress(_resolve(host, family)[0], port)


def _resolve(host, family):
    """The InetAddresses of `host` in `family`, at least one; else gaierror."""
    if not isinstance(host, basestring):                                # noqa: F821
        raise TypeError('host must be a string, not %s' % type(host).__name__)
    host = host or _WILDCARDS[family]
    try:
        found = InetAddress.getAllByName(host.strip('[]'))
    except JavaException as problem:
        raise failures.translate(problem, 'getaddrinfo')
    kind = _KINDS[family]
    matching = [address for address in found if isinstance(address, kind)]
    if not matching:
        raise failures.name_not_known()
    return matching


def from_java(address, family):
    """Python's tuple for an InetSocketAddress; None means not bound yet."""
    if address is None:
        host, port, scope = _WILDCARDS[family], 0, 0
    else:
        host, scope = _text(address.getAddress(), family)
        port = address.getPort()
    return (host, port) if family == constants.AF_INET else (host, port, 0, scope)


def _text(address, family):
    if isinstance(address, Inet6Address):
        if address.isAnyLocalAddress() and family == constants.AF_INET:
            return _WILDCARDS[family], 0        # what Java calls any address
        return compressed(address.getAddress()), address.getScopeId()
    text = str(address.getHostAddress())
    if family == constants.AF_INET6:
        return ('::' if address.isAnyLocalAddress() else '::ffff:' + text), 0
    return text, 0


def compressed(octets):
    """The text of 16 octets of IPv6 with the longest run of zeros as `::` (RFC 5952)."""
    octets = [octet & 0xff for octet in octets]
    groups = [octets[i] * 256 + octets[i + 1] for i in range(0, 16, 2)]
    start, length = _longest_zeros(groups)
    if length < 2:
        return ':'.join('%x' % group for group in groups)
    return '%s::%s' % (':'.join('%x' % group for group in groups[:start]),
                       ':'.join('%x' % group for group in groups[start + length:]))


def _longest_zeros(groups):
    best, run = (0, 0), 0
    for i, group in enumerate(groups):
        run = 0 if group else run + 1
        if run > best[1]:
            best = (i - run + 1, run)
    return best


def getaddrinfo(host, port, family=constants.AF_UNSPEC, type=constants.SOCK_STREAM,
                proto=0, flags=0):
    """TCP addresses of (host, port): [(family, type, proto, '', address)].

    https://docs.python.org/3/library/socket.html#socket.getaddrinfo, with port as a
    number or its decimal text.  Raises gaierror for an unknown name.
    """
    port = _port_number(port)
    if host is None:
        host = '' if flags & constants.AI_PASSIVE else 'localhost'
    families = [family] if family else [constants.AF_INET, constants.AF_INET6]
    found = []
    for each in families:
        try:
            addresses = _resolve(host, each)
        except failures.gaierror:
            continue
        found += [(each, constants.SOCK_STREAM, constants.IPPROTO_TCP, '',
                   from_java(InetSocketAddress(address, port), each))
                  for address in addresses]
    if not found:
        raise failures.name_not_known()
    return found


def _port_number(port):
    try:
        number = int(port or 0)
    except ValueError:
        raise failures.gaierror(constants.EAI_SERVICE,
                                'Servname not supported for ai_socktype')
    if not 0 <= number <= _MAX_PORT:
        raise OverflowError('getaddrinfo(): port must be 0-65535.')
    return number


def gethostbyname(host):
    """The first IPv4 address of `host`, as text.  Raises gaierror."""
    return str(_resolve(host, constants.AF_INET)[0].getHostAddress())


def gethostname():
    """The name of this machine."""
    try:
        return str(InetAddress.getLocalHost().getHostName())
    except JavaException as problem:
        raise failures.translate(problem, 'gethostname')
