"""Guaranteed money captured and let go by Shopify's orderCapture and transactionVoid.

https://shopify.dev/docs/api/admin-graphql/latest/mutations/orderCapture (scope `write_orders`, and
the user's permission `capture_payments_for_orders`) knows no idempotency key: what was captured
already, whoever did it, is read from the order's transactions each time. Only shops of the plan
Plus can capture a guarantee in parts (`multiCapturable`): of any other, all that is not cancelled
is taken with the first part, since what is left of it ends with that. What was captured in part
cannot be voided: `finalCapture` lets the rest go with the last part, or it lapses by itself.
All is reckoned in the buyer's currency, in which it is captured; ours is a share of what was paid.
"""

from __future__ import annotations

from collections.abc import Iterator

from dom.channels.credentials import Credentials
from dom.channels.shopify_graphql import ask, gid
from dom.channels.shopify_till import Guarantee, Till
from dom.errors import Rejected
from dom.model.authorization import Authorization, Taken
from dom.model.money import decimal_text
from dom.model.order import Order
from dom.model.payment import payable

MONEY = """query Money($id: ID!) { order(id: $id) {
  presentmentCurrencyCode
  transactions(first: 100) { id kind status multiCapturable parentTransaction { id }
    amountSet { shopMoney { amount } presentmentMoney { amount } } } } }"""


def settle(order: Order, known: Authorization, credentials: Credentials) -> Taken:
    """See `PaymentTeller`."""
    name = gid("Order", order.external_id)
    found = ask(order.account, credentials, MONEY, {"id": name})["order"]
    if found is None:
        raise Rejected("Shopify does not know the order")
    till = Till(order, found, credentials)
    done, refusal = list[str](), ""
    try:
        for part in _parts(till, known):
            done.append(till.capture(*part))
        if known.void and till.known_as(known.due) >= known.due:
            done += [till.void(one) for one in till.guarantees if not one.touched]
    except Rejected as why:
        refusal = str(why)
    captured = till.known_as(known.due)
    if captured < known.due and not refusal:
        missing = decimal_text(known.due - captured, order.currency)
        refusal = f"{missing} {order.currency} less is authorized there than is due"
    voided = known.voided if refusal else known.void
    return Taken(captured, voided, "".join(done[:1]), refusal)


def _parts(till: Till, known: Authorization) -> Iterator[tuple[Guarantee, int, bool]]:
    """What to capture of which guarantee, the oldest first, and whether the rest of it goes.

    What left beyond what was guaranteed may have been paid otherwise: that is no part of it.
    """
    due = till.share(known.due + known.short)
    whole = max(due, till.share(payable(till.order)))
    for one in till.guarantees:
        amount = min(one.left, (due if one.many else whole) - till.received)
        if till.received < due and amount > 0:
            yield one, amount, bool(known.void) and one.many
