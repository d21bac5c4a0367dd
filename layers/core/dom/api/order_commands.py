"""What people may do to an order by API: operations and their bodies."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from dom.api.fulfillments import WorkLineBody, units_of
from dom.api.operation import Operation, Query
from dom.api.views import OrderView
from dom.channels.api_models import AddressBody
from dom.channels.api_orders import destination_of, words_of
from dom.channels.payload import LOCALE
from dom.errors import InvalidInput
from dom.model.addresses import Address
from dom.model.choice import Choice, Way
from dom.model.contact import Contact
from dom.model.zones import zone_exists

Reason = Annotated[str, Field(min_length=1, max_length=200)]
_KEY = Query("Idempotency-Key", "Names the request, so that a repeat counts once.")


class CommandBody(BaseModel):
    """`reason` is shown in the timeline and published in events: no personal data in it.

    A repeated `request_id` (or Idempotency-Key) changes nothing and answers the order as it is.
    """

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    reason: Reason
    request_id: str | None = Field(None, max_length=255)


class CancelBody(CommandBody):
    """Without `lines` everything that can still be stopped is cancelled."""

    lines: list[WorkLineBody] | None = Field(None, min_length=1, max_length=800)

    def units(self) -> dict[str, int] | None:
        """Units by line id; None: all. InvalidInput for a line named twice."""
        return units_of(self.lines)


class ExpediteBody(CommandBody):
    """`priority`: higher goes first; orders have 0 until they are expedited."""

    priority: int = Field(100, ge=1, le=1_000_000, strict=True)


class AddressChangeBody(AddressBody):
    """The whole new address. `ship_group_id`: which group is meant, if several are sent."""

    ship_group_id: str | None = Field(None, max_length=100)
    reason: str = Field("", max_length=200)
    request_id: str | None = Field(None, max_length=255)


class ChooseBody(CommandBody):
    """What becomes of a pickup that its store could not hand over.

    `location_id`: the other store. `address`: where to ship it; without it, to the address that the
    order has. `ship_group_id`: which group is meant, if several wait.
    """

    choice: Literal["other_store", "ship", "cancel"]
    location_id: str = Field("", max_length=100)
    address: AddressBody | None = None
    ship_group_id: str | None = Field(None, max_length=100)

    def chosen(self) -> Choice:
        """As the use case has it. InvalidInput: another store that is not named."""
        if self.choice == "other_store" and not self.location_id:
            raise InvalidInput("location_id", "say which store")
        known = self.address
        to = Address(destination_of(known), words_of(known)) if known else None
        return Choice(Way(self.choice), self.ship_group_id, self.location_id, to)


class PreferencesBody(BaseModel):
    """How the customer wants to be told; what is left out is as for anybody.

    `sms`: by text message as well, if the stack sends them and the order has a number with its
    country (E.164); only for those who asked for it. `locale` such as `de-AT`, `time_zone` such as
    `Europe/Berlin`. `quiet`: hours such as `21:00-08:00` in which only what is urgent is told, and
    that by mail; `00:00-00:00`: none.
    """

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    email: bool = True
    sms: bool = False
    locale: str = Field("", pattern=rf"^({LOCALE})?$")
    time_zone: str = Field("", max_length=64)
    quiet: str = Field("", pattern=r"^(([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d)?$")

    def contact(self) -> Contact:
        """As the model has it. InvalidInput: a time zone that does not exist."""
        if self.time_zone and not zone_exists(self.time_zone):
            raise InvalidInput("time_zone", "there is no such time zone")
        return Contact(self.email, self.sms, self.locale, self.time_zone, self.quiet)


def _command(id_: str, name: str, says: str, body: type[BaseModel]) -> Operation:
    path = f"/orders/{{order_id}}/{name}"
    return Operation(
        id_,
        "POST",
        path,
        "orders:write",
        says,
        OrderView,
        body=body,
        headers=(_KEY,),
        problems=(404, 409),
    )


CANCEL = _command(
    "cancelOrder",
    "cancel",
    "Cancel units, or all: what waits at once, what a location has as soon as it is taken back.",
    CancelBody,
)
HOLD = _command(
    "holdOrder",
    "hold",
    "Nothing of it is routed or given to a location until it is released.",
    CommandBody,
)
RELEASE = _command(
    "releaseOrder",
    "release",
    "End the hold, whoever set it.",
    CommandBody,
)
EXPEDITE = _command(
    "expediteOrder",
    "expedite",
    "It goes before others: routed first, released at once, and on top of work lists.",
    ExpediteBody,
)
CHANGE_ADDRESS = Operation(
    "changeOrderAddress",
    "PATCH",
    "/orders/{order_id}/address",
    "orders:write",
    "Send it elsewhere: what is not packed yet is routed anew, to there.",
    OrderView,
    body=AddressChangeBody,
    headers=(_KEY,),
    problems=(404, 409),
)
RETRY_PAYMENT = _command(
    "retryOrderPayment",
    "retry-payment",
    "Ask the channel for what is due and not captured, or not let go: once more, if it refused.",
    CommandBody,
)
CHOOSE = _command(
    "chooseForOrder",
    "choose",
    "A pickup that its store could not hand over: from another store, shipped, or cancelled.",
    ChooseBody,
)
PREFER = Operation(
    "putOrderPreferences",
    "PUT",
    "/orders/{order_id}/preferences",
    "orders:write",
    "How, in which language and when its customer wants to be told of it.",
    OrderView,
    body=PreferencesBody,
    problems=(404, 409),
)
OPERATIONS = (CANCEL, HOLD, RELEASE, EXPEDITE, CHANGE_ADDRESS, RETRY_PAYMENT, CHOOSE, PREFER)
