"""What a message says, and to whom: from the order and its personal data as they stand now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from dom.errors import NotFound
from dom.model.commit import PersonalData
from dom.model.fulfillment import FulfillmentOrder, Parcel, units_by_line
from dom.model.money import Money, decimal_text
from dom.model.order import Bucket, Order, OrderStatus
from dom.model.promised import MOVED, zone_for
from dom.notify.moved import units_of, words_of
from dom.notify.ports import Letter, Notice, OrderReader, Places, Unwanted
from dom.notify.templates import MESSAGES, Value, render

PICKUPS = frozenset({"FulfillmentOrderReadied", "CustomerReminded"})
CANCELLED, REFUNDED = "OrderCancelled", "RefundSent"
# What they tell stands in the event alone.
SAYS_ITSELF = frozenset({CANCELLED, REFUNDED, MOVED})


def letter_for(
    notice: Notice, orders: OrderReader, places: Places, link: Callable[[str], str]
) -> Letter:
    """The letter for an event, with the `link` to its order's page.

    Unwanted says why there is none; NotFound: no such order.
    """
    order = orders.load(notice.order_id)
    if order is None:
        raise NotFound("order", notice.order_id)
    if order.test:
        raise Unwanted("TEST_ORDER")
    if order.status is OrderStatus.CANCELLED and notice.type not in {CANCELLED, REFUNDED}:
        raise Unwanted("ORDER_CANCELLED")
    personal = orders.personal(notice.order_id)
    recipient = _text(personal, "email")
    if "@" not in recipient:
        raise Unwanted("NO_ADDRESS")
    values = {
        **_order_facts(order, personal),
        **_work_facts(notice, order, orders, places),
        **_own_facts(notice, order),
        "tracking": (f"Where your order is: {link(order.order_id)}",),
    }
    return render(MESSAGES[notice.type], recipient, values)


def _order_facts(order: Order, personal: PersonalData | None) -> Mapping[str, Value]:
    name = _text(personal, "name")
    units = {line.line_id: line.quantity for line in order.lines}
    return {
        "greeting": f"Hello {name}".strip(),
        "order_name": order.name or order.external_id,
        "placed_on": f"{order.placed_at:%Y-%m-%d}",
        "lines": _lines(order, units),
        "parcels": (),
    }


def _work_facts(
    notice: Notice, order: Order, orders: OrderReader, places: Places
) -> Mapping[str, Value]:
    if not notice.fulfillment_order_id:
        return {}
    work = orders.fulfillment_order(notice.fulfillment_order_id)
    if work is None:
        raise NotFound("fulfillment order", notice.fulfillment_order_id)
    if notice.type == "FulfillmentOrderDelivered" and _assumed(work):
        raise Unwanted("NOBODY_SAW_IT")
    facts = {"lines": _lines(order, units_by_line(work.lines)), "parcels": _parcels(work.parcels)}
    return {**facts, "pickup": _pickup(work, places)} if notice.type in PICKUPS else facts


def _own_facts(notice: Notice, order: Order) -> Mapping[str, Value]:
    """What is cancelled of the order by now, what was paid back, or when the rest comes."""
    if notice.type == MOVED:
        group = next((g for g in order.ship_groups if g.id == notice.data["ship_group_id"]), None)
        if group is None:
            raise Unwanted("NOTHING_AWAITED")
        zone = zone_for(order, group.id)
        return {
            "moved": words_of(notice, order, zone),
            "lines": _lines(order, units_of(order, group.id)),
        }
    if notice.type == CANCELLED:
        units = {line.line_id: line.units(Bucket.CANCELLED) for line in order.lines}
        whole = bool(notice.data.get("whole_order"))
        return {"lines": _lines(order, units), "part": "Your order" if whole else "A part of it"}
    if notice.type != REFUNDED:
        return {}
    money = Money(int(notice.data["amount"]), str(notice.data["currency"]))
    if money.amount <= 0:
        raise Unwanted("NOTHING_PAID")
    back: dict[str, int] = {}
    for line in notice.data.get("refunded", ()):
        back[line["line_id"]] = back.get(line["line_id"], 0) + int(line["quantity"])
    way = "as store credit" if notice.data.get("store_credit") else "the way you paid"
    amount = f"{decimal_text(money.amount, money.currency)} {money.currency}"
    return {"lines": _lines(order, back), "amount": amount, "way": way}


def _assumed(work: FulfillmentOrder) -> bool:
    return any(entry.data.get("assumed") for entry in work.history)


def _pickup(work: FulfillmentOrder, places: Places) -> tuple[str, ...]:
    """Where and until when it can be collected, and with which code."""
    if work.pickup is None or not work.pickup.code:
        raise Unwanted("NOTHING_TO_COLLECT")
    store = places.location(work.store)
    if store is None:
        raise NotFound("location", work.store)
    last = store.local_date(work.pickup.last_moment)
    hours = (f"Open: {store.hours}",) if store.hours else ()
    code = f"Pickup code: {work.pickup.code}"
    return f"Where: {store.postal}", *hours, f"Until: {last:%A, %d %B %Y}", code


def _lines(order: Order, units: Mapping[str, int]) -> tuple[str, ...]:
    wanted = (line for line in order.lines if units.get(line.line_id))
    return tuple(f"{units[line.line_id]} x {line.label}" for line in wanted)


def _parcels(parcels: Iterable[Parcel]) -> tuple[str, ...]:
    told = (p for p in parcels if p.tracking_number or p.tracking_url)
    return tuple(
        " ".join(filter(None, ("Parcel", p.carrier, p.tracking_number, p.link))) for p in told
    )


def _text(personal: PersonalData | None, field: str) -> str:
    value = personal.data.get(field) if personal else None
    return value.strip() if isinstance(value, str) else ""
