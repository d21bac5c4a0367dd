"""Addresses and people of a Shopify order: what routing may know, and what only messages may."""

from __future__ import annotations

from math import isfinite

from dom.channels.shopify_models import Address, ShopifyOrder
from dom.model.geo import Coordinates, Destination


def destination(address: Address | None) -> Destination | None:
    """What routing may know of the address; None without one, or without its country."""
    if address is None or not address.country_code:
        return None
    return Destination(
        country_code=address.country_code.upper(),
        postal_code=address.zip,
        province_code=address.province_code,
        city=address.city,
        coordinates=_coordinates(address),
    )


def customer_id(order: ShopifyOrder) -> str:
    """Shopify's id of the customer; "" for a guest or at the till."""
    return (order.customer.id or "") if order.customer else ""


def personal(order: ShopifyOrder, group: str) -> dict[str, object]:
    """Contact and address in words; empty when the order carries none."""
    known: dict[str, object] = {
        "name": _name(order),
        "first_name": _first_name(order),
        "email": order.email or (order.customer.email if order.customer else ""),
        "phone": order.phone or (order.customer.phone if order.customer else ""),
    }
    if order.shipping_address:
        known["addresses"] = {group: _address(order.shipping_address)}
    return {key: value for key, value in known.items() if value}


def _name(order: ShopifyOrder) -> str:
    if order.customer and (order.customer.first_name or order.customer.last_name):
        return f"{order.customer.first_name} {order.customer.last_name}".strip()
    return order.shipping_address.name if order.shipping_address else ""


def _first_name(order: ShopifyOrder) -> str:
    if order.customer and order.customer.first_name:
        return order.customer.first_name
    return order.shipping_address.first_name if order.shipping_address else ""


def _address(address: Address) -> dict[str, object]:
    words = {
        "name": address.name,
        "company": address.company,
        "address1": address.address1,
        "address2": address.address2,
        "city": address.city,
        "postal_code": address.zip,
        "province": address.province,
        "province_code": address.province_code,
        "country": address.country,
        "country_code": address.country_code,
        "phone": address.phone,
    }
    return {key: value for key, value in words.items() if value}


def _coordinates(address: Address) -> Coordinates | None:
    """Shopify's geocoding; null island stands for unknown."""
    latitude, longitude = address.latitude, address.longitude
    if latitude is None or longitude is None or not (isfinite(latitude) and isfinite(longitude)):
        return None
    if (latitude, longitude) == (0, 0) or abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return Coordinates(latitude, longitude)
