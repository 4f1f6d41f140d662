"""Mistakes with the values: what was signed is not the text that was sent."""

import itertools
from collections.abc import Callable, Iterator, Mapping

from simulator.errors import Text
from simulator.protocol.diagnosis.findings import format_names
from simulator.protocol.diagnosis.sign import numbers, texts
from simulator.protocol.diagnosis.sign.steps import Step
from simulator.protocol.plaintext import Compound, Number, Parameters, as_text

#: Longer messages are not examined value by value: it would take seconds.
_LONG = 200_000
#: Blanks of one value of which each may have been a `+`: 2 ** 6 readings.
_MOST_BLANKS = 6
#: Parameters of one word that are tried one by one.
_MOST_WORDS = 8


def value_steps(parameters: Parameters) -> Iterator[Step]:
    """Return the mistakes with values of which this message has some, the usual ones first."""
    signed = {name: value for name, value in parameters.items() if name != "sign"}
    if sum(len(as_text(value)) for value in signed.values()) > _LONG:
        return
    # Before the charsets of signing: what was misread has bytes in the wrong one.
    yield from _misread_before_sending(signed)
    yield from _charsets(signed)
    yield from _try(signed, "values_url_encoded", texts.URL_ENCODED)
    yield from _nothings(signed)
    yield from _numbers(signed)
    yield from _booleans(signed)
    yield from _timestamps(signed)
    yield from _try(signed, "json_written_again", texts.JSON_AGAIN)
    yield from _try(signed, "values_trimmed", {"trim": str.strip, "trimEnd": str.rstrip})
    yield from _try(signed, "plus_became_blank", {"+": lambda text: text.replace(" ", "+")})
    yield from _lost_pluses(signed)
    yield from _try(signed, "html_escaped", texts.HTML_ESCAPED)
    yield from _try(signed, "sent_url_encoded", texts.URL_DECODED)
    yield from _try(signed, "sent_html_escaped", {"unescape": texts.HTML_UNESCAPED})
    yield from _try(signed, "line_breaks_changed", texts.LINE_BREAKS)
    yield from _misread_before_signing(signed)
    yield from _printed_words(signed)


def _try(
    parameters: Parameters, mistake: str, changes: Mapping[str, texts.Change]
) -> Iterator[Step]:
    """Return a step for each change that some text is changed by."""
    given = {
        name: str(value)
        for name, value in parameters.items()
        if value and isinstance(value, str) and not isinstance(value, Number)
    }
    for way, change in changes.items():
        affected = [name for name, text in given.items() if change(text) != text]
        if affected:
            detail = Text(
                f"Signed otherwise than sent ({way}): {format_names(affected)}.",
                f"签名的内容与发送的不同（{way}）：{format_names(affected)}。",
            )
            yield Step(mistake, detail, {"text": _on(change)})


def _on(change: texts.Change) -> Callable[[str, str], str]:
    return lambda _name, text: change(text)


def _charsets(parameters: Parameters) -> Iterator[Step]:
    beyond = [name for name, value in parameters.items() if not as_text(value).isascii()]
    if not beyond:
        return
    for mistake, charset in (
        ("signed_in_gbk", "gbk"),
        ("signed_in_gbk", "gb18030"),
        ("letters_lost", "ascii"),
        ("letters_lost", "latin-1"),
    ):
        detail = Text(
            f"Signed in {charset}: {format_names(beyond)}.",
            f"按 {charset} 编码签名：{format_names(beyond)}。",
        )
        yield Step(mistake, detail, {"encode": _in(charset)})


def _misread(charset: str) -> Callable[[str], bytes]:
    return lambda text: text.encode().decode(charset, "replace").encode()


_CHARSETS = (("latin-1", "ISO-8859-1"), ("cp1252", "Windows-1252"), ("gbk", "GBK"))


def _misread_before_sending(parameters: Parameters) -> Iterator[Step]:
    """Return the mistakes of reading UTF-8 in another charset after it was signed."""
    given = {name: as_text(value) for name, value in parameters.items()}
    for charset, shown in _CHARSETS:
        read = texts.reread(charset)
        affected = [name for name, text in given.items() if read(text) != text]
        if affected:
            detail = Text(
                f"Its UTF-8 was read as {shown} before it was sent: {format_names(affected)}.",
                f"发送前 UTF-8 被当作 {shown} 读取：{format_names(affected)}。",
            )
            yield Step("misread_before_sending", detail, {"text": _on(read)})


