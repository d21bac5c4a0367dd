"""The inputs of a solve as bytes, and back: JSON that names its network and rule set by hash.

Locations are numbered as in their network, which keeps the stock of 5,000 of them small.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise
from typing import Any

from dom.aws.codec import from_plain, to_plain
from dom.model import rule_codec
from dom.model.clock import from_text, to_text
from dom.model.ids import LocationId, Sku
from dom.model.location import Location
from dom.model.product import Product
from dom.model.rules import RuleSet
from dom.sourcing.network import Network
from dom.sourcing.problem import Demand
from dom.sourcing.replay import Assigned, Inputs

FORMAT = 1
# Has no default, and what is None is not written.
_NOWHERE = {"fixed_location": None}
HASH_DIGITS = 32


def digest(body: bytes) -> str:
    """The name of a content: the first 128 bits of its SHA-256 in hex."""
    return hashlib.sha256(body).hexdigest()[:HASH_DIGITS]


def as_json(plain: object) -> bytes:
    """Canonical JSON: the same content is the same bytes."""
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def demand_bytes(demand: Demand) -> bytes:
    """One ship group's part of the question."""
    return as_json(to_plain(demand))


def supply_bytes(inputs: Inputs) -> bytes:
    """Stock, open flags and capacity, as the batch saw them."""
    index = inputs.network.index
    return as_json(
        {
            "available": {sku: _columns(units, index) for sku, units in inputs.available.items()},
            "closed": sorted(index[at] for at in inputs.closed),
            "capacity_left": _columns(inputs.capacity_left, index),
            "effort_left": _columns(inputs.effort_left, index),
            "products": to_plain(inputs.products),
        }
    )


def solve_bytes(
    demands: Sequence[bytes], supply: bytes, network: str, rules: str, inputs: Inputs
) -> bytes:
    """The whole question: its parts as bytes, network and rule set by hash."""
    head = {"format": FORMAT, "now": to_text(inputs.now), "network": network, "rules": rules}
    joint = b',"joint":%b' % _joint(inputs) if inputs.assigned else b""
    body = b'{"demands":[%b],"head":%b%b,"supply":%b}'
    return body % (b",".join(demands), as_json(head), joint, supply)


def network_bytes(network: Network) -> bytes:
    """The description of every location."""
    return as_json({"locations": to_plain(network.locations)})


def rules_bytes(rules: RuleSet) -> bytes:
    """The rule set, complete."""
    return as_json({"version": rules.version, "rules": rule_codec.encode(rules)})


def network_of(body: bytes) -> Network:
    """The network again."""
    found = (from_plain(Location, one) for one in json.loads(body)["locations"])
    return Network({one.location_id: one for one in found})


def rules_of(body: bytes) -> RuleSet:
    """The rule set again."""
    plain = json.loads(body)
    return rule_codec.decode(plain["rules"], plain["version"])


def head_of(body: bytes) -> Mapping[str, Any]:
    """What a question names by hash, and its instant."""
    head: Mapping[str, Any] = json.loads(body)["head"]
    return head


def inputs_of(body: bytes, network: Network, rules: RuleSet) -> Inputs:
    """The whole question again."""
    plain = json.loads(body)
    supply, numbered = plain["supply"], [one.location_id for one in network.locations]
    joint = plain.get("joint", {"assigned": (), "by_solver": False})
    return Inputs(
        tuple(from_plain(Demand, {**_NOWHERE, **one}) for one in plain["demands"]),
        {Sku(sku): _rows(units, numbered) for sku, units in supply["available"].items()},
        frozenset(numbered[n] for n in supply["closed"]),
        _rows(supply["capacity_left"], numbered),
        {Sku(sku): from_plain(Product, one) for sku, one in supply["products"].items()},
        network,
        rules,
        from_text(plain["head"]["now"]),
        tuple(from_plain(Assigned, one) for one in joint["assigned"]),
        joint["by_solver"],
        _rows(supply.get("effort_left", ([], [])), numbered),
    )


def _joint(inputs: Inputs) -> bytes:
    return as_json({"assigned": to_plain(inputs.assigned), "by_solver": inputs.by_solver})


def _columns(units: Mapping[LocationId, int], index: Mapping[LocationId, int]) -> list[list[int]]:
    """Location numbers, each as its distance from the one before, and the units at each."""
    pairs = sorted((index[at], n) for at, n in units.items())
    numbers = [at for at, _ in pairs]
    return [[at - last for last, at in pairwise([0, *numbers])], [n for _, n in pairs]]


def _rows(columns: Sequence[Sequence[int]], numbered: Sequence[LocationId]) -> dict[Any, int]:
    steps, units = columns
    return {numbered[at]: n for at, n in zip(accumulate(steps), units, strict=True)}
