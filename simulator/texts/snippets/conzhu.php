<?php
// PHP 8.1, with the extensions openssl and curl. 需要 PHP 8.1 及扩展 openssl、curl。

// From the account letter; the keys are each one line of Base64. 取自开户信，密钥为单行 Base64。
foreach (['PLATFORM', 'BTC_ID', 'INSTITUTION_TYPE', 'API_KEY', 'API_SECRET', 'RSA_PK', 'RSA_SK',
    'API_RSA_PK'] as $name) {
    define($name, getenv($name));
}

// [timestamp]
function timestamp(): string // H, not h 小时用 H，不要用 h
{
    return (new DateTime('now', new DateTimeZone('Asia/Shanghai')))->format('YmdHis');
}

// [amount]
function amount(string $number): string // no thousands separator 不要千位分隔符
{
    return number_format((float) $number, 2, '.', '');
}

// [list]
function json_list(array $rows): string // $params['files'] = json_list($rows), then sign 再签名
{
    return json_encode($rows, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR);
}

// [plaintext]
function plaintext(array $params): string // strings in UTF-8, as they were signed 与签名时一致
{
    return json_encode($params, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR);
}

// [sign]
function sign(array $params, string $secret): string
{
    unset($params['sign']);
    ksort($params, SORT_STRING);
    $base = $secret;
    foreach ($params as $name => $value) {
        $base .= $name . $value;
    }
    return strtoupper(md5($base . $secret)); // md5(…), no hash_hmac, no md5(…, true)
}

// [seal]
function seal(string $plain, string $publicKey): string
{
    $pem = "-----BEGIN PUBLIC KEY-----\n" . chunk_split($publicKey, 64, "\n") . '-----END PUBLIC KEY-----';
    $key = openssl_pkey_get_public($pem) ?: throw new RuntimeException(openssl_error_string());
    $room = openssl_pkey_get_details($key)['bits'] / 8 - 11;
    $sealed = '';
    foreach (str_split($plain, $room) as $piece) { // bytes: no mb_str_split 按字节，不要用 mb_str_split
        openssl_public_encrypt($piece, $block, $key) or throw new RuntimeException(openssl_error_string());
        $sealed .= $block; // OPENSSL_PKCS1_PADDING is the default 默认即 PKCS#1 v1.5
    }
    return base64_encode($sealed); // once, at the end 最后统一做一次
}

// [open]
function open(string $param): array
{
    $pem = "-----BEGIN PRIVATE KEY-----\n" . chunk_split(RSA_SK, 64, "\n") . '-----END PRIVATE KEY-----';
    $key = openssl_pkey_get_private($pem) ?: throw new RuntimeException(openssl_error_string());
    $size = openssl_pkey_get_details($key)['bits'] / 8;
    $plain = '';
    foreach (str_split(base64_decode($param, true), $size) as $block) {
        openssl_private_decrypt($block, $piece, $key) or throw new RuntimeException(openssl_error_string());
        $plain .= $piece;
    }
    return json_decode($plain, true, 512, JSON_THROW_ON_ERROR);
}

// [hash]
function file_hash(string $bytes): string // $bytes = file_get_contents($path), which are sent 即发送的字节
{
    return hash('sha256', $bytes);
}

// [message]
function message(string $method, array $business): string
{
    $params = $business + ['method' => $method, 'timestamp' => timestamp(), // one array 同一个数组
        'btc_id' => BTC_ID, 'enter_institution_type' => INSTITUTION_TYPE];
    $params['sign'] = sign($params, API_SECRET); // last 最后签名
    return seal(plaintext($params), RSA_PK);
}

// [token]
function token(): string
{
    $params = ['method' => 'get_access_token', 'api_key' => API_KEY, 'api_secret' => API_SECRET,
        'timestamp' => timestamp()];
    $params['sign'] = sign($params, API_SECRET);
    $answer = post(['param' => seal(plaintext($params), API_RSA_PK)]); // not RSA_PK
    if (!str_contains($answer, 'access_token')) { // refused 被拒绝
        throw new RuntimeException($answer);
    }
    return json_decode($answer, true)['data']['access_token']; // keep it for the next calls 请保存
}

// [form]
function post(array $fields): string // param, access_token
{
    $curl = curl_init(PLATFORM);
    curl_setopt_array($curl, [CURLOPT_RETURNTRANSFER => true, CURLOPT_TIMEOUT => 30,
        CURLOPT_POSTFIELDS => http_build_query($fields)]); // an array would be multipart 数组即 multipart
    $answer = curl_exec($curl);
    return $answer === false ? throw new RuntimeException(curl_error($curl)) : $answer;
}

// [multipart]
function post_file(array $fields, string $name, string $bytes): string
{
    $file = new CURLStringFile($bytes, 'a.pdf', 'application/pdf'); // or new CURLFile($path)
    $curl = curl_init(PLATFORM);
    curl_setopt_array($curl, [CURLOPT_RETURNTRANSFER => true, CURLOPT_TIMEOUT => 30,
        CURLOPT_POSTFIELDS => $fields + [$name => $file]]); // an array; no Content-Type 不要自设
    $answer = curl_exec($curl);
    return $answer === false ? throw new RuntimeException(curl_error($curl)) : $answer;
}

// [endpoint]
function answer_push(callable $keep): void // the script of the endpoint 接收脚本中调用
{
    try {
        $params = open($_POST['param'] ?? ''); // decoded once already 已解码一次
        hash_equals(sign($params, API_SECRET), $params['sign']) or throw new RuntimeException('sign');
        $keep($params); // once only, a push may come again 只处理一次，推送可能重复
        $answer = ['status' => 200];
    } catch (Throwable $wrong) {
        $answer = ['status' => 404, 'data' => '验签失败'];
    }
    header('Content-Type: application/json');
    echo json_encode($answer);
}
