"""The catalogue, fifth part: param opens, but what is inside is no plaintext."""

from simulator.errors import Text
from simulator.protocol.diagnosis.findings import Mistake


def _mistake(name: str, title: Text, remedy: Text) -> Mistake:
    return Mistake(name, title, remedy, "seal")


PLAINTEXT = (
    _mistake(
        "plaintext_empty",
        Text("Nothing was encrypted.", "加密的内容为空。"),
        Text(
            "Check that the JSON is written before it is encrypted.",
            "请检查加密之前是否已生成 JSON。",
        ),
    ),
    _mistake(
        "plaintext_in_gbk",
        Text("The plaintext is in GBK.", "明文为 GBK 编码。"),
        Text(
            "Encrypt json.getBytes(StandardCharsets.UTF_8), not json.getBytes().",
            "请加密 json.getBytes(StandardCharsets.UTF_8)，而不是 json.getBytes()。",
        ),
    ),
    _mistake(
        "plaintext_is_an_array",
        Text("The plaintext is a JSON array.", "明文是 JSON 数组。"),
        Text(
            "Encrypt one JSON object, a Map of all parameters.",
            "请加密一个 JSON 对象，即包含全部参数的 Map。",
        ),
    ),
    _mistake(
        "plaintext_is_a_text",
        Text("The plaintext is a JSON string, quotes and all.", "明文是带引号的 JSON 字符串。"),
        Text(
            "Serialise once: toJSONString() of a String that is already JSON puts it in quotes.",
            "只序列化一次：对已是 JSON 的 String 再调用 toJSONString() 会加上引号。",
        ),
    ),
    _mistake(
        "plaintext_is_xml",
        Text("The plaintext is XML.", "明文是 XML。"),
        Text("Encrypt a JSON object.", "请加密 JSON 对象。"),
    ),
    _mistake(
        "plaintext_without_sign",
        Text(
            "The plaintext is a query string without sign and timestamp.",
            "明文是没有 sign 和 timestamp 的 query 字符串。",
        ),
        Text(
            "Encrypt all parameters, sign and timestamp included; a JSON object is the usual form.",
            "请加密全部参数，包括 sign 和 timestamp；建议使用 JSON 对象。",
        ),
    ),
    _mistake(
        "plaintext_in_base64",
        Text(
            "The plaintext was encoded in Base64 before it was encrypted.",
            "加密前先对明文做了 Base64。",
        ),
        Text(
            "Encrypt the JSON's bytes themselves; Base64 comes after the encryption.",
            "请直接加密 JSON 的字节；Base64 在加密之后进行。",
        ),
    ),
    _mistake(
        "plaintext_url_encoded",
        Text(
            "The plaintext was URL-encoded before it was encrypted.",
            "加密前先对明文做了 URL 编码。",
        ),
        Text(
            "Encrypt the JSON as it is; URLEncoder comes last, around param.",
            "请直接加密 JSON；URLEncoder 最后用在 param 上。",
        ),
    ),
    _mistake(
        "map_printed",
        Text(
            "The plaintext is a printed Map ({a=1, b=2}), not JSON.",
            "明文是 Map 的文本形式（{a=1, b=2}），而不是 JSON。",
        ),
        Text(
            "Write it with a JSON library (JSON.toJSONString(map)), not with map.toString().",
            "请用 JSON 库输出（JSON.toJSONString(map)），不要用 map.toString()。",
        ),
    ),
    _mistake(
        "broken_json",
        Text(
            "The plaintext starts like JSON, but is not well-formed.", "明文像 JSON，但格式有误。"
        ),
        Text(
            "Write it with a JSON library instead of joining strings: quotation marks and line "
            "breaks inside values need escaping.",
            "请用 JSON 库生成，不要拼接字符串：值中的引号和换行需要转义。",
        ),
    ),
    _mistake(
        "cut_to_one_block",
        Text(
            "Only the first block's worth of the message was encrypted.",
            "只加密了第一块长度的内容。",
        ),
        Text(
            "Encrypt all parts of key size - 11 bytes in a loop (117 with 1024 bits, 245 with "
            "2048), and join the ciphertexts.",
            "请按密钥长度减 11 字节循环加密所有分段（1024 位 117 字节，2048 位 245 字节），"
            "并拼接密文。",
        ),
    ),
    _mistake(
        "block_lost",
        Text(
            "The blocks open, but one of them is missing.",
            "数据块可以解密，但缺少其中一块。",
        ),
        Text(
            "Check the loop: its first offset, its last part, and that each result is appended, "
            "not overwritten.",
            "请检查循环：起始偏移、最后一段，以及每次结果是追加而不是覆盖。",
        ),
    ),
    _mistake(
        "blocks_out_of_order",
        Text("The blocks are in the wrong order.", "数据块顺序错误。"),
        Text(
            "Append the ciphertexts in the order of the plaintext; a parallel stream or a HashMap "
            "does not keep it.",
            "请按明文顺序拼接密文；并行流或 HashMap 不保证顺序。",
        ),
    ),
    _mistake(
        "no_plaintext",
        Text(
            "The blocks open, but hold neither JSON nor a query string.",
            "数据块可以解密，但内容既不是 JSON 也不是 query 字符串。",
        ),
        Text(
            "Encrypt the UTF-8 bytes of one JSON object.",
            "请加密一个 JSON 对象的 UTF-8 字节。",
        ),
    ),
)