def _misread_before_signing(parameters: Parameters) -> Iterator[Step]:
    """Return the mistakes of reading UTF-8 in another charset before it was signed."""
    beyond = [name for name, value in parameters.items() if not as_text(value).isascii()]
    for charset, shown in _CHARSETS if beyond else ():
        detail = Text(
            f"Its UTF-8 was read as {shown} before it was signed: {format_names(beyond)}.",
            f"签名前 UTF-8 被当作 {shown} 读取：{format_names(beyond)}。",
        )
        yield Step("misread_before_signing", detail, {"encode": _misread(charset)})


def _lost_pluses(parameters: Parameters) -> Iterator[Step]:
    """Return the readings of values in which some blanks were a `+`, and others were blanks."""
    for name, value in parameters.items():
        text = as_text(value)
        blanks = [place for place, letter in enumerate(text) if letter == " "]
        if not 2 <= len(blanks) <= _MOST_BLANKS:
            continue
        for count in range(1, len(blanks)):
            for places in itertools.combinations(blanks, count):
                mended = "".join(
                    "+" if place in places else letter for place, letter in enumerate(text)
                )
                detail = Text(
                    f"{count} of {len(blanks)} blanks were a +: {format_names([name])}.",
                    f"{len(blanks)} 个空格中有 {count} 个原本是 +：{format_names([name])}。",
                )
                yield Step("plus_became_blank", detail, {"text": _replace(name, mended)})


def _replace(name: str, text: str) -> Callable[[str, str], str]:
    return lambda other, sent: text if other == name else sent


def _in(charset: str) -> Callable[[str], bytes]:
    return lambda text: text.encode(charset, "replace")


def _nothings(parameters: Parameters) -> Iterator[Step]:
    nulls = [name for name, value in parameters.items() if value is None]
    empty = [name for name, value in parameters.items() if isinstance(value, str) and not value]
    if nulls:
        left_out = Text(
            f"Sent as null, but not signed: {format_names(nulls)}.",
            f"值为 null，未参与签名：{format_names(nulls)}。",
        )
        yield Step("null_left_out", left_out, {"null": None})
        for word in ("None", "NULL", "undefined", "nil"):
            detail = Text(
                f"Sent as null, signed as {word}: {format_names(nulls)}.",
                f"值为 null，签名时写成 {word}：{format_names(nulls)}。",
            )
            yield Step("null_signed_as_another_word", detail, {"null": word})
    if empty:
        detail = Text(
            f"Sent empty, but not signed: {format_names(empty)}.",
            f"值为空，未参与签名：{format_names(empty)}。",
        )
        yield Step("empty_left_out", detail, {"empty": None, "null": None})
        yield Step("empty_left_out", detail, {"empty": None})
        for word in ("null", "None"):
            detail = Text(
                f"Sent empty, signed as {word}: {format_names(empty)}.",
                f"值为空，签名时写成 {word}：{format_names(empty)}。",
            )
            yield Step("empty_signed_as_null", detail, {"empty": word})
    for without in (_is_blank, _is_nothing_to_php):
        left = [name for name, value in parameters.items() if without(as_text(value))]
        if set(left) - {*nulls, *empty}:
            detail = Text(
                f"Taken for empty and not signed: {format_names(left)}.",
                f"被当作空值，未参与签名：{format_names(left)}。",
            )
            yield Step("empty_left_out", detail, {"left_out": frozenset(left)})
    words = [name for name, value in parameters.items() if value in ("null", "None")]
    if words:
        detail = Text(
            f"Sent as the word null, signed as nothing: {format_names(words)}.",
            f"发送的是文本 null，签名时为空：{format_names(words)}。",
        )
        yield Step("null_sent_as_a_word", detail, {"text": _no_null_word})


def _is_blank(text: str) -> bool:
    return not text.strip()


def _is_nothing_to_php(text: str) -> bool:
    return text in ("", "0")


def _no_null_word(_name: str, text: str) -> str:
    return "" if text in ("null", "None") else text


