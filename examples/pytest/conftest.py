"""The application under test, configured with the letter of the test's own account."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from insurer import Config, Insurer, create_app

from simulator.testing import Platform


@pytest.fixture
def app(conzhu_platform: Platform) -> Flask:
    letter = conzhu_platform.letter
    config = Config(
        platform=letter.platform,
        btc_id=letter.btc_id,
        api_key=letter.api_key,
        api_secret=letter.api_secret,
        own_public_key=letter.rsa_pk.pem,
        own_private_key=letter.rsa_sk.pem,
        platform_public_key=letter.api_rsa_pk.pem,
    )
    app = create_app(config)
    conzhu_platform.connect(app, order_page="/conzhu/order", order_status="/conzhu/status")
    return app


@pytest.fixture
def insurer(app: Flask) -> Insurer:
    insurer: Insurer = app.extensions["insurer"]
    return insurer


@pytest.fixture
def desk(app: Flask) -> FlaskClient:
    """The browser of our clerk."""
    return app.test_client()
