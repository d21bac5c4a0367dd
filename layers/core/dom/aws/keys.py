"""Names and keys of items, readable in the console (docs/architecture.md, Storage)."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from dom.model.clock import to_text

ORDER = "ORDER"
PERSONAL = "PERSONAL"
POSITION = "POSITION"
AVAILABILITY = "AVAILABILITY"
PRODUCT = "PRODUCT"
STATE = "STATE"
SHADOW = "SHADOW"
RETURN = "RETURN"
RESERVATION = "RESERVATION"
NETWORK = "NETWORK"
OUTLETS = "OUTLETS"
CONTROLS = "CONTROLS"
SAFETY = "SAFETY_STOCK"
REBALANCING = "REBALANCING"
SUPPLIERS = "SUPPLIERS"
PARTNERS = "PARTNERS"
SUBSCRIPTIONS = "SUBSCRIPTIONS"
FEEDS = "FEEDS"
PULLS = "PULLS"
DEMAND = "DEMAND#"
FENCE = "FENCE#"
LINE = "LINE#"
INCOMING = "INCOMING"
SUPPLY = "SUPPLY"
IN_FORCE = "RULES_IN_FORCE"
SHORTAGES = "SHORTAGES"

# Spreads the sweep index over partitions: 1,000 writes a second each.
SWEEP_SHARDS = 8

Key = dict[str, str]


def _q(text: str) -> str:
    return quote(text, safe="")


def order(order_id: str) -> Key:
    """The ORDER item of an order."""
    return {"order_id": order_id, "item": ORDER}


def personal(order_id: str) -> Key:
    """The personal data of an order."""
    return {"order_id": order_id, "item": PERSONAL}


def data_key(order_id: str) -> Key:
    """The wrapped key that an order's personal data are sealed with: in a table of its own."""
    return {"order_id": order_id}


def fulfillment_order(fulfillment_order_id: str) -> Key:
    """A FulfillmentOrder by its id `<order id>-<number>`; numbers sort in the console."""
    order_id, _, number = fulfillment_order_id.rpartition("-")
    return {"order_id": order_id, "item": f"FO#{int(number):06d}"}


def open_work(location_id: str, recipient: str) -> str:
    """What work of a recipient is listed by while nobody has picked it there."""
    return f"{_q(location_id)}#{recipient}"


def parcel(number: str, fulfillment_order_id: str) -> Key:
    """The entry of a FulfillmentOrder under a parcel's number."""
    return {"order_id": parcels(number), "item": fulfillment_order_id}


def parcels(number: str) -> str:
    """The partition of a parcel's number: several FulfillmentOrders may travel in one box."""
    return f"PARCEL#{_q(number)}"


def rma(return_id: str) -> Key:
    """A return by its id `<order id>-R<number>`; numbers sort in the console."""
    order_id, _, number = return_id.rpartition("-R")
    return {"order_id": order_id, "item": f"{RETURN}#{int(number):06d}"}


def decision(order_id: str, decision_id: str) -> Key:
    """A routing decision of an order."""
    return {"order_id": order_id, "item": f"DECISION#{decision_id}"}


def shadow(order_id: str, decision_id: str) -> Key:
    """What the shadow rule set would have decided instead."""
    return {"order_id": order_id, "item": f"{SHADOW}#{decision_id}"}


def plan(order_id: str, plan_id: str) -> Key:
    """The record of a plan that is committed in steps."""
    return {"order_id": order_id, "item": f"PLAN#{plan_id}"}


def position(sku: str, location_id: str) -> Key:
    """The InventoryPosition of a SKU at a location."""
    return {"pk": f"{_q(sku)}#{_q(location_id)}", "sk": POSITION}


def movement(sku: str, location_id: str, at: datetime, commit_id: str) -> Key:
    """The ledger row of a commit on a position, in the partition of the month it occurred in."""
    return {"pk": movements(sku, location_id, month(at)), "sk": commit_id}