def _numbers(parameters: Parameters) -> Iterator[Step]:
    def is_number(_name: str, _text: str, number: bool) -> bool:
        return number

    def is_amount(name: str, text: str, number: bool) -> bool:
        return number or numbers.looks_like_an_amount(name, text)

    bare = [name for name, value in parameters.items() if isinstance(value, Number)]
    if bare:
        # A mistake only where the switch number_sign is php; no change otherwise.
        detail = Text(
            f"Signed as it stands in the JSON, not as PHP reads it: {format_names(bare)}.",
            f"按 JSON 中的写法签名，而不是 PHP 的写法：{format_names(bare)}。",
        )
        yield Step("number_written_otherwise", detail, {"number": numbers.as_sent})
    for concerns in (is_number, is_amount):
        for writing in numbers.WRITINGS:
            affected = [
                name
                for name, value in parameters.items()
                if isinstance(value, str)
                and concerns(name, value, isinstance(value, Number))
                and numbers.rewrite_number(value, writing) != value
            ]
            if affected:
                exponent = any(numbers.has_exponent(str(parameters[name])) for name in affected)
                detail = Text(
                    f"{'Sent with an exponent, s' if exponent else 'S'}igned in the notation of "
                    f"{writing}: {format_names(affected)}.",
                    f"{'发送时带指数，' if exponent else ''}"
                    f"签名时的数字写法不同（{writing}）：{format_names(affected)}。",
                )
                yield Step("number_written_otherwise", detail, {"number": _as(writing, concerns)})


def _as(
    writing: str, concerns: Callable[[str, str, bool], bool]
) -> Callable[[str, str, bool], str]:
    return lambda name, text, number: (
        numbers.rewrite_number(text, writing) if concerns(name, text, number) else text
    )


def _booleans(parameters: Parameters) -> Iterator[Step]:
    booleans = [name for name, value in parameters.items() if isinstance(value, bool)]
    for words in (("true", "false"), ("True", "False"), ("1", "0"), ("TRUE", "FALSE")):
        if booleans:
            detail = Text(
                f"Signed as {words[0]} or {words[1]}: {format_names(booleans)}.",
                f"签名时写成 {words[0]} 或 {words[1]}：{format_names(booleans)}。",
            )
            yield Step("boolean_signed_as_a_word", detail, {"words": words})


def _printed_words(parameters: Parameters) -> Iterator[Step]:
    """Return the mistakes of sending a boolean in one language's words and signing another's."""
    for sent, signed in (("0", ""), ("false", ""), ("1", "true"), ("0", "false"), ("true", "1")):
        affected = [name for name, value in parameters.items() if value == sent]
        if affected:
            detail = Text(
                f'Sent as "{sent}", signed as "{signed}": {format_names(affected)}.',
                f'发送为 "{sent}"，签名时为 "{signed}"：{format_names(affected)}。',
            )
            for names in ([name] for name in affected[:_MOST_WORDS]):
                change = {"text": _reword(frozenset(names), signed)}
                yield Step("boolean_signed_as_a_word", detail, change)
            yield Step(
                "boolean_signed_as_a_word", detail, {"text": _reword(frozenset(affected), signed)}
            )


def _reword(names: frozenset[str], text: str) -> Callable[[str, str], str]:
    return lambda name, sent: text if name in names else sent


def _timestamps(parameters: Parameters) -> Iterator[Step]:
    sent = parameters.get("timestamp")
    if not isinstance(sent, str) or isinstance(sent, Compound):
        return
    for seconds, text in numbers.moments_near(sent):
        detail = Text(
            f"Signed with a timestamp {abs(seconds)} s {'before' if seconds < 0 else 'after'} "
            "the one sent.",
            f"签名用的 timestamp 比发送的{'早' if seconds < 0 else '晚'} {abs(seconds)} 秒。",
        )
        yield Step("timestamp_taken_twice", detail, {"text": _timestamp(text)})
    short = len(sent) == 12
    for writing, text in numbers.other_writings(sent):
        detail = Text(
            f"timestamp is sent with {len(sent)} digits and signed as {writing}.",
            f"timestamp 发送为 {len(sent)} 位，签名时为 {writing}。",
        )
        mistake = "timestamp_of_12_digits" if short else "timestamp_signed_otherwise"
        yield Step(mistake, detail, {"text": _timestamp(text)})


def _timestamp(text: str) -> Callable[[str, str], str]:
    return lambda name, sent: text if name == "timestamp" else sent
