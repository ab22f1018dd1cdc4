"""The constants of the socket module, with Linux's values.

Java never sees these numbers; they are only names for what it is asked for.
"""
from __future__ import absolute_import, division, print_function

AF_UNSPEC, AF_INET, AF_INET6 = 0, 2, 10
AI_PASSIVE = 1
EAI_NONAME, EAI_SERVICE, EAI_FAMILY = -2, -8, -6
IPPROTO_IP, IPPROTO_TCP, IPPROTO_IPV6 = 0, 6, 41
SHUT_RD, SHUT_WR, SHUT_RDWR = 0, 1, 2
SOCK_STREAM = 1
SOL_SOCKET = 1
SOMAXCONN = 128
SO_REUSEADDR, SO_TYPE, SO_ERROR, SO_SNDBUF, SO_RCVBUF = 2, 3, 4, 7, 8
SO_KEEPALIVE, SO_LINGER, SO_REUSEPORT = 9, 13, 15
TCP_NODELAY = 1
has_ipv6 = True
