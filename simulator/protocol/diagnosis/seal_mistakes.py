"""The catalogue, fourth part: mistakes with the form, the Base64, the key and the padding."""

from simulator.errors import Text
from simulator.protocol.diagnosis.findings import Mistake


def _form(name: str, title: Text, remedy: Text) -> Mistake:
    return Mistake(name, title, remedy, "form")


def _seal(name: str, title: Text, remedy: Text) -> Mistake:
    return Mistake(name, title, remedy, "seal")


SEAL = (
    _form(
        "not_encrypted",
        Text("param was not encrypted.", "param 没有加密。"),
        Text(
            "Encrypt the JSON with RSA (RSA/ECB/PKCS1Padding), then encode it in Base64.",
            "请先用 RSA（RSA/ECB/PKCS1Padding）加密 JSON，再做 Base64 编码。",
        ),
    ),
    _form(
        "blanks_instead_of_plus",
        Text(
            "The form was not URL-encoded, so each + arrived as a blank.",
            "表单没有做 URL 编码，+ 到达后变成了空格。",
        ),
        Text(
            'Encode the field: URLEncoder.encode(param, "UTF-8"), or let the client do it '
            "(UrlEncodedFormEntity, FormBody.Builder.add).",
            '请对该字段编码：URLEncoder.encode(param, "UTF-8")，或交给 HTTP 客户端处理'
            "（UrlEncodedFormEntity、FormBody.Builder.add）。",
        ),
    ),
    _form(
        "url_encoded_twice",
        Text("param was URL-encoded once too often.", "param 多做了一次 URL 编码。"),
        Text(
            "Encode once: the HTTP client already does it, and in multipart nothing is encoded; "
            "drop your own URLEncoder.encode.",
            "只编码一次：HTTP 客户端会自动编码，multipart 则不需要编码；"
            "请去掉自己的 URLEncoder.encode。",
        ),
    ),
    _form(
        "something_around_param",
        Text(
            "There is something around param that does not belong to it.",
            "param 前后多了不属于它的内容。",
        ),
        Text(
            "Send the Base64 alone: no quotation marks (do not run it through a JSON writer), no "
            "blanks, no second param=.",
            "只发送 Base64 本身：不要引号（不要再经过 JSON 序列化）、空格或重复的 param=。",
        ),
    ),
    _form(
        "java_bytes_printed",
        Text(
            "param is a byte[] printed by Java, not Base64.",
            "param 是 Java 直接输出的 byte[]，而不是 Base64。",
        ),
        Text(
            "Use Base64.getEncoder().encodeToString(bytes), not toString() or Arrays.toString().",
            "请用 Base64.getEncoder().encodeToString(bytes)，不要用 toString() 或 "
            "Arrays.toString()。",
        ),
    ),
    _seal(
        "not_base64",
        Text("param is not Base64.", "param 不是 Base64。"),
        Text(
            "Encode the joined blocks with Base64.getEncoder().encodeToString(bytes).",
            "请用 Base64.getEncoder().encodeToString(bytes) 对拼接后的密文编码。",
        ),
    ),
    _seal(
        "hex_instead_of_base64",
        Text("The ciphertext is written in hexadecimal.", "密文用了十六进制。"),
        Text(
            "Write it in Base64: Base64.getEncoder().encodeToString(bytes), no Hex.encodeHex.",
            "请用 Base64：Base64.getEncoder().encodeToString(bytes)，不要用 Hex.encodeHex。",
        ),
    ),
    _seal(
        "base64_padding_missing",
        Text("The = at the end of the Base64 is missing.", "Base64 末尾缺少 =。"),
        Text(
            "Keep the padding: no withoutPadding(), and no trimming of =.",
            "请保留填充：不要用 withoutPadding()，也不要去掉 =。",
        ),
    ),
    _seal(
        "base64_of_each_block",
        Text("Each block was encoded in Base64 by itself.", "每个数据块单独做了 Base64。"),
        Text(
            "Join the bytes of all blocks first (ByteArrayOutputStream), then encode once.",
            "请先拼接所有块的字节（ByteArrayOutputStream），再统一做一次 Base64。",
        ),
    ),
    _seal(
        "base64_twice",
        Text("Base64 was applied twice.", "做了两次 Base64。"),
        Text(
            "Encode once; look for a helper that already returns Base64.",
            "只编码一次；请检查加密工具类是否已经返回 Base64。",
        ),
    ),
    _seal(
        "only_base64",
        Text(
            "The parameters were encoded in Base64, but not encrypted.",
            "参数只做了 Base64，没有加密。",
        ),
        Text(
            "Base64 is no encryption: encrypt with RSA first, and encode the result.",
            "Base64 不是加密：请先用 RSA 加密，再对结果编码。",
        ),
    ),
    _seal(
        "platform_key_instead_of_own",
        Text(
            "The platform's common key was used for a business call.",
            "业务接口使用了平台公用公钥。",
        ),
        Text(
            "Only get_access_token is encrypted with api_rsa_pk; every other call takes the "
            "account's own rsa_pk.",
            "只有 get_access_token 用 api_rsa_pk 加密；其他接口都用账户自己的 rsa_pk。",
        ),
    ),
    _seal(
        "own_key_instead_of_platform",
        Text(
            "An account's own key was used for a token request.",
            "获取 access_token 时使用了账户自己的公钥。",
        ),
        Text(
            "Encrypt get_access_token with the platform's common key, api_rsa_pk.",
            "get_access_token 请用平台公用公钥 api_rsa_pk 加密。",
        ),
    ),
    _seal(
        "key_of_another_account",
        Text("The key is another account's.", "使用了另一个账户的公钥。"),
        Text(
            "Take rsa_pk from the letter of the account whose access_token you send.",
            "rsa_pk 须取自该 access_token 所属账户的开户信。",
        ),
    ),
    _seal(
        "unknown_key",
        Text("No key known here opens param.", "此处已知的密钥都不能解密 param。"),
        Text(
            "Check that rsa_pk and api_rsa_pk come from this simulator's account letter, not from "
            "another environment's, and that no byte was changed.",
            "请确认 rsa_pk 和 api_rsa_pk 取自本模拟器的开户信，而不是其他环境，且密文未被改动。",
        ),
    ),
    _seal(
        "another_key_size",
        Text(
            "The ciphertext's length is that of a key of another size.",
            "密文长度与密钥位数不符。",
        ),
        Text(
            "Compare the key's bits with the account letter; a block has 128 bytes with 1024 bits, "
            "256 with 2048.",
            "请对照开户信核对密钥位数：1024 位每块 128 字节，2048 位每块 256 字节。",
        ),
    ),
    _seal(
        "oaep_padding",
        Text(
            "The padding is OAEP instead of PKCS#1 v1.5.", "填充方式是 OAEP，而不是 PKCS#1 v1.5。"
        ),
        Text(
            'Use Cipher.getInstance("RSA/ECB/PKCS1Padding").',
            '请用 Cipher.getInstance("RSA/ECB/PKCS1Padding")。',
        ),
    ),
    _seal(
        "no_padding",
        Text("The plaintext was encrypted without padding.", "加密时没有填充。"),
        Text(
            'Use Cipher.getInstance("RSA/ECB/PKCS1Padding"): with BouncyCastle, plain "RSA" means '
            "no padding.",
            '请用 Cipher.getInstance("RSA/ECB/PKCS1Padding")：在 BouncyCastle 中只写 "RSA" '
            "表示不填充。",
        ),
    ),
    _seal(
        "private_key_used",
        Text(
            "param was encrypted with the private key instead of the public one.",
            "用私钥而不是公钥加密。",
        ),
        Text(
            "Encrypt with the public key (rsa_pk or api_rsa_pk): init(Cipher.ENCRYPT_MODE, "
            "publicKey).",
            "请用公钥（rsa_pk 或 api_rsa_pk）加密：init(Cipher.ENCRYPT_MODE, publicKey)。",
        ),
    ),
    _seal(
        "truncated",
        Text("The ciphertext is no whole number of blocks.", "密文不是整数个数据块。"),
        Text(
            "Something was cut off or added: look for a column or field of limited length, and "
            "check read and write loops on byte[].",
            "密文被截断或多出内容：请检查是否有长度限制的字段，以及 byte[] 的读写循环。",
        ),
    ),
    _seal(
        "later_block_does_not_open",
        Text(
            "The first block is right, a later one is not.",
            "第一个数据块正确，之后的块不正确。",
        ),
        Text(
            "Encrypt each part with its own doFinal(data, offset, length), and join the results "
            "as bytes, never as String.",
            "请对每一段分别调用 doFinal(data, offset, length)，并按字节拼接结果，"
            "不要转成 String 拼接。",
        ),
    ),
)
