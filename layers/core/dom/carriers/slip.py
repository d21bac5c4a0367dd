"""Our own slip: a page to print and put on the parcel, or to show at the counter of a store.

It names the return by its id, as text and as a QR code for a scanner, and the place that it goes
to. It names no customer: whoever finds the page learns nothing of them.
"""

from __future__ import annotations

import io
from html import escape

import segno

from dom.carriers.port import Party, party_of_location
from dom.model.location import Location
from dom.model.return_terms import ReturnMethod
from dom.model.rma import Return

_STYLE = """
body { font: 16px/1.4 system-ui, sans-serif; margin: 2rem auto; max-width: 34rem; color: #111; }
.box { border: 2px solid #111; border-radius: 6px; padding: 1.25rem 1.5rem; display: flex;
       gap: 1.5rem; align-items: center; justify-content: space-between; }
.code { font: 700 .95rem/1.2 ui-monospace, monospace; margin-top: .75rem; white-space: nowrap; }
h1 { font-size: 1.25rem; margin: 0 0 1rem; } p { margin: .25rem 0; } address { font-style: normal; }
.small { color: #555; font-size: .875rem; margin-top: 1rem; }
svg { flex: none; width: 9rem; height: 9rem; } @media print { body { margin: 0; } }
"""


def render(record: Return, to: Location) -> str:
    """The page as HTML without anything from elsewhere."""
    told = (
        "Show this code at the counter."
        if record.method is ReturnMethod.STORE
        else "Print this page and fix it to the parcel."
    )
    units = sum(line.quantity for line in record.lines)
    what = "1 item" if units == 1 else f"{units} items"
    small = f"{what}. Keep a receipt of the drop-off until you are refunded."
    return page("Your return", told, party_of_location(to), record.id, small)


def page(title: str, told: str, to: Party, code: str, small: str) -> str:
    """A page that names a code, as text and for a scanner, and where what bears it goes."""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{escape(title)}</h1>"
        f'<div class="box"><div><p>{escape(told)}</p><address>{_address(to)}</address>'
        f'<p class="code">{escape(code)}</p></div>{_qr(code)}</div>'
        f'<p class="small">{escape(small)}</p></body></html>'
    )


def _address(to: Party) -> str:
    city = " ".join(part for part in (to.postal_code, to.city, to.province) if part)
    lines = [to.name, to.company, to.street1, to.street2, city, to.country]
    return "<br>".join(escape(line) for line in lines if line)


def _qr(code: str) -> str:
    """The code as an SVG; error level Q, since it gets folded and wet."""
    out = io.BytesIO()
    segno.make_qr(code, error="q").save(
        out, kind="svg", scale=4, border=2, xmldecl=False, svgns=True, omitsize=True
    )
    return out.getvalue().decode()
