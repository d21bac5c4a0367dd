"""By which ways a customer is told of an event, and whether now: at night only what is urgent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from dom.model.contact import DEFAULT, quiet_hours
from dom.model.fulfillment import FulfillmentOrder
from dom.model.order import Order
from dom.model.zones import zone_of
from dom.notify.ports import MessageStatus, Notice, Post, Way
from dom.notify.tell import tell
from dom.notify.templates import MESSAGES

# By mail these wait for the morning: nobody has to act on them at once. Mails are silent, so that
# the others come when they are true. A text message wakes people: whatever it says, it waits.
_WAIT = frozenset({"order_delayed", "pickup_reminder", "order_refunded", "choice_reminder"})
# What suits a text message: where it costs somebody a walk not to know it.
TEXTED = frozenset(
    {
        "order_shipped",
        "out_for_delivery",
        "ready_for_pickup",
        "pickup_reminder",
        "order_delayed",
        "choice_asked",
    }
)


def reach(notice: Notice, post: Post) -> list[MessageStatus]:
    """Tell the customer of an event by each way that is wanted; where each message stands.

    What has to wait comes again, as the same notice, when the customer's night is over: the claims
    know what was sent by then. Errors as of `tell`.
    """
    if notice.type not in MESSAGES:
        return []
    order = post.orders.load(notice.order_id)
    ways = list(_ways(notice, order, post))
    ends = _night_ends(notice, order, post) if order else None
    waiting = [way for way in ways if ends and _waits(notice, way)]
    if waiting and ends:
        post.later.wait(notice, ends)
    told = (tell(notice, post, way=way) for way in ways if way not in waiting)
    return [status for status in told if status]


def _ways(notice: Notice, order: Order | None, post: Post) -> Iterator[Way]:
    yield Way.MAIL
    wanted = order is not None and order.contact is not None and order.contact.sms
    if wanted and post.texter is not None and MESSAGES[notice.type] in TEXTED:
        yield Way.SMS


def _waits(notice: Notice, way: Way) -> bool:
    return way is Way.SMS or MESSAGES[notice.type] in _WAIT


def _night_ends(notice: Notice, order: Order, post: Post) -> datetime | None:
    """When the customer may be told again; None: now, or nobody knows what time it is there."""
    contact = order.contact or DEFAULT
    quiet = quiet_hours(contact.quiet) if contact.quiet else post.quiet
    zone = _zone(notice, order, post) if quiet else None
    return quiet.until(post.clock(), zone) if quiet and zone else None


def _zone(notice: Notice, order: Order, post: Post) -> ZoneInfo | None:
    """The customer's own word, else the zone of an address, else that of the store."""
    if order.contact and order.contact.time_zone:
        return ZoneInfo(order.contact.time_zone)
    for group in order.ship_groups:
        if zone := zone_of(group.destination):
            return zone
    name = notice.fulfillment_order_id
    work = post.orders.fulfillment_order(name) if name else None
    return _stores(work, post) if work else None


def _stores(work: FulfillmentOrder, post: Post) -> ZoneInfo | None:
    place = post.places.location(work.store)
    return ZoneInfo(place.timezone) if place else None
