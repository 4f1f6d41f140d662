"""The catalogue, first part: mistakes in the rule of the sign and in its digest."""

from simulator.errors import Text
from simulator.protocol.diagnosis.findings import Mistake


def _mistake(name: str, title: Text, remedy: Text) -> Mistake:
    return Mistake(name, title, remedy, "sign")


RULE = (
    _mistake(
        "not_sorted",
        Text("The parameters were not sorted.", "参数没有排序。"),
        Text(
            "Sort them by name before joining: put them into a TreeMap, not a HashMap or "
            "LinkedHashMap.",
            "拼接前请按参数名升序排列：用 TreeMap，不要用 HashMap 或 LinkedHashMap。",
        ),
    ),
    _mistake(
        "sorted_ignoring_case",
        Text(
            "The names were sorted by letters, not by their bytes.",
            "参数名按字母规则排序，而不是按字节排序。",
        ),
        Text(
            "Use String's natural order (a plain TreeMap), not String.CASE_INSENSITIVE_ORDER and "
            "no Collator.",
            "请用 String 的自然顺序（默认的 TreeMap），不要用 String.CASE_INSENSITIVE_ORDER "
            "或 Collator。",
        ),
    ),
    _mistake(
        "sorted_backwards",
        Text("The names were sorted in descending order.", "参数名按降序排列。"),
        Text(
            "Sort ascending: no Comparator.reverseOrder(), no descendingMap().",
            "请按升序排列：不要用 Comparator.reverseOrder() 或 descendingMap()。",
        ),
    ),
    _mistake(
        "sorted_by_value",
        Text("The parameters were sorted by their values.", "参数按值排序，而不是按名称。"),
        Text(
            "Sort by name: Map.Entry.comparingByKey(), not comparingByValue().",
            "请按参数名排序：用 Map.Entry.comparingByKey()，而不是 comparingByValue()。",
        ),
    ),
    _mistake(
        "sorted_as_pairs",
        Text(
            "Name and value were joined before sorting.",
            "先把名称与值拼接起来，然后才排序。",
        ),
        Text(
            "Sort the names alone and join afterwards; a name that begins another one comes out "
            "wrong otherwise.",
            "请先只对参数名排序，再拼接；否则当一个参数名是另一个的前缀时，顺序会出错。",
        ),
    ),
    _mistake(
        "sign_included",
        Text("sign itself was signed.", "sign 本身参与了签名。"),
        Text(
            'Leave sign out of the base string: call params.remove("sign") before joining.',
            '待签名串中不要包含 sign：拼接前调用 params.remove("sign")。',
        ),
    ),
    _mistake(
        "parameter_not_signed",
        Text("A parameter was sent but not signed.", "有参数已发送，但没有参与签名。"),
        Text(
            "Sign every encrypted parameter but sign, method, timestamp, btc_id and "
            "enter_institution_type included; sign last.",
            "除 sign 外，所有加密参数都要参与签名，包括 method、timestamp、btc_id、"
            "enter_institution_type；请在参数齐全之后再签名。",
        ),
    ),
    _mistake(
        "parameter_signed_but_not_sent",
        Text(
            "Something was signed that is not among the encrypted parameters.",
            "签名中包含了不在加密参数里的内容。",
        ),
        Text(
            "Sign exactly what you encrypt. access_token travels beside param and is not signed; "
            "api_key and api_secret are parameters of get_access_token only.",
            "签名的内容必须与加密的内容一致。access_token 在 param 之外传递，不参与签名；"
            "api_key 和 api_secret 只是 get_access_token 的参数。",
        ),
    ),
    _mistake(
        "null_signed_but_not_sent",
        Text(
            "A parameter without a value was signed, but dropped from the JSON.",
            "没有值的参数参与了签名，但没有写入 JSON。",
        ),
        Text(
            "Remove such parameters before signing, or have them written: Gson with "
            "serializeNulls(), fastjson with WriteMapNullValue.",
            "请在签名前去掉这些参数，或让它们写入 JSON：Gson 用 serializeNulls()，"
            "fastjson 用 WriteMapNullValue。",
        ),
    ),
    _mistake(
        "names_in_camel_case",
        Text(
            "The names that were signed are spelled otherwise than those sent.",
            "签名用的参数名与发送的写法不同。",
        ),
        Text(
            "Sign the names as they stand in the JSON (order_no), not a bean's fields (orderNo): "
            "build one Map and use it for both.",
            "请按 JSON 中的参数名（order_no）签名，而不是 Java 属性名（orderNo）："
            "签名与加密请使用同一个 Map。",
        ),
    ),
    _mistake(
        "names_in_another_case",
        Text(
            "The names were signed in other letters, small or capital, than they were sent.",
            "签名用的参数名与发送的大小写不同。",
        ),
        Text(
            "Do not change the names' letters: no toLowerCase() or toUpperCase() on them.",
            "不要改变参数名的大小写：不要对其调用 toLowerCase() 或 toUpperCase()。",
        ),
    ),
    _mistake(
        "joined_like_a_query",
        Text(
            "There are separators between names and values.",
            "名称与值之间加了分隔符。",
        ),
        Text(
            "Join name and value with nothing between, and no & or comma between the parameters: "
            "sb.append(name).append(value).",
            "名称与值直接相连，参数之间也不加 & 或逗号：sb.append(name).append(value)。",
        ),
    ),
    _mistake(
        "signed_like_wechat",
        Text(
            "The sign was made as for WeChat Pay (a=1&b=2&key=…).",
            "按微信支付的方式签名（a=1&b=2&key=…）。",
        ),
        Text(
            "Join without = and &, and put the api_secret alone at both ends: "
            "secret + name + value + … + secret.",
            "不要加 = 和 &，两端直接加 api_secret：secret + 名称 + 值 + … + secret。",
        ),
    ),
    _mistake(
        "values_only",
        Text("Only the values were signed.", "只对参数值签名，没有参数名。"),
        Text(
            "Each value follows its name: iterate over entrySet(), not over values().",
            "每个值之前要有参数名：请遍历 entrySet()，而不是 values()。",
        ),
    ),
    _mistake(
        "json_text_signed",
        Text("The JSON text was signed as a whole.", "对整个 JSON 文本签名。"),
        Text(
            "Do not sign the JSON: join the sorted names and values without any punctuation.",
            "不要对 JSON 签名：请把排序后的名称与值直接拼接，不带任何标点。",
        ),
    ),
    _mistake(
        "secret_missing_at_the_start",
        Text("The api_secret is missing at the start.", "待签名串开头缺少 api_secret。"),
        Text(
            "Put it at both ends: secret + joined + secret.",
            "两端都要加 api_secret：secret + 拼接串 + secret。",
        ),
    ),
    _mistake(
        "secret_missing_at_the_end",
        Text("The api_secret is missing at the end.", "待签名串末尾缺少 api_secret。"),
        Text(
            "Put it at both ends: secret + joined + secret.",
            "两端都要加 api_secret：secret + 拼接串 + secret。",
        ),
    ),
    _mistake(
        "secret_missing",
        Text("The api_secret is missing at both ends.", "待签名串两端都缺少 api_secret。"),
        Text(
            "Put it at both ends: secret + joined + secret; this holds for get_access_token too, "
            "where it is a parameter as well.",
            "两端都要加 api_secret：secret + 拼接串 + secret；get_access_token 虽已把它作为参数，"
            "两端同样要加。",
        ),
    ),
    _mistake(
        "secret_of_another_account",
        Text("The api_secret is another account's.", "使用了另一个账户的 api_secret。"),
        Text(
            "Take api_key, api_secret, btc_id and the keys from one account letter; look for a "
            "mixed-up profile (application-test.yml).",
            "api_key、api_secret、btc_id 与密钥须取自同一份开户信；"
            "请检查是否用错了配置文件（如 application-test.yml）。",
        ),
    ),
    _mistake(
        "api_key_as_secret",
        Text(
            "The api_key was used in place of the api_secret.",
            "把 api_key 当作 api_secret 使用。",
        ),
        Text(
            "Put the api_secret at both ends; the api_key is only a parameter of get_access_token.",
            "两端应为 api_secret；api_key 只是 get_access_token 的一个参数。",
        ),
    ),
    _mistake(
        "literal_api_secret",
        Text(
            'The word "api_secret" was used in place of its value.',
            '两端用了字面文本 "api_secret"，而不是它的值。',
        ),
        Text(
            "The manual's example shows where the value goes; put your own api_secret there.",
            "手册示例只是标明位置；请换成您自己的 api_secret 的值。",
        ),
    ),
    _mistake(
        "secret_with_blanks",
        Text(
            "The api_secret has something around it: a blank, a line break, a quotation mark.",
            "api_secret 前后多了空格、换行或引号。",
        ),
        Text(
            "Read it with strip(), and save the file it comes from without a byte order mark.",
            "读取后请调用 strip()，来源文件请保存为不带 BOM 的格式。",
        ),
    ),
)
