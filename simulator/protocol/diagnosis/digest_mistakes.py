"""The catalogue, second part: mistakes in the digest, in writing the sign, and in the time."""

from simulator.errors import Text
from simulator.protocol.diagnosis.findings import Mistake


def _mistake(name: str, title: Text, remedy: Text) -> Mistake:
    return Mistake(name, title, remedy, "sign")


DIGEST = (
    _mistake(
        "lower_case",
        Text("The sign is in lower case.", "sign 为小写。"),
        Text(
            "Send it in upper case: toUpperCase(Locale.ROOT), or String.format with %02X.",
            "请转成大写：toUpperCase(Locale.ROOT)，或用 String.format 的 %02X。",
        ),
    ),
    _mistake(
        "hmac_instead_of_md5",
        Text("The sign is an HMAC.", "sign 是用 HMAC 计算的。"),
        Text(
            "Use plain MD5 over secret + joined + secret: MessageDigest, not Mac.",
            "请对 secret + 拼接串 + secret 做普通 MD5：用 MessageDigest，不要用 Mac。",
        ),
    ),
    _mistake(
        "sha1_instead_of_md5",
        Text("The sign is SHA-1 instead of MD5.", "sign 用的是 SHA-1，而不是 MD5。"),
        Text(
            'Use MessageDigest.getInstance("MD5"); the sign has 32 digits.',
            '请用 MessageDigest.getInstance("MD5")；sign 应为 32 位。',
        ),
    ),
    _mistake(
        "sha256_instead_of_md5",
        Text("The sign is SHA-256 instead of MD5.", "sign 用的是 SHA-256，而不是 MD5。"),
        Text(
            'Use MessageDigest.getInstance("MD5"); the sign has 32 digits.',
            '请用 MessageDigest.getInstance("MD5")；sign 应为 32 位。',
        ),
    ),
    _mistake(
        "md5_of_16_digits",
        Text("The sign is MD5 cut to 16 digits.", "sign 是 16 位的 MD5。"),
        Text("Send all 32 digits.", "请发送完整的 32 位。"),
    ),
    _mistake(
        "md5_in_base64",
        Text("The sign is written in Base64.", "sign 用 Base64 表示。"),
        Text(
            "Write the 16 bytes as 32 hexadecimal digits in upper case (%02X for each byte).",
            "请把 16 个字节写成 32 位大写十六进制（每个字节 %02X）。",
        ),
    ),
    _mistake(
        "md5_twice",
        Text("MD5 was applied twice.", "做了两次 MD5。"),
        Text(
            "Hash the base string once; look for a helper that already returns the MD5.",
            "只对待签名串做一次 MD5；请检查工具类是否已经做过 MD5。",
        ),
    ),
    _mistake(
        "hex_written_badly",
        Text(
            "The digest's hexadecimal digits are written wrongly.",
            "摘要的十六进制写法有误。",
        ),
        Text(
            'Write each byte with String.format("%02X", b): Integer.toHexString(b) and '
            "BigInteger.toString(16) lose zeros or show negative numbers.",
            '请用 String.format("%02X", b) 输出每个字节：Integer.toHexString(b) 和 '
            "BigInteger.toString(16) 会丢掉 0 或产生负数。",
        ),
    ),
    _mistake(
        "sign_with_blanks",
        Text("The sign has white space around it.", "sign 前后有空白字符。"),
        Text(
            "Send the 32 digits alone: call strip() on what your tool returns.",
            "只发送 32 位字符：请对工具返回的结果调用 strip()。",
        ),
    ),
    _mistake(
        "sign_misnamed",
        Text("The sign was sent under another name.", "签名的参数名不对。"),
        Text(
            'Name it "sign", in small letters, among the encrypted parameters.',
            '参数名应为小写的 "sign"，并放在加密参数中。',
        ),
    ),
)

TIME = (
    _mistake(
        "timestamp_of_12_digits",
        Text(
            "timestamp was sent with 12 digits, but signed with 14.",
            "timestamp 发送时为 12 位，签名时为 14 位。",
        ),
        Text(
            'Use one text of 14 digits for both: DateTimeFormatter.ofPattern("yyyyMMddHHmmss").',
            '签名和发送用同一个 14 位文本：DateTimeFormatter.ofPattern("yyyyMMddHHmmss")。',
        ),
    ),
    _mistake(
        "timestamp_taken_twice",
        Text(
            "The time was taken twice, once for the sign and once for the message.",
            "取了两次时间：签名一次，发送又一次。",
        ),
        Text(
            "Format the timestamp once and use the same text for both.",
            "请只格式化一次 timestamp，签名和发送用同一个文本。",
        ),
    ),
    _mistake(
        "timestamp_signed_otherwise",
        Text(
            "timestamp was signed in another form than it was sent.",
            "timestamp 签名时的格式与发送的不同。",
        ),
        Text(
            "Sign the 14 digits that you send (yyyyMMddHHmmss).",
            "请按发送的 14 位数字（yyyyMMddHHmmss）签名。",
        ),
    ),
    _mistake(
        "timestamp_is_unix",
        Text("timestamp is a Unix time.", "timestamp 是 Unix 时间戳。"),
        Text(
            "Send YmdHis in Asia/Shanghai: 14 digits, DateTimeFormatter.ofPattern("
            '"yyyyMMddHHmmss").withZone(ZoneId.of("Asia/Shanghai")).',
            "请发送东八区的 YmdHis，共 14 位：DateTimeFormatter.ofPattern("
            '"yyyyMMddHHmmss").withZone(ZoneId.of("Asia/Shanghai"))。',
        ),
    ),
)
