"""Labels by EasyPost, whose one API sells those of many carriers.

Wire contract: https://docs.easypost.com/docs/shipments. A shipment is made (which costs nothing and
gives rates), then one of its rates is bought. Our `reference` finds the shipment again where an
answer was lost, and a shipment is bought once.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import quote, urlsplit

from dom.carriers.port import Consignment, Document, Party, Purchase, Terms
from dom.errors import Busy, Rejected
from dom.http.client import MOST_BYTES, Refused, post_json, send
from dom.model.money import parse_money

API = "https://api.easypost.com/v2"
GRAMS_PER_OUNCE = 28.349523125
# Carriers take their time: EasyPost asks them while we wait.
SECONDS = 25.0
Json = dict[str, Any]

# It may be bought by now, or be about to: whoever asks again finds out.
_UNSURE = frozenset(
    {
        "SHIPMENT.POSTAGE.EXISTS",
        "SHIPMENT.POSTAGE.NO_RESPONSE",
        "SHIPMENT.POSTAGE.TIMED_OUT",
        "SHIPMENT.PURCHASE.IN_PROGRESS",
    }
)
_TYPES = {".png": "image/png", ".zpl": "application/zpl", ".epl2": "application/epl2"}
_NAMES = {"province": "state", "postal_code": "zip"}


@dataclass(frozen=True, slots=True)
class EasyPost:
    """One account of EasyPost. `seconds`: how long one answer may take."""

    api_key: str
    api_url: str = API
    seconds: float = SECONDS

    def buy(self, parcel: Consignment, terms: Terms) -> Purchase:
        """See the port."""
        try:
            shipment = self._found(parcel.reference)
            if shipment is None:
                shipment = self._ask("/shipments", {"shipment": _shipment(parcel)})
            elif not _bought(shipment):
                # Found again after a while: its rates may have expired.
                shipment |= self._ask(f"/shipments/{shipment['id']}/rerate", {})
            if not _bought(shipment):
                rate = cheapest(shipment, terms)
                path = f"/shipments/{shipment['id']}/buy"
                shipment = self._ask(path, {"rate": {"id": rate["id"]}})
            return _purchase(shipment)
        except Refused as refused:
            raise _reason(refused, parcel) from None
        except Rejected as refused:
            raise Rejected(_anonymous(str(refused), parcel)) from None
        except (KeyError, TypeError, ValueError) as error:
            raise Busy(f"EasyPost's answer lacks something: {error!r}") from None

    def document(self, parcel: Consignment, purchase: Purchase) -> Document:
        """See the port."""
        body = send("GET", purchase.document_url, None, {}, self.seconds).body
        if len(body) >= MOST_BYTES:
            raise Rejected(f"the label has {MOST_BYTES} bytes or more")
        path = urlsplit(purchase.document_url).path
        suffix = f".{path.rpartition('.')[2].lower()}"
        return Document(body, _TYPES.get(suffix, "application/pdf"))

    def _found(self, reference: str) -> Json | None:
        url = f"{self.api_url}/shipments/{quote(reference, safe='')}"
        try:
            return send("GET", url, None, self._headers(), self.seconds).object()
        except Refused as refused:
            if refused.status == 404:
                return None
            raise

    def _ask(self, path: str, body: Json) -> Json:
        url = f"{self.api_url}{path}"
        return post_json(url, body, self._headers(), self.seconds).object()

    def _headers(self) -> dict[str, str]:
        key = base64.b64encode(f"{self.api_key}:".encode()).decode()
        return {"Authorization": f"Basic {key}"}


def cheapest(shipment: Json, terms: Terms) -> Json:
    """The rate to buy; of equal ones the faster. Rejected says what there was instead."""
    rates = shipment["rates"]
    ours = [one for one in rates if one["currency"] == terms.currency]
    if not ours and terms.most is None:
        # Amounts of one currency can be compared, whichever it is.
        ours = [one for one in rates if one["currency"] == rates[0]["currency"]]
    fit = [one for one in ours if _allowed(one, terms)]
    if not fit:
        raise Rejected(_no_rate(shipment))
    # Days may be unknown, which is not the fastest.
    return min(fit, key=lambda one: (_price(one), one.get("delivery_days") or 999, one["id"]))


def _allowed(rate: Json, terms: Terms) -> bool:
    names = {rate["carrier"], f"{rate['carrier']}.{rate['service']}"}
    if terms.services and not names & terms.services:
        return False
    return terms.most is None or _price(rate) <= terms.most


def _price(rate: Json) -> int:
    return parse_money(rate["rate"], rate["currency"]).amount


def _no_rate(shipment: Json) -> str:
    offered = [
        f"{x['carrier']}.{x['service']} {x['rate']} {x['currency']}" for x in _rates(shipment)
    ]
    told = [f"{x.get('carrier')}: {x.get('message')}" for x in shipment.get("messages") or ()]
    return f"no rate is allowed of {offered or 'none'}; {'; '.join(told)}"[:400]


def _rates(shipment: Json) -> Iterable[Json]:
    return sorted(shipment["rates"], key=_price)[:5]


def _bought(shipment: Json) -> bool:
    return bool(shipment.get("postage_label"))


def _purchase(shipment: Json) -> Purchase:
    rate, label = shipment["selected_rate"], shipment["postage_label"]
    return Purchase(
        carrier=rate["carrier"],
        service=rate["service"],
        tracking_number=shipment["tracking_code"],
        price=parse_money(rate["rate"], rate["currency"]),
        document_url=label["label_url"],
    )


def _shipment(parcel: Consignment) -> Json:
    """For a return EasyPost wants the addresses of the way there, and turns them round itself."""
    back = parcel.is_return
    sender, recipient = _address(parcel.sender), _address(parcel.recipient)
    return {
        "reference": parcel.reference,
        "is_return": back,
        "from_address": recipient if back else sender,
        "to_address": sender if back else recipient,
        "parcel": {"weight": round(parcel.grams / GRAMS_PER_OUNCE, 1) or 0.1},
        "options": {"label_format": "PDF"},
    }


def _address(party: Party) -> dict[str, str]:
    told = {one.name: getattr(party, one.name) for one in fields(party)}
    return {_NAMES.get(name, name): value for name, value in told.items() if value}


def _reason(refused: Refused, parcel: Consignment) -> Exception:
    """What EasyPost says, or that nobody knows how it ended."""
    error = refused.json().get("error") or {}
    code, text = str(error.get("code") or ""), str(error.get("message") or "")
    if code in _UNSURE:
        return Busy(f"EasyPost: {code}")
    text = _anonymous(text, parcel)
    return Rejected(f"EasyPost: HTTP {refused.status} {code} {text}"[:400])


def _anonymous(text: str, parcel: Consignment) -> str:
    """The text without the words of the addresses: reasons are told in events."""
    told = [getattr(x, one.name) for x in (parcel.sender, parcel.recipient) for one in fields(x)]
    words = {word for value in told for word in re.split(r"[\s,]+", value) if len(word) > 2}
    if not words:
        return text
    longest_first = sorted(map(re.escape, words), key=len, reverse=True)
    return re.sub("|".join(longest_first), "…", text, flags=re.IGNORECASE)
