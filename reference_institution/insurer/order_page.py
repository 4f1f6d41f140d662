"""The page to which the platform sends the principal's browser (同步跳转, insurer 2.1)."""

from urllib.parse import urlsplit

from flask import render_template_string

from reference_institution.institution import Institution
from reference_institution.pushes import NoticeRefused, open_push

_PAGE = """<!doctype html>
<html lang="zh"><meta charset="utf-8"><title>保函申请订单</title>
<h1>{{ company }}</h1>
{% if order %}
<table>
  <tr><th>订单编号</th><td>{{ order.order_no }}</td></tr>
  <tr><th>标段</th><td>{{ order.block_number }} {{ order.block_name }}</td></tr>
  <tr><th>被保证人</th><td>{{ order.principal }}</td></tr>
  <tr><th>受益人</th><td>{{ order.creditor }}</td></tr>
  <tr><th>担保金额</th><td>{{ order.data.guarantee_amount }} 元</td></tr>
  <tr><th>状态</th><td>{{ order.status }}</td></tr>
</table>
{% else %}<p>{{ apology }}</p>{% endif %}
{% if return_url %}<p><a href="{{ return_url }}">返回保函服务平台</a></p>{% endif %}
"""


def order_page(insurer: Institution, param: str) -> tuple[str, int]:
    """Return the page of the order that a jump names, and its HTTP status.

    A forged jump gets a page that says so, with status 400, and nothing else happens.
    """
    company = insurer.letter.company
    try:
        said = open_push(param, insurer.letter)
    except NoticeRefused:
        apology = "请求无效，请从保函服务平台重新进入。"
        return render_template_string(_PAGE, company=company, apology=apology), 400
    page = render_template_string(
        _PAGE,
        company=company,
        # The page shows the order as it is now, so it has to wait for 2.3.
        order=insurer.orders.look_up(said.get("order_no", "")),
        apology="暂时无法取得订单信息，请稍后刷新。",
        return_url=_web_address(said.get("return_url", "").strip()),
    )
    return page, 200


def _web_address(address: str) -> str:
    """Return the address if it is HTTP or HTTPS, else none: a link must not run a script."""
    return address if urlsplit(address).scheme in ("http", "https") else ""
