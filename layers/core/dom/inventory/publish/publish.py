"""Bring what an outlet shows of some SKUs in line with what may be sold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from dom.inventory.publish.decide import Step, decide
from dom.inventory.publish.ports import Publishing
from dom.model.ids import Sku
from dom.model.outlet import Listing, Outlet, Shelf

# What changed between look and change is looked at again soon.
SOON = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Published:
    """SKUs that show another figure now, and those to look at again, after how long."""

    changed: tuple[Sku, ...] = ()
    again: Mapping[Sku, timedelta] = field(default_factory=dict)


def publish(skus: Iterable[Sku], outlet: Outlet, ports: Publishing) -> Published:
    """Show what may be sold of these SKUs there.

    SKUs that we never stocked are left alone, as are those that the outlet does not stock, does not
    know, or has on several items: each is counted. Busy: not now. Rejected: not with these
    credentials.
    """
    wanted = sorted(ports.sellable.known(skus))
    shelf = ports.shelf(outlet)
    listings = _listings(wanted, outlet, shelf, ports)
    shown = shelf.look([one.item for one in listings])
    pairs = [(one, shown.get(one.item)) for one in listings]
    steps = [_step(one, seen, outlet, ports) for one, seen in pairs if seen is not None]
    ports.count("ListingsNotStocked", len(listings) - len(steps))
    return _carry_out(steps, shelf, ports)


def _step(listing: Listing, shown: int, outlet: Outlet, ports: Publishing) -> Step:
    units = ports.sellable.units(listing.sku, outlet.channel)
    return decide(listing, units, shown, ports.clock(), ports.settle)


def _listings(skus: list[Sku], outlet: Outlet, shelf: Shelf, ports: Publishing) -> list[Listing]:
    """What is known of the SKUs there; the outlet is asked about those that are new to us."""
    stored = ports.listings.load(outlet, skus)
    known = {sku: listing for sku, listing in stored.items() if listing.item}
    found = shelf.find(new) if (new := [sku for sku in skus if sku not in known]) else {}
    for sku, items in found.items():
        if len(items) == 1:
            known[sku] = Listing(sku, outlet.channel, outlet.account, items[0])
    ports.count("ListingsAmbiguous", sum(len(items) > 1 for items in found.values()))
    ports.count("ListingsMissing", sum(not found.get(sku) for sku in new))
    return [known[sku] for sku in skus if sku in known]


def _carry_out(steps: list[Step], shelf: Shelf, ports: Publishing) -> Published:
    """Near zero first: that is where the next order may be one too many."""
    order = sorted(steps, key=lambda step: (step.wish.units if step.wish else 0, step.listing.sku))
    wishes = [step.wish for step in order if step.wish]
    refused = shelf.show(wishes) if wishes else {}
    now = ports.clock()
    ports.listings.save(_after(step, refused, now) for step in order)
    done = [step.listing.sku for step in order if step.wish and step.wish.item not in refused]
    ports.count("ListingsShown", len(done))
    ports.count("ListingsRefused", len(refused))
    return Published(tuple(done), _again(order, refused))


def _after(step: Step, refused: Mapping[str, str], now: datetime) -> Listing:
    """What is known of it then. An item that is refused for good is asked for anew next time."""
    if step.wish is None or refused.get(step.wish.item) == "":
        return step.listing
    if step.wish.item in refused:
        return replace(step.listing, item="", shown=None, seen_at=None)
    return replace(step.listing, shown=step.wish.units, seen_at=now)


def _again(steps: Iterable[Step], refused: Mapping[str, str]) -> dict[Sku, timedelta]:
    waits = {one.listing.sku: one.look_again for one in steps if one.look_again}
    stale = [one.listing.sku for one in steps if one.wish and refused.get(one.wish.item) == ""]
    return {**waits, **dict.fromkeys(stale, SOON)}