def movements(sku: str, location_id: str, of_month: str) -> str:
    """The partition of a position's ledger rows of a month."""
    return f"{_q(sku)}#{_q(location_id)}#{of_month}"


def month(at: datetime) -> str:
    """The month of an instant in UTC, such as 2026-03; sorts as text in order of time."""
    return f"{at.astimezone(UTC):%Y-%m}"


def availability(sku: str) -> Key:
    """The availability document of a SKU."""
    return {"pk": _q(sku), "sk": AVAILABILITY}


def product(sku: str) -> Key:
    """The facts of a SKU, beside its availability document."""
    return {"pk": _q(sku), "sk": PRODUCT}


def demand(sku: str, shard: int, fence: str = "") -> Key:
    """A counter of a SKU's unallocated demand, beside its availability document; or of what is sold
    of a ring-fence, or of what stands in line.
    """
    return {"pk": _q(sku), "sk": f"{FENCE}{_q(fence)}#{shard}" if fence else f"{DEMAND}{shard}"}


def line(sku: str) -> str:
    """The partition of those that wait for a SKU."""
    return f"{LINE}{_q(sku)}"


def place(sku: str, rank: str) -> Key:
    """A place in line; the first of the line sorts first."""
    return {"pk": line(sku), "sk": rank}


def incoming(sku: str) -> Key:
    """What is on its way of a SKU, beside its availability document."""
    return {"pk": _q(sku), "sk": INCOMING}


def listing_at(sku: str, channel: str, account: str) -> Key:
    """What a channel's account shows of a SKU, beside its availability document."""
    return {"pk": _q(sku), "sk": f"LISTING#{_q(channel)}#{_q(account)}"}


def reservation(reservation_id: str) -> Key:
    """A cart reservation."""
    return {"pk": f"RESERVATION#{reservation_id}", "sk": RESERVATION}


@dataclass(frozen=True, slots=True)
class Listing:
    """A partition that lists held reservations by the time they end."""

    pk: str
    prefix: str

    def until(self, at: datetime) -> str:
        """The last sort key of what ends at that instant: `~` is after every id."""
        return f"{self.prefix}{to_text(at)}#~"


def listings(sku: str) -> Listing:
    """Holds of a SKU, beside its availability document."""
    return Listing(_q(sku), "HOLD#")


def sweep_listings(shard: int) -> Listing:
    """Holds of any SKU, for the sweep."""
    return Listing(f"EXPIRY#{shard}", "AT#")


def tally(scope: str, name: str, period: str) -> Key:
    """Counts of returns of a SKU (beside its documents), a location or a customer; or of what a
    supplier did with the purchase orders of a day.
    """
    if scope == "supplier":
        return {"pk": scorecard(name), "sk": period}
    pk = _q(name) if scope == "sku" else f"RETURNS#{scope.upper()}#{_q(name)}"
    return {"pk": pk, "sk": f"RETURNS#{period}"}


def scorecard(location_id: str) -> str:
    """The partition of a supplier's counts, by day."""
    return f"SCORECARD#{_q(location_id)}"


def listing(at: datetime, sku: str | None, reservation_id: str) -> Key:
    """The entry of a reservation that ends then, of one of its SKUs or (None) for the sweep."""
    shard = int(sweep_shard({"id": reservation_id}))
    where = listings(sku) if sku is not None else sweep_listings(shard)
    return {"pk": where.pk, "sk": f"{where.prefix}{to_text(at)}#{reservation_id}"}


def location(location_id: str) -> Key:
    """The description of a location."""
    return {"pk": NETWORK, "sk": f"LOCATION#{location_id}"}


def location_state(location_id: str) -> Key:
    """Open flag and capacity left of a location: what every commit checks."""
    return {"pk": f"LOCATION#{location_id}", "sk": STATE}


