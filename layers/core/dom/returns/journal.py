"""What the books say of a return: double entries in minor units, published with what causes them.

Accounts are names for whoever keeps the books to map: `sales_returns`, `tax_payable`,
`shipping_revenue`, `restocking_fees`, `return_label_fees`, `refund_liability`,
`store_credit_liability`, `exchange_clearing` (paid for what goes out instead), `channel_clearing`,
`inventory`, `inventory_returned`, `write_offs`, `cost_of_goods_sold`. Debits and credits of an
entry are always equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from dom.model.ids import Sku
from dom.model.product import Product
from dom.model.refund import Refund, RefundStatus
from dom.model.return_terms import HELD, Disposition
from dom.model.rma import Grade, Return, noted

Entry = dict[str, object]


def posted(record: Return, at: datetime, actor: str, reason: str, lines: list[Entry]) -> Return:
    """The return with the entry told; unchanged where there is nothing to post."""
    if not lines:
        return record
    told = {"reason": reason, "currency": record.currency, "journal": lines}
    return noted(record, at, "ReturnJournalPosted", actor, **told)


def of_refund(refund: Refund) -> list[Entry]:
    """A refund became due: revenue and tax are reversed, what is kept is income, the rest is owed.

    What the channel had paid back by itself goes against its clearing account.
    """
    goods = sum(line.goods - line.included_tax for line in refund.lines)
    tax = sum(line.tax + line.included_tax for line in refund.lines)
    return [
        *_debit("sales_returns", goods),
        *_debit("tax_payable", tax),
        *_debit("shipping_revenue", refund.shipping),
        *_credit("restocking_fees", sum(line.fee for line in refund.lines)),
        *_credit("return_label_fees", refund.label_fee),
        *_credit("exchange_clearing", refund.exchanged),
        *_credit("channel_clearing", refund.paid_otherwise),
        *_credit(_liability(refund), refund.amount.amount),
    ]


def of_payment(refund: Refund) -> list[Entry]:
    """The channel paid it. Store credit stays owed until it is spent, which happens elsewhere."""
    if refund.status is not RefundStatus.SENT or refund.store_credit:
        return []
    amount = refund.amount.amount
    return [*_debit("refund_liability", amount), *_credit("channel_clearing", amount)]


def of_inspection(grades: Iterable[Grade], products: Mapping[Sku, Product]) -> list[Entry]:
    """Goods are back in the books at cost, or written off; units whose cost nobody told are not."""
    totals: dict[str, int] = {}
    for grade in grades:
        product = products.get(grade.sku) if grade.sku else None
        account = _account(grade.disposition)
        totals[account] = totals.get(account, 0) + (product.cost if product else 0) * grade.quantity
    debits = [line for account, amount in totals.items() for line in _debit(account, amount)]
    return [*debits, *_credit("cost_of_goods_sold", sum(totals.values()))]


def _account(disposition: Disposition) -> str:
    if disposition is Disposition.RESTOCK:
        return "inventory"
    return "inventory_returned" if disposition in HELD else "write_offs"


def _liability(refund: Refund) -> str:
    return "store_credit_liability" if refund.store_credit else "refund_liability"


def _debit(account: str, amount: int) -> list[Entry]:
    return [{"account": account, "debit": amount, "credit": 0}] if amount else []


def _credit(account: str, amount: int) -> list[Entry]:
    return [{"account": account, "debit": 0, "credit": amount}] if amount else []
