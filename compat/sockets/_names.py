"""The names that `compat.sockets` offers, the same from each of its siblings."""
from __future__ import absolute_import, division, print_function

CONSTANTS = [
    'AF_INET', 'AF_INET6', 'AF_UNSPEC', 'AI_PASSIVE', 'IPPROTO_IPV6', 'IPPROTO_TCP',
    'SHUT_RD', 'SHUT_RDWR', 'SHUT_WR', 'SOCK_STREAM', 'SOL_SOCKET', 'SOMAXCONN',
    'SO_ERROR', 'SO_KEEPALIVE', 'SO_LINGER', 'SO_RCVBUF', 'SO_REUSEADDR', 'SO_SNDBUF',
    'SO_TYPE', 'TCP_NODELAY', 'has_ipv6',
]
ALL = CONSTANTS + [
    'create_connection', 'create_server', 'error', 'gaierror', 'getaddrinfo',
    'gethostbyname', 'gethostname', 'interrupt', 'outgoing', 'prepare_for_send_now',
    'reset', 'send_now', 'socket', 'stop_accepting', 'timeout',
]
