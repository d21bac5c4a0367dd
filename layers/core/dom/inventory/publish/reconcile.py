"""Everything that an outlet stocks, page by page, against what may be sold: nothing stays wrong."""

from __future__ import annotations

from dataclasses import dataclass

from dom.inventory.publish.ports import Publishing
from dom.inventory.publish.publish import Published, publish
from dom.model.ids import Sku
from dom.model.outlet import Outlet


@dataclass(frozen=True, slots=True)
class Page:
    """What was done of a page, how many SKUs differed, and the cursor of the next ("": none)."""

    published: Published
    differed: int
    next: str


def reconcile(outlet: Outlet, cursor: str, ports: Publishing) -> Page:
    """Compare one page of what the outlet shows, and publish the SKUs that differ."""
    shown, following = ports.shelf(outlet).page(cursor)
    here = {Sku(one.sku): one.units for one in shown if one.sku}
    known = ports.sellable.known(here)
    differ = [sku for sku in known if ports.sellable.units(sku, outlet.channel) != here[sku]]
    ports.count("ListingsCompared", len(known))
    ports.count("ListingsDiffered", len(differ))
    done = publish(differ, outlet, ports) if differ else Published()
    return Page(done, len(differ), following)
