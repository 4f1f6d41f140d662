"""The page behind 2.1's `redirect_url`: the fee to be paid (guarantor 2.1)."""

from flask import render_template_string

from reference_institution.guarantees import premium
from reference_institution.institution import Institution

_PAGE = """<!doctype html>
<html lang="zh"><meta charset="utf-8"><title>保函费用支付</title>
<h1>{{ company }}</h1>
{% if order %}
<table>
  <tr><th>订单编号</th><td>{{ order.order_no }}</td></tr>
  <tr><th>标段</th><td>{{ order.block_number }} {{ order.block_name }}</td></tr>
  <tr><th>保函费用</th><td>{{ fee }} 元</td></tr>
  <tr><th>状态</th><td>{{ order.status }}</td></tr>
</table>
{% else %}<p>订单不存在，请从保函服务平台重新进入。</p>{% endif %}
"""


def payment_page(guarantor: Institution, order_no: str) -> tuple[str, int]:
    """Return the page of an order and its HTTP status; 404 for an order that we do not know.

    Anyone with the URL can see it, so it shows no personal data.
    """
    order = guarantor.store.order(order_no)
    fee = premium(order) if order else ""
    page = render_template_string(_PAGE, company=guarantor.letter.company, order=order, fee=fee)
    return page, 200 if order else 404
