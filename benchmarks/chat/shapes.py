"""The situations that servers are measured in."""

from __future__ import annotations

from dataclasses import dataclass

WINDOW = 32  # a sender's lines on their way, at saturation


@dataclass(frozen=True)
class Shape:
    """One situation.  `amount`: lines on their way per sender (saturate), or lines/s (rate)."""

    name: str
    text: str
    members: int
    mode: str
    amount: float
    dead: int = 0
    churn: int = 0
    joins: float = 0.0
    warmup: float = 1.0

    @property
    def senders(self) -> int:
        return min(10, self.members)


SHAPES = (
    Shape("saturate-10", "10 members, saturation", 10, "saturate", WINDOW),
    Shape("saturate-100", "100 members, saturation", 100, "saturate", WINDOW),
    Shape("saturate-500", "500 members, saturation", 500, "saturate", WINDOW),
    Shape("lockstep-100", "100 members, a sender waits for each line", 100, "saturate", 1),
    Shape("rate-10", "10 members, 2,000 lines/s offered", 10, "rate", 2_000),
    Shape("rate-100", "100 members, 300 lines/s offered", 100, "rate", 300),
    Shape("rate-500", "500 members, 60 lines/s offered", 500, "rate", 60),
    # 5 s first: until then the kernel's buffers hide that the member does not read
    Shape("dead-100", "saturation and one member that never reads", 100, "saturate", WINDOW,
          dead=1, warmup=5.0),
    Shape("churn-100", "300 lines/s and 50 joins and leaves a second", 100, "rate", 300,
          churn=8, joins=50),
    Shape("churn-max", "joins and leaves at full speed among 100", 100, "rate", 10, churn=8),
)  # fmt: skip
BY_NAME = {shape.name: shape for shape in SHAPES}
QUICK = ("saturate-100", "rate-100")
