"""The catalogue, third part: what was signed is not the text that was sent."""

from simulator.errors import Text
from simulator.protocol.diagnosis.findings import Mistake


def _mistake(name: str, title: Text, remedy: Text) -> Mistake:
    return Mistake(name, title, remedy, "sign")


VALUES = (
    _mistake(
        "values_url_encoded",
        Text("The values were URL-encoded before signing.", "签名前对参数值做了 URL 编码。"),
        Text(
            "Sign the values as they are; URLEncoder belongs to the form around param only.",
            "请对原始值签名；URLEncoder 只用于 param 外层的表单。",
        ),
    ),
    _mistake(
        "sent_url_encoded",
        Text(
            "The values were URL-encoded after signing.",
            "签名之后又对参数值做了 URL 编码。",
        ),
        Text(
            "Encrypt the values that you signed: in JSON nothing is URL-encoded.",
            "请加密已签名的原始值：JSON 中的值不做 URL 编码。",
        ),
    ),
    _mistake(
        "signed_in_gbk",
        Text("The base string was hashed in GBK.", "待签名串按 GBK 编码计算。"),
        Text(
            "Use getBytes(StandardCharsets.UTF_8): without an argument, getBytes() takes the "
            "system's encoding.",
            "请用 getBytes(StandardCharsets.UTF_8)：不带参数的 getBytes() 使用系统默认编码。",
        ),
    ),
    _mistake(
        "letters_lost",
        Text(
            "Chinese letters became question marks in the base string.",
            "待签名串中的汉字变成了问号。",
        ),
        Text(
            "Use getBytes(StandardCharsets.UTF_8); a server started with LANG=C knows ASCII only.",
            "请用 getBytes(StandardCharsets.UTF_8)；以 LANG=C 启动的服务器默认只支持 ASCII。",
        ),
    ),
    _mistake(
        "plus_became_blank",
        Text(
            "A + was signed, but arrived as a blank.",
            "签名时的 + 到达后变成了空格。",
        ),
        Text(
            "Something URL-decoded the values after signing; in a query-string plaintext write + "
            "as %2B, in JSON leave it as it is.",
            "签名之后参数值被 URL 解码了一次；明文为 query 格式时请把 + 写成 %2B，"
            "JSON 中则保持原样。",
        ),
    ),
    _mistake(
        "null_left_out",
        Text(
            "Parameters that are null were sent, but not signed.",
            "值为 null 的参数已发送，但没有参与签名。",
        ),
        Text(
            'Sign them as name + "" or name + "null", or leave them out of the JSON as well.',
            '请按 名称 + "" 或 名称 + "null" 签名，或者也不要写入 JSON。',
        ),
    ),
    _mistake(
        "null_signed_as_another_word",
        Text("null was signed as another word.", "null 签名时写成了别的文本。"),
        Text(
            'Sign null as "null" (String.valueOf) or as the empty text.',
            '请把 null 按 "null"（String.valueOf）或空字符串签名。',
        ),
    ),
    _mistake(
        "null_sent_as_a_word",
        Text(
            'The word "null" was sent for a value that was signed as empty.',
            '签名时为空的值，发送时成了文本 "null"。',
        ),
        Text(
            "Turn null into an empty text once, before both signing and sending: "
            'Objects.toString(value, "").',
            '请在签名和发送之前统一把 null 转成空字符串：Objects.toString(value, "")。',
        ),
    ),
    _mistake(
        "empty_left_out",
        Text(
            "Empty parameters were sent, but not signed.",
            "空值参数已发送，但没有参与签名。",
        ),
        Text(
            "Sign them too, by their names alone, or do not send them: drop the isEmpty() check "
            "or apply it to both.",
            "空值参数也要参与签名（只有名称），或者不发送：请去掉 isEmpty() 判断，或两处都用。",
        ),
    ),
    _mistake(
        "empty_signed_as_null",
        Text(
            'Empty parameters were signed as the word "null".',
            '空值参数签名时写成了 "null"。',
        ),
        Text(
            'Sign the empty text that you send: String.valueOf(null) gives "null" while the JSON '
            'writer gives ""; convert once, before both.',
            '请按发送的空字符串签名：String.valueOf(null) 得到 "null"，而 JSON 写出的是 ""；'
            "请在签名和发送之前统一转换。",
        ),
    ),
    _mistake(
        "number_written_otherwise",
        Text(
            "A number was signed in another writing than it was sent.",
            "数字签名时的写法与发送的不同。",
        ),
        Text(
            "Send amounts as strings and sign that string: new BigDecimal(…).toPlainString(), "
            "never a double.",
            "金额请用字符串发送，并对同一字符串签名："
            "new BigDecimal(…).toPlainString()，不要用 double。",
        ),
    ),
    _mistake(
        "boolean_signed_as_a_word",
        Text(
            "A boolean was signed as a word.",
            "布尔值签名时写成了单词。",
        ),
        Text(
            'Send "1" or "0" as a string; a bare true counts as 1 in the sign, a bare false as '
            "nothing.",
            '请用字符串 "1" 或 "0" 发送；直接发送 true 时按 1 签名，false 时按空签名。',
        ),
    ),
    _mistake(
        "json_written_again",
        Text(
            "A JSON text was signed in another writing than it was sent.",
            "JSON 文本签名时的写法与发送的不同。",
        ),
        Text(
            "Serialise it once and use that very String for both, blanks, \\uXXXX and \\/ "
            "included; never parse and write it again.",
            "只序列化一次，签名和发送用同一个 String（包括空格、\\uXXXX 和 \\/）；"
            "不要解析后重新输出。",
        ),
    ),
    _mistake(
        "values_trimmed",
        Text(
            "Values were trimmed before signing, but sent untrimmed.",
            "签名前去掉了首尾空白，发送时却没有。",
        ),
        Text(
            "Trim once, before both signing and sending.",
            "请在签名和发送之前统一调用 trim()。",
        ),
    ),
    _mistake(
        "html_escaped",
        Text(
            "The values were HTML-escaped before signing.",
            "签名前对参数值做了 HTML 转义。",
        ),
        Text(
            "Sign the values as they are sent: no StringEscapeUtils, no XSS filter between.",
            "请对发送的原始值签名：中间不要经过 StringEscapeUtils 或 XSS 过滤器。",
        ),
    ),
    _mistake(
        "sent_html_escaped",
        Text(
            "The values were HTML-escaped after signing.",
            "签名之后又对参数值做了 HTML 转义。",
        ),
        Text(
            "Send what was signed: with Gson call disableHtmlEscaping(), and take the XSS filter "
            "out of the way.",
            "请发送已签名的原始值：Gson 请调用 disableHtmlEscaping()，并绕开 XSS 过滤器。",
        ),
    ),
    _mistake(
        "line_breaks_changed",
        Text(
            "Line breaks were signed otherwise than they were sent.",
            "换行符签名时与发送时不同。",
        ),
        Text(
            "Send the text that was signed; Base64 without line breaks comes from "
            "Base64.getEncoder(), not getMimeEncoder().",
            "请发送签名时的原文；Base64 请用不换行的 Base64.getEncoder()，"
            "而不是 getMimeEncoder()。",
        ),
    ),
    _mistake(
        "bare_array_or_object",
        Text(
            "A parameter is a JSON array or object instead of a string.",
            "有参数是 JSON 数组或对象，而不是字符串。",
        ),
        Text(
            "Put its JSON text in as a string (JSON.toJSONString(list)) and sign that string.",
            "请先转成 JSON 字符串（JSON.toJSONString(list)）再放入参数，并对该字符串签名。",
        ),
    ),
)
