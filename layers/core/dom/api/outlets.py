"""Outlets in the API: accounts of sales channels whose API we call."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from dom.api.operation import Operation
from dom.api.views import OutletsView, OutletView
from dom.errors import InvalidInput
from dom.model.outlet import Capture, Outlet

_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}")


class OutletBody(BaseModel):
    """An account whose orders are compared with ours every few minutes, and that shows what it may
    sell at `location`: the channel's own id of a place (of Shopify: the number); "": it shows none
    of our stock. With `pays_back`, units that are cancelled here are taken off its order there and
    refunded. `capture`: what is only authorized of an order's money is captured there as its goods
    leave (`at_ship`), or all of it before they are given to a location (`at_release`), and the rest
    let go. Nothing of this is done while `active` is false.
    """

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    location: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{0,100}$")] = ""
    active: bool = Field(True, strict=True)
    pays_back: bool = Field(False, strict=True)
    capture: Capture = Capture.NEVER

    def outlet(self, channel: str, account: str) -> Outlet:
        """The outlet that the body describes."""
        return Outlet(
            channel, account, self.location, self.active, self.pays_back, capture=self.capture
        )


def outlet_name(field: str, text: str) -> str:
    """The name of a channel or an account, as secrets and webhooks have it."""
    if not _NAME.fullmatch(text):
        raise InvalidInput(field, "letters, digits, dots, dashes and underscores, up to 100")
    return text


PUT_OUTLET = Operation(
    "putOutlet",
    "PUT",
    "/channels/{channel}/{account}",
    "channels:write",
    "Compare the account's orders with ours, and show there what it may sell, from now on.",
    OutletView,
    body=OutletBody,
)
GET_OUTLET = Operation(
    "getOutlet",
    "GET",
    "/channels/{channel}/{account}",
    "channels:read",
    "What is done with an account.",
    OutletView,
    problems=(404,),
)
LIST_OUTLETS = Operation(
    "listOutlets",
    "GET",
    "/channels",
    "channels:read",
    "Every account whose API is called.",
    OutletsView,
)
REMOVE_OUTLET = Operation(
    "removeOutlet",
    "DELETE",
    "/channels/{channel}/{account}",
    "channels:write",
    "Leave it alone; what it shows now stays as it is.",
    OutletView,
    problems=(404,),
)
RECONCILE = Operation(
    "reconcileOutlet",
    "POST",
    "/channels/{channel}/{account}/reconcile",
    "channels:write",
    "Compare all that the account shows with what it may sell, and heal what differs.",
    OutletView,
    success=202,
    problems=(404,),
)
OPERATIONS = (PUT_OUTLET, GET_OUTLET, LIST_OUTLETS, REMOVE_OUTLET, RECONCILE)


def render_outlet(outlet: Outlet) -> OutletView:
    """The outlet as the API shows it."""
    return {
        "channel": outlet.channel,
        "account": outlet.account,
        "location": outlet.location,
        "active": outlet.active,
        "pays_back": outlet.pays_back,
        "capture": outlet.capture.value,
        "version": outlet.version,
    }
