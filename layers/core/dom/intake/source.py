"""What intake remembers of the channel's side of an order: a state that only ever grows.

Joining is commutative, associative and idempotent, so that events told twice, late or in any order
end in the same state. Times are text (`dom.model.clock.to_text`), which sorts as time does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

Units = Mapping[str, int]
Guaranteed = tuple[str, int, int, str]


@dataclass(frozen=True, slots=True)
class Told:
    """A refund or an edit as remembered: units by line id (`dom.model.facts.Delta`)."""

    at: str
    removed: Units = field(default_factory=dict)
    returned: Units = field(default_factory=dict)
    added: Units = field(default_factory=dict)
    listed: bool = False
    paid: int = 0
    ours: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """The join of everything told so far.

    `updated_at` "": no snapshot yet. `quantity` and `removed`: the most any snapshot showed, by
    line; `wanted`: the fewest units that one left of a line, where quantities shrink. `content`
    fingerprints what the newest snapshot said that cannot be joined, and decides between two
    snapshots of one instant; `triggered_at` does before it. `handovers`: fulfillments of the
    channel, `[rank, units by line]`. The rest is bookkeeping of our own: `own` counts units that
    intake itself put into a bucket, by line; `asked` those it asked fulfillment to withdraw;
    `hold` is the hold that it wants. `collected`: where the customer collects it, after the time at
    which that was told last. `authorized`: when it was told last that money is guaranteed, how
    much, of that for fees, and until when; `settled`: the channel ever said that it took all of
    it, or let it go.
    """

    updated_at: str = ""
    triggered_at: str = ""
    content: str = ""
    payment: str = ""
    cancelled_at: str = ""
    in_person: bool = False
    amounts: Mapping[str, object] = field(default_factory=dict)
    quantity: Units = field(default_factory=dict)
    removed: Units = field(default_factory=dict)
    wanted: Units = field(default_factory=dict)
    handovers: Mapping[str, tuple[int, Units]] = field(default_factory=dict)
    refunds: Mapping[str, Told] = field(default_factory=dict)
    edits: Mapping[str, Told] = field(default_factory=dict)
    own: Mapping[str, Units] = field(default_factory=dict)
    asked: Units = field(default_factory=dict)
    hold: tuple[str, ...] = ()
    collected: tuple[str, ...] = ()
    authorized: Guaranteed | None = None
    settled: bool = False


def dump(source: Source) -> dict[str, Any]:
    """As plain data for `Order.source`; what is empty is left out, since the item is bounded."""
    plain: dict[str, Any] = {f.name: getattr(source, f.name) for f in fields(source)}
    plain["refunds"] = {name: _dump_told(told) for name, told in source.refunds.items()}
    plain["edits"] = {name: _dump_told(told) for name, told in source.edits.items()}
    plain["handovers"] = {name: list(one) for name, one in source.handovers.items()}
    plain["hold"] = list(source.hold)
    plain["collected"] = list(source.collected)
    plain["authorized"] = list(source.authorized or ())
    return {name: value for name, value in plain.items() if value}


def load(plain: Mapping[str, Any]) -> Source:
    """From `Order.source`; fields that this version does not know are dropped."""
    known = {f.name: plain[f.name] for f in fields(Source) if f.name in plain}
    for name in ("refunds", "edits"):
        known[name] = {key: _load_told(told) for key, told in known.get(name, {}).items()}
    handovers = known.get("handovers", {})
    known["handovers"] = {key: (rank, units) for key, (rank, units) in handovers.items()}
    known["hold"] = tuple(known.get("hold", ()))
    known["collected"] = tuple(known.get("collected", ()))
    known["authorized"] = tuple(known.get("authorized", ())) or None
    return Source(**known)


def _load_told(plain: Mapping[str, Any]) -> Told:
    return Told(**{f.name: plain[f.name] for f in fields(Told) if f.name in plain})


def _dump_told(told: Told) -> dict[str, Any]:
    plain = {f.name: getattr(told, f.name) for f in fields(told)}
    return {name: value for name, value in plain.items() if value}
