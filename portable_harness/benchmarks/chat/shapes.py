"""The situations that servers are measured in."""

from __future__ import annotations

from dataclasses import dataclass

WINDOW = 32  # a sender's lines on their way, at saturation


@dataclass(frozen=True)
class Shape:
    """One situation.  `amount`: lines on their way per sender (saturate), or lines/s (rate).
    `text`: bytes of a line; `warmup`: seconds of load before the measurement.
    """

    name: str
    title: str
    members: int
    mode: str
    amount: float
    dead: int = 0
    churn: int = 0
    joins: float = 0.0
    warmup: float = 1.0
    text: int = 64


SHAPES = (
    Shape("saturate-10", "10 members, saturation", 10, "saturate", WINDOW),
    Shape("saturate-100", "100 members, saturation", 100, "saturate", WINDOW),
    Shape("saturate-500", "500 members, saturation", 500, "saturate", WINDOW),
    Shape("lockstep-100", "100 members, a sender waits for each line", 100, "saturate", 1),
    Shape("rate-10", "10 members, 2,000 lines/s offered", 10, "rate", 2_000),
    Shape("rate-100", "100 members, 300 lines/s offered", 100, "rate", 300),
    Shape("rate-500", "500 members, 60 lines/s offered", 500, "rate", 60),
    # Long lines and some seconds first: until the kernel's buffers are full (2.5 MB and more) they
    # hide that a member does not read.
    Shape("long-100", "100 members, saturation, lines of 1,000 bytes", 100, "saturate", 8,
          warmup=6.0, text=980),
    Shape("dead-100", "the same, and one member that never reads", 100, "saturate", 8,
          dead=1, warmup=6.0, text=980),
    Shape("churn-100", "300 lines/s and 50 joins and leaves a second", 100, "rate", 300,
          churn=8, joins=50),
    Shape("churn-max", "joins and leaves at full speed among 100", 100, "rate", 10, churn=8),
)  # fmt: skip
BY_NAME = {shape.name: shape for shape in SHAPES}
QUICK = ("saturate-100", "rate-100")
