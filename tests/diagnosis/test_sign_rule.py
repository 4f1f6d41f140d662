"""Mistakes in the rule of the sign: sorting, joining, secrets, what takes part."""

import json

import pytest
from diagnosis.asking import asked_about, makes
from diagnosis.developer import API_KEY, CALL, OTHER_SECRET, SECRET, TOKEN, join, md5

MIXED = {**CALL, "Zone": "北京", "order": "7", "orderNo": "9"}


def sealed_between(text: str) -> str:
    """Sign a joined text with the secret at both ends."""
    return md5(SECRET + text + SECRET)


def in_order(parameters, order) -> str:
    """Join names and values in the order given."""
    return "".join(name + parameters[name] for name in order)


@makes("not_sorted")
def test_signing_in_the_order_of_writing():
    return asked_about(CALL, sealed_between(in_order(CALL, CALL)))


@makes("sorted_ignoring_case")
@pytest.mark.parametrize("key", [str.lower, str.upper, lambda name: name.replace("_", "").lower()])
def test_sorting_without_regard_to_capitals(key):
    sent = {**MIXED, "order_no": "1", "ordera": "2"}
    return asked_about(sent, sealed_between(in_order(sent, sorted(sent, key=key))))


@makes("sorted_backwards")
def test_sorting_the_names_downwards():
    return asked_about(CALL, sealed_between(in_order(CALL, sorted(CALL, reverse=True))))


@makes("sorted_by_value")
def test_sorting_by_the_values():
    return asked_about(CALL, sealed_between(in_order(CALL, sorted(CALL, key=CALL.get))))


@makes("sorted_as_pairs")
@pytest.mark.parametrize("between", ["", "="])
def test_sorting_what_is_already_joined(between):
    sent = {**CALL, "file": "zip", "file1": "x", "filename": "a"}
    order = sorted(sent, key=lambda name: name + between + sent[name])
    return asked_about(sent, sealed_between(in_order(sent, order)))


@makes("sign_included")
@pytest.mark.parametrize("text", ["", "null"])
def test_signing_a_map_that_already_has_an_empty_sign(text):
    return asked_about(CALL, sealed_between(join({**CALL, "sign": text})))


@makes("parameter_not_signed")
@pytest.mark.parametrize(
    "forgotten", [["apply_status"], ["timestamp"], ["btc_id", "enter_institution_type"]]
)
def test_adding_parameters_after_signing(forgotten):
    signed = {name: text for name, text in CALL.items() if name not in forgotten}
    findings = asked_about(CALL, sealed_between(join(signed)))
    assert all(name in findings[0].detail.en for name in forgotten)
    return findings


@makes("parameter_signed_but_not_sent")
@pytest.mark.parametrize(
    "more",
    [
        {"access_token": TOKEN},
        {"api_key": API_KEY},
        {"api_secret": SECRET},
        {"api_key": API_KEY, "api_secret": SECRET},
    ],
)
def test_signing_credentials_that_are_no_parameters(more):
    findings = asked_about(
        CALL, sealed_between(join({**CALL, **more})), beside={"access_token": TOKEN}
    )
    assert all(name in findings[0].detail.en for name in more)
    return findings


@makes("null_signed_but_not_sent")
@pytest.mark.parametrize("text", ["", "null"])
def test_signing_a_null_that_the_json_writer_drops(text):
    signed = join({**CALL, "refuse_reason": text})
    absent = ["refuse_reason", "guarantee_no", "order_no"]
    return asked_about(CALL, sealed_between(signed), absent=absent)


@makes("names_in_camel_case")
def test_signing_the_fields_of_a_bean():
    camel = {"order_no": "orderNo", "btc_id": "btcId", "order_type": "orderType"}
    camel |= {"guarantee_amount": "guaranteeAmount", "apply_status": "applyStatus"}
    camel |= {"enter_institution_type": "enterInstitutionType"}
    renamed = {camel.get(name, name): text for name, text in CALL.items()}
    return asked_about(CALL, sealed_between(join(renamed)))


@makes("names_in_camel_case")
def test_sending_the_fields_of_a_bean():
    sent = {**CALL, "invoiceTitle": "BH1"}
    return asked_about(sent, sealed_between(join({**CALL, "invoice_title": "BH1"})))


@makes("names_in_another_case")
@pytest.mark.parametrize("change", [str.lower, str.upper])
def test_signing_the_names_in_other_letters(change):
    signed = {change(name): text for name, text in MIXED.items() if name != "order"}
    sent = {name: text for name, text in MIXED.items() if name != "order"}
    return asked_about(sent, sealed_between(join(signed)))


@makes("joined_like_a_query")
@pytest.mark.parametrize(("inner", "outer"), [("=", "&"), ("=", ""), (":", ","), ("", "&")])
def test_putting_separators_between(inner, outer):
    text = outer.join(f"{name}{inner}{CALL[name]}" for name in sorted(CALL))
    return asked_about(CALL, sealed_between(text))


@makes("signed_like_wechat")
@pytest.mark.parametrize("name", ["key", "api_secret"])
def test_signing_as_for_wechat_pay(name):
    text = "&".join(f"{name}={CALL[name]}" for name in sorted(CALL))
    return asked_about(CALL, md5(f"{text}&{name}={SECRET}"))


@makes("values_only")
def test_signing_the_values_alone():
    return asked_about(CALL, sealed_between("".join(CALL[name] for name in sorted(CALL))))


@makes("json_text_signed")
@pytest.mark.parametrize("sort", [True, False])
@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": ")])
def test_signing_the_whole_json(sort, separators):
    text = json.dumps(CALL, sort_keys=sort, separators=separators, ensure_ascii=False)
    return asked_about(CALL, sealed_between(text))


@makes("secret_missing_at_the_start")
def test_forgetting_the_secret_before():
    return asked_about(CALL, md5(join(CALL) + SECRET))


@makes("secret_missing_at_the_end")
def test_forgetting_the_secret_behind():
    return asked_about(CALL, md5(SECRET + join(CALL)))


@makes("secret_missing")
def test_forgetting_both_secrets():
    return asked_about(CALL, md5(join(CALL)))


@makes("secret_of_another_account")
def test_taking_the_secret_of_another_account():
    findings = asked_about(CALL, md5(OTHER_SECRET + join(CALL) + OTHER_SECRET))
    assert "sandbox" in findings[0].detail.en
    return findings


@makes("api_key_as_secret")
def test_taking_the_key_for_the_secret():
    return asked_about(CALL, md5(API_KEY + join(CALL) + API_KEY))


@makes("literal_api_secret")
def test_taking_the_example_of_the_manual_by_the_letter():
    return asked_about(CALL, md5(f"api_secret{join(CALL)}api_secret"))


@makes("secret_with_blanks")
@pytest.mark.parametrize("wrong", [f"{SECRET}\n", f"{SECRET} ", f" {SECRET}", f'"{SECRET}"'])
def test_reading_the_secret_with_what_is_around_it(wrong):
    return asked_about(CALL, md5(wrong + join(CALL) + wrong))
