"""The time zone in which people at an address live, as near as country and province tell it.

Of a country or province with several zones, the one in which most of its people live (IANA time
zone database). What is not listed is not known: None, and whoever asks has a zone for that.
"""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dom.model.geo import Destination

# Countries (ISO 3166-1) and, where they differ from their country, provinces (ISO 3166-2).
_TABLE = """
Europe/Berlin: AD AL AT BA BE CH CZ DE DK ES FR HR HU IT LI LU MC ME MK MT NL NO PL RS SE SI SK
    SM VA XK
Europe/Athens: BG CY EE FI GR LT LV MD RO UA
Europe/London: GB GG IE IM JE PT
Atlantic/Reykjavik: IS
Europe/Istanbul: TR
America/New_York: US
America/Toronto: CA
America/Mexico_City: MX
America/Sao_Paulo: BR
America/Argentina/Buenos_Aires: AR
America/Santiago: CL
America/Bogota: CO
America/Lima: PE
Australia/Sydney: AU
Pacific/Auckland: NZ
Asia/Tokyo: JP
Asia/Seoul: KR
Asia/Shanghai: CN
Asia/Hong_Kong: HK
Asia/Taipei: TW
Asia/Singapore: SG
Asia/Kuala_Lumpur: MY
Asia/Bangkok: TH
Asia/Ho_Chi_Minh: VN
Asia/Jakarta: ID
Asia/Manila: PH
Asia/Kolkata: IN
Asia/Dubai: AE
Asia/Riyadh: SA
Asia/Jerusalem: IL
Africa/Cairo: EG
Africa/Johannesburg: ZA
Africa/Lagos: NG
Africa/Nairobi: KE
Africa/Casablanca: MA
America/Chicago: US-AL US-AR US-IA US-IL US-KS US-LA US-MN US-MO US-MS US-ND US-NE US-OK US-SD
    US-TN US-TX US-WI
America/Denver: US-CO US-MT US-NM US-UT US-WY US-ID
America/Phoenix: US-AZ
America/Los_Angeles: US-CA US-NV US-OR US-WA
America/Anchorage: US-AK
Pacific/Honolulu: US-HI
America/Puerto_Rico: US-PR US-VI
America/Vancouver: CA-BC CA-YT
America/Edmonton: CA-AB CA-NT
America/Regina: CA-SK
America/Winnipeg: CA-MB
America/Halifax: CA-NS CA-NB CA-PE
America/St_Johns: CA-NL
Australia/Perth: AU-WA
Australia/Adelaide: AU-SA
Australia/Darwin: AU-NT
Australia/Brisbane: AU-QLD
America/Tijuana: MX-BC MX-BCN
Atlantic/Canary: ES-GC ES-TF
America/Manaus: BR-AM BR-RR BR-RO BR-MT BR-MS
"""


def _rows() -> Iterator[tuple[str, str]]:
    zone = ""
    for word in _TABLE.split():
        if word.endswith(":"):
            zone = word.removesuffix(":")
        else:
            yield word, zone


_ZONES = dict(_rows())


def zone_exists(name: str) -> bool:
    """Whether it is a zone of the IANA database."""
    try:
        return bool(ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


def zone_of(destination: Destination | None) -> ZoneInfo | None:
    """The zone of an address; None: not known."""
    if destination is None:
        return None
    country = destination.country_code.upper()
    province = destination.province_code.upper().removeprefix(f"{country}-")
    name = _ZONES.get(f"{country}-{province}") or _ZONES.get(country)
    return ZoneInfo(name) if name else None
