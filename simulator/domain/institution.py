"""The kinds of institution, as data: no subclass per kind, no `if kind ==` elsewhere."""

from dataclasses import dataclass

from simulator.domain import guarantor_order, order
from simulator.domain.product import Product
from simulator.errors import Text


@dataclass(frozen=True)
class Kind:
    """What the code has to know of a kind of institution."""

    name: str
    #: `enter_institution_type` of its calls.
    type_number: str
    title: Text
    #: The company of an account that is created without one.
    company: str
    #: What its orders are for; where there is more than one, an order's `ktype` can be chosen.
    products: tuple[Product, ...]
    #: The section whose table holds the members of an order.
    order_table: str
    #: The push that brings a new order to the institution; None if the principal does (2.1).
    new_order_push: str | None


KINDS = {
    "insurer": Kind(
        name="insurer",
        type_number="4",
        title=Text("insurer", "保险公司"),
        company="示例财产保险股份有限公司",
        products=(order.POLICY,),
        order_table="2.3",
        new_order_push=None,
    ),
    "guarantor": Kind(
        name="guarantor",
        type_number="2",
        title=Text("guarantee company", "担保公司"),
        company="示例融资担保有限公司",
        products=(guarantor_order.DIRECT, guarantor_order.SEPARATE),
        order_table="2.1",
        new_order_push="application",
    ),
}

#: Every product by its `ktype`, which no two kinds share.
PRODUCTS = {product.ktype: product for kind in KINDS.values() for product in kind.products}