def rule_set_versions(set_id: str) -> str:
    """The partition of a rule set's versions."""
    return f"RULESET#{_q(set_id)}"


def rule_set_version(set_id: str, number: int) -> Key:
    """A version of a rule set; numbers sort in the console."""
    return {"pk": rule_set_versions(set_id), "sk": f"VERSION#{number:06d}"}


def rules_in_force() -> Key:
    """Which version routing runs with: beside the locations, whose changes are relayed, too."""
    return {"pk": NETWORK, "sk": IN_FORCE}


def outlet(channel: str, account: str) -> Key:
    """An account of a channel that shows our stock."""
    return {"pk": OUTLETS, "sk": f"{_q(channel)}#{_q(account)}"}


def named(partition: str, name: str) -> Key:
    """One of the described things of a partition, such as a control of what is sold."""
    return {"pk": partition, "sk": _q(name)}


def proposal(name: str) -> Key:
    """A transfer that is proposed; ids sort by day."""
    return {"pk": REBALANCING, "sk": name}


def slow_stock() -> Key:
    """The newest list of stock that is slow."""
    return {"pk": "SLOW_STOCK", "sk": "NEWEST"}


def expectation(sku: str) -> Key:
    """What is expected to be sold of a SKU, beside its availability document."""
    return {"pk": _q(sku), "sk": "EXPECTATION"}


def orders_read(channel: str, account: str) -> Key:
    """How far an account's orders were read."""
    return {"pk": "ORDERS_READ", "sk": f"{_q(channel)}#{_q(account)}"}


def sweep_shard(key: Key) -> str:
    """The partition of the sweep index that an item belongs to."""
    return str(zlib.crc32("|".join(key.values()).encode()) % SWEEP_SHARDS)


def feed_source(source: str) -> Key:
    """How a source's files are read."""
    return {"pk": FEEDS, "sk": _q(source)}


def pull_state(source: str) -> Key:
    """When a source is asked next."""
    return {"pk": PULLS, "sk": _q(source)}


def feed_runs(source: str) -> str:
    """The partition of a source's files."""
    return f"FEED#{_q(source)}"


def feed_run(source: str, run_id: str) -> Key:
    """What became of a file; ids sort by the time it came."""
    return {"pk": feed_runs(source), "sk": f"RUN#{run_id}"}


def feed_file(source: str, file_digest: str) -> Key:
    """Which run brought a file's content."""
    return {"pk": feed_runs(source), "sk": f"FILE#{file_digest}"}


def partner_runs(partner: str) -> str:
    """The partition of a partner's files."""
    return f"PARTNER#{_q(partner)}"


def partner_run(partner: str, run_id: str) -> Key:
    """What became of a partner's file; ids sort by the time it came."""
    return {"pk": partner_runs(partner), "sk": f"RUN#{run_id}"}


def exchanged(partner: str, kind: str, name: str) -> Key:
    """Of the Inbox: what was exchanged with a partner under a name."""
    return {"key": f"partner#{_q(partner)}#{kind}#{name}"}


def supply(order_id: str) -> Key:
    """A transfer or a purchase."""
    return {"pk": f"{SUPPLY}#{order_id}", "sk": SUPPLY}


def supply_listing(location_id: str, order_id: str) -> Key:
    """Lists it at a location while it is open."""
    return {"pk": f"{SUPPLY}#LOCATION#{_q(location_id)}", "sk": order_id}


def stock_count(location_id: str, count_id: str) -> Key:
    """A cycle count; ids sort by its time."""
    return {"pk": f"COUNT#{_q(location_id)}", "sk": count_id}


def shortage(location_id: str, sku: str) -> Key:
    """What is missing of a position."""
    return {"pk": SHORTAGES, "sk": f"{shortages_at(location_id)}{_q(sku)}"}


def shortages_at(location_id: str) -> str:
    """With what the keys of a location's begin."""
    return f"{_q(location_id)}#"
