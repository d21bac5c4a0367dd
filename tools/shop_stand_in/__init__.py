"""A stand-in for what shops run: Shopify's Admin API, and a receiver of signed requests.

For tests and the demo. It answers as https://shopify.dev describes: GraphQL with HTTP 200,
`userErrors` for what it refuses, the same answer for the same idempotency key.
"""

from tools.shop_stand_in.server import shop_stand_in
from tools.shop_stand_in.shop import ShopStandIn

__all__ = ["ShopStandIn", "shop_stand_in"]
