"""Labels by EasyPost: the cheapest that is allowed, bought once, and refusals that say why."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from dom.carriers.easypost import EasyPost, cheapest
from dom.carriers.port import Consignment, Party, Terms, party_of_location, party_of_person
from dom.errors import Busy, Rejected
from dom.model.money import Money
from support.builders import location

from tools.carrier_stand_in import CarrierStandIn, carrier_stand_in

ADA = Party("Ada Buyer", "", "12 Elm Street", "", "Reno", "NV", "89501", "US", "+1555", "a@x.io")
SHOP = Party(
    company="Shop", street1="1 Dock Road", city="Boston", postal_code="02108", country="US"
)
PARCEL = Consignment("ord_a-R1", ADA, SHOP, 1843, is_return=True)
ANY = Terms("USD")


@pytest.fixture
def carrier() -> Iterator[CarrierStandIn]:
    with carrier_stand_in() as made:
        yield made


def easypost(carrier: CarrierStandIn) -> EasyPost:
    return EasyPost(carrier.key, f"{carrier.url}/v2")


def test_a_return_is_asked_for_as_the_way_there_and_weighs_ounces(carrier: CarrierStandIn) -> None:
    bought = easypost(carrier).buy(PARCEL, ANY)
    [made] = carrier.sold
    # EasyPost turns the addresses of a return round itself.
    assert (made["is_return"], made["to_address"]["name"]) == (True, "Ada Buyer")
    assert made["from_address"] == {
        "company": "Shop",
        "street1": "1 Dock Road",
        "city": "Boston",
        "zip": "02108",
        "country": "US",
    }
    assert made["parcel"] == {"weight": 65.0}
    assert (made["to_address"]["state"], made["reference"]) == ("NV", "ord_a-R1")
    assert (bought.carrier, bought.service, bought.price) == (
        "USPS",
        "GroundAdvantage",
        Money(834, "USD"),
    )
    assert bought.tracking_number == made["tracking_code"]
    document = easypost(carrier).document(PARCEL, bought)
    assert (document.body[:5], document.content_type) == (b"%PDF-", "application/pdf")


def test_what_is_sent_out_goes_from_us_to_them(carrier: CarrierStandIn) -> None:
    easypost(carrier).buy(Consignment("ord_a-1", SHOP, ADA, 1), ANY)
    [made] = carrier.sold
    assert (made["is_return"], made["to_address"]["name"]) == (False, "Ada Buyer")
    assert made["parcel"]["weight"] == 0.1


@pytest.mark.parametrize("requests", [1, 2])
def test_a_lost_answer_buys_one_label(carrier: CarrierStandIn, requests: int) -> None:
    # GIVEN the answer to making the shipment is lost, or (with a second) that to buying it, too
    carrier.lost = requests
    for _ in range(requests):
        with pytest.raises(Busy):
            easypost(carrier).buy(PARCEL, ANY)
    first = easypost(carrier).buy(PARCEL, ANY)
    assert easypost(carrier).buy(PARCEL, ANY) == first
    assert (len(carrier.sold), len(carrier.shipments)) == (1, 1)


def test_another_reference_is_another_label(carrier: CarrierStandIn) -> None:
    easypost(carrier).buy(PARCEL, ANY)
    easypost(carrier).buy(replace(PARCEL, reference="ord_a-R1-2"), ANY)
    assert len(carrier.sold) == 2


@pytest.mark.parametrize(
    ("terms", "service"),
    [
        (ANY, "GroundAdvantage"),
        (Terms("USD", frozenset({"UPS"})), "Ground"),
        (Terms("USD", frozenset({"USPS.Priority", "USPS.Express"})), "Priority"),
        (Terms("USD", most=834), "GroundAdvantage"),
        (Terms("EUR"), "GroundAdvantage"),
    ],
)
def test_the_cheapest_rate_that_is_allowed_is_bought(
    carrier: CarrierStandIn, terms: Terms, service: str
) -> None:
    assert easypost(carrier).buy(PARCEL, terms).service == service


@pytest.mark.parametrize(
    "terms", [Terms("USD", most=833), Terms("USD", frozenset({"DHL"})), Terms("EUR", most=9999)]
)
def test_no_rate_that_is_allowed_is_a_reason_for_a_person(
    carrier: CarrierStandIn, terms: Terms
) -> None:
    with pytest.raises(Rejected, match=r"no rate is allowed of .*GroundAdvantage 8\.34 USD"):
        easypost(carrier).buy(PARCEL, terms)
    assert carrier.sold == []


def test_a_refusal_is_told_without_the_words_of_the_address(carrier: CarrierStandIn) -> None:
    message = "ELM STREET, reno (12 Elm Street of Ada Buyer) was not found"
    carrier.refuses = [{"code": "ADDRESS.VERIFY.FAILURE", "message": message}]
    with pytest.raises(Rejected) as refused:
        easypost(carrier).buy(PARCEL, ANY)
    assert "ADDRESS.VERIFY.FAILURE" in str(refused.value)
    told = str(refused.value).lower()
    assert not any(word in told for word in ("elm", "ada", "reno", "buyer"))
    assert "was not found" in told


def test_what_carriers_say_of_the_addresses_is_told_without_them(carrier: CarrierStandIn) -> None:
    carrier.rates, carrier.messages = (), [{"carrier": "UPS", "message": "no 12 Elm Street"}]
    with pytest.raises(Rejected, match="no rate is allowed of none; UPS: no 12 … …"):
        easypost(carrier).buy(PARCEL, ANY)


@pytest.mark.parametrize("code", ["SHIPMENT.POSTAGE.TIMED_OUT", "SHIPMENT.POSTAGE.EXISTS"])
def test_what_may_have_been_bought_is_asked_for_again(carrier: CarrierStandIn, code: str) -> None:
    carrier.refuses = [{"code": code, "message": ""}]
    with pytest.raises(Busy):
        easypost(carrier).buy(PARCEL, ANY)
    assert easypost(carrier).buy(PARCEL, ANY).tracking_number


@pytest.mark.parametrize(("status", "error"), [(503, Busy), (429, Busy), (402, Rejected)])
def test_what_passes_is_tried_again_and_what_stays_is_told(
    carrier: CarrierStandIn, status: int, error: type[Exception]
) -> None:
    carrier.failures = [status]
    with pytest.raises(error):
        easypost(carrier).buy(PARCEL, ANY)


def test_a_wrong_key_is_told(carrier: CarrierStandIn) -> None:
    with pytest.raises(Rejected, match="401 APIKEY"):
        EasyPost("wrong", f"{carrier.url}/v2").buy(PARCEL, ANY)


def test_an_answer_that_lacks_something_is_asked_for_again(carrier: CarrierStandIn) -> None:
    easypost(carrier).buy(PARCEL, ANY)
    carrier.shipments["shp_1"]["selected_rate"] = None
    with pytest.raises(Busy, match="lacks"):
        easypost(carrier).buy(PARCEL, ANY)


def test_unknown_days_are_not_the_fastest() -> None:
    def rate(name: str, days: int | None) -> dict[str, object]:
        told = {"id": name, "carrier": "A", "service": name, "delivery_days": days}
        return {**told, "rate": "5.00", "currency": "USD"}

    assert cheapest({"rates": [rate("x", None), rate("y", 4), rate("z", 9)]}, ANY)["id"] == "y"


def test_a_shipment_as_easypost_answers_has_a_cheapest_rate() -> None:
    path = Path(__file__).parents[3] / "events" / "easypost" / "api" / "shipment.json"
    shipment = json.loads(path.read_text(encoding="utf-8"))
    assert cheapest(shipment, ANY)["rate"] == min((x["rate"] for x in shipment["rates"]), key=float)


def test_parties_are_made_of_what_is_known() -> None:
    place = replace(location("RENO"), address1="1 Dock Road", postal_code="89501")
    party = party_of_location(place)
    assert (party.company, party.street1, party.country) == (place.name, "1 Dock Road", "US")
    person = party_of_person({"email": "a@x.io", "name": "A"}, {"name": "B", "province": "Nevada"})
    assert (person.email, person.name, person.province) == ("a@x.io", "B", "Nevada")
