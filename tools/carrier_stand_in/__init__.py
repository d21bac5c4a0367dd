"""A stand-in for EasyPost: makes shipments, sells their labels, and hands the labels out.

For tests and the demo. It answers as https://docs.easypost.com describes: a shipment with rates,
one purchase each, errors as `{"error": {"code", "message"}}`.
"""

from tools.carrier_stand_in.carrier import CarrierStandIn
from tools.carrier_stand_in.server import carrier_stand_in

__all__ = ["CarrierStandIn", "carrier_stand_in"]
