"""Suppliers in the Network table."""

from __future__ import annotations

from dom.aws import keys
from dom.aws.named_items import NamedItems
from dom.model.supplier import Supplier


class SupplierStore(NamedItems[Supplier]):
    """`dom.model.described.Described` of suppliers, on DynamoDB."""

    kind = Supplier
    partition = keys.SUPPLIERS
