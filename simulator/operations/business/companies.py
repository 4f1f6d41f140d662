"""The company directory: branch insurers (4.2), an order's companies (4.3), certificates."""

import hmac
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.orm import Session

from simulator.operations.business import orders
from simulator.operations.registry import Call, PlatformConfig, inbound
from simulator.store.records import Company

#: Members of 4.3 that are URLs of documents; they never expire (P35).
CERTIFICATES = ("business_licence_cert", "legal_identity_cert", "legal_identity_opposite_cert")


def certificate_key(platform: PlatformConfig, company_id: int, document: str) -> str:
    """Return the opaque key of a certificate's URL; it is the same after a restart."""
    text = f"{company_id}.{document}"
    mark = hmac.digest(platform.secret.encode(), text.encode(), "sha256").hex()
    return f"{text}.{mark}"


def read_certificate_key(platform: PlatformConfig, key: str) -> tuple[int, str] | None:
    """Return company and document of a certificate's key; None if the key is not genuine."""
    number, _, rest = key.partition(".")
    document = rest.partition(".")[0]
    if not (key.isascii() and number.isdecimal() and len(number) < 10):
        return None
    if document not in CERTIFICATES:
        return None
    genuine = certificate_key(platform, int(number), document)
    return (int(number), document) if hmac.compare_digest(genuine, key) else None


def find(session: Session, name: str) -> Company | None:
    """Return a company by its full name; None if the directory has none."""
    return session.scalar(select(Company).where(Company.name == name))


@inbound("insurer/4.2")
def get_branch_insurers(call: Call) -> list[dict[str, str]]:
    """List the branch insurers of an access party by its full name; there may be none (P47)."""
    branches = call.session.scalars(
        select(Company)
        .where(Company.access_party == call.params["insurer_name"])
        .order_by(Company.id)
    )
    return [{"id": str(branch.id), "name": branch.name} for branch in branches]


@inbound("insurer/4.3")
def get_order_companies(call: Call) -> dict[str, Any]:
    """Return beneficiary, principal and guarantor of an order."""
    order = orders.require_order(call, unknown=1101, foreign=1102)
    parts = call.interface.description["response"]["properties"]["data"]["properties"]
    names = {
        "creditor": order.creditor,
        "principal": order.principal,
        "guarantor": order.accept_insurer,
    }
    return {part: _company(call, parts[part], name) for part, name in names.items()}


def _company(call: Call, part: dict[str, Any], name: str) -> dict[str, str]:
    company = find(call.session, name)
    known = {"company_name": name, **(company.details if company else {})}
    return {
        member: _certificate_url(call.platform, company, member)
        if member in CERTIFICATES
        else known.get(member, "")
        for member in part["properties"]
    }


def _certificate_url(platform: PlatformConfig, company: Company | None, document: str) -> str:
    if company is None or not company.details.get(document):
        return ""
    key = certificate_key(platform, company.id, document)
    return f"{platform.public_url}/show.php?" + urlencode({"sss": key})
