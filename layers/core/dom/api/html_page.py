"""Answers that are pages: nothing of them is kept, framed, indexed or run, and what is filled in
goes nowhere but back.
"""

from __future__ import annotations

from typing import Any

HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    # The address is a secret: no other site is told of it.
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Strict-Transport-Security": "max-age=31536000",
}


def html_page(status: int, text: str) -> dict[str, Any]:
    """The proxy response of a page."""
    return {
        "statusCode": status,
        "headers": HEADERS,
        # Lone surrogates of what somebody typed are no UTF-8.
        "body": text.encode("utf-8", "replace").decode(),
        "isBase64Encoded": False,
    }


def seen_other(address: str) -> dict[str, Any]:
    """The proxy response that sends a browser there, with GET: loading it again repeats nothing."""
    return {**html_page(303, ""), "headers": {**HEADERS, "Location": address}}
