"""Facts of products in the Inventory table, each beside its availability document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from dom.aws import keys
from dom.aws.codec import from_plain, to_plain
from dom.aws.dynamo import marshal
from dom.aws.reads import get
from dom.model.product import Product


@dataclass(frozen=True, slots=True)
class DynamoProductStore:
    """`dom.network.ports.ProductStore` on DynamoDB."""

    dynamodb: Any
    table: str

    def find(self, sku: str) -> Product | None:
        """The product, read consistently, or None."""
        item = get(self.dynamodb, self.table, keys.product(sku))
        return from_plain(Product, item) if item else None

    def save(self, product: Product, previous: Product | None) -> bool:
        """Store it if what is stored is still `previous`; False if not."""
        unchanged = "version = :read" if previous else "attribute_not_exists(pk)"
        read = (
            {"ExpressionAttributeValues": marshal({":read": previous.version})} if previous else {}
        )
        try:
            self.dynamodb.put_item(
                TableName=self.table,
                Item=marshal({**keys.product(product.sku), **to_plain(product)}),
                ConditionExpression=unchanged,
                **read,
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                return False
            raise
        return True
