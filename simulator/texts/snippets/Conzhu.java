// JDK 17; JSON by Jackson. 需要 JDK 17，JSON 使用 Jackson。
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.*;
import java.math.*;
import java.net.*;
import java.net.http.*;
import java.nio.charset.StandardCharsets;
import java.security.*;
import java.security.interfaces.RSAKey;
import java.security.spec.*;
import java.time.*;
import java.time.format.DateTimeFormatter;
import java.util.*;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.crypto.Cipher;

public class Conzhu {
    // From the account letter; the keys are each one line of Base64. 取自开户信，密钥为单行 Base64。
    static final String PLATFORM = System.getenv("PLATFORM"), BTC_ID = System.getenv("BTC_ID"),
        TYPE = System.getenv("INSTITUTION_TYPE"), API_KEY = System.getenv("API_KEY"),
        API_SECRET = System.getenv("API_SECRET"), RSA_PK = System.getenv("RSA_PK"),
        RSA_SK = System.getenv("RSA_SK"), API_RSA_PK = System.getenv("API_RSA_PK");
    static final ObjectMapper JSON = new ObjectMapper();

    // [timestamp]
    static String timestamp() { // HH and yyyy, not hh, YYYY 不要写成 hh、YYYY
        return ZonedDateTime.now(ZoneId.of("Asia/Shanghai"))
            .format(DateTimeFormatter.ofPattern("yyyyMMddHHmmss"));
    }

    // [amount]
    static String amount(String number) { // never a double, nor toString() 不要用 double 或 toString()
        return new BigDecimal(number).setScale(2, RoundingMode.HALF_UP).toPlainString();
    }

    // [list]
    static String list(List<?> rows) throws IOException { // put("files", list(rows)), then sign 再签名
        return JSON.writeValueAsString(rows);
    }

    // [plaintext]
    static byte[] plaintext(Map<String, String> params) throws IOException { // no map.toString()
        return JSON.writeValueAsString(params).getBytes(StandardCharsets.UTF_8);
    }

    // [sign]
    static String sign(Map<String, String> params, String secret) throws Exception {
        StringBuilder base = new StringBuilder(secret);
        new TreeMap<>(params).forEach((name, value) -> { // sorted 已排序
            if (!name.equals("sign")) base.append(name).append(value);
        });
        byte[] digest = MessageDigest.getInstance("MD5")
            .digest(base.append(secret).toString().getBytes(StandardCharsets.UTF_8));
        return String.format("%032X", new BigInteger(1, digest)); // zeros included 保留前导零
    }

    // [seal]
    static String seal(byte[] plain, String publicKey) throws Exception {
        PublicKey key = KeyFactory.getInstance("RSA")
            .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(publicKey)));
        int room = ((RSAKey) key).getModulus().bitLength() / 8 - 11;
        Cipher cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
        cipher.init(Cipher.ENCRYPT_MODE, key);
        ByteArrayOutputStream sealed = new ByteArrayOutputStream(); // bytes, never a String 不要转 String
        for (int at = 0; at < plain.length; at += room)
            sealed.write(cipher.doFinal(plain, at, Math.min(room, plain.length - at)));
        return Base64.getEncoder().encodeToString(sealed.toByteArray()); // no getMimeEncoder()
    }

    // [open]
    static Map<String, String> open(String param) throws Exception {
        PrivateKey key = KeyFactory.getInstance("RSA")
            .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(RSA_SK)));
        int size = ((RSAKey) key).getModulus().bitLength() / 8;
        Cipher cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
        cipher.init(Cipher.DECRYPT_MODE, key);
        byte[] sealed = Base64.getDecoder().decode(param);
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        for (int at = 0; at < sealed.length; at += size)
            plain.write(cipher.doFinal(sealed, at, size));
        Map<String, String> params = new TreeMap<>();
        Map<?, ?> read = JSON.readValue(plain.toByteArray(), Map.class);
        read.forEach((name, value) -> params.put((String) name, value == null ? "" : value.toString()));
        return params;
    }

    // [hash]
    static String hash(byte[] file) throws Exception { // the very bytes that are sent 即发送的字节
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(file);
        return String.format("%064x", new BigInteger(1, digest)); // zeros included 保留前导零
    }

    // [message]
    static String message(String method, Map<String, String> business) throws Exception {
        Map<String, String> params = new TreeMap<>(business); // one map for both 签名与加密用同一个 Map
        params.put("method", method);
        params.put("timestamp", timestamp());
        params.put("btc_id", BTC_ID);
        params.put("enter_institution_type", TYPE);
        params.put("sign", sign(params, API_SECRET)); // last 最后签名
        return seal(plaintext(params), RSA_PK);
    }

    // [token]
    static String token() throws Exception {
        Map<String, String> params = new TreeMap<>(Map.of("method", "get_access_token",
            "api_key", API_KEY, "api_secret", API_SECRET, "timestamp", timestamp()));
        params.put("sign", sign(params, API_SECRET));
        String answer = post(Map.of("param", seal(plaintext(params), API_RSA_PK))); // not RSA_PK
        if (!answer.contains("access_token")) throw new IOException(answer); // refused 被拒绝
        Map<?, ?> data = (Map<?, ?>) JSON.readValue(answer.getBytes("UTF-8"), Map.class).get("data");
        return (String) data.get("access_token"); // keep it for the next calls 请保存，供后续调用使用
    }

    // [form]
    static String post(Map<String, String> fields) throws Exception { // RestTemplate: a MultiValueMap
        String body = fields.entrySet().stream()
            .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
        HttpRequest request = HttpRequest.newBuilder(URI.create(PLATFORM))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(body)).build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    // [multipart]
    static String postFile(Map<String, String> fields, String name, byte[] file) throws Exception {
        // or OkHttp's MultipartBody, Apache's MultipartEntityBuilder 也可用
        String boundary = "----" + UUID.randomUUID(), head = "--" + boundary
            + "\r\nContent-Disposition: form-data; name=\"";
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (Map.Entry<String, String> each : fields.entrySet()) // nothing is URL-encoded 不做 URL 编码
            body.write((head + each.getKey() + "\"\r\n\r\n" + each.getValue() + "\r\n").getBytes("UTF-8"));
        body.write((head + name + "\"; filename=\"a.pdf\"\r\nContent-Type: application/pdf\r\n\r\n")
            .getBytes("UTF-8"));
        body.write(file);
        body.write(("\r\n--" + boundary + "--\r\n").getBytes("UTF-8"));
        HttpRequest request = HttpRequest.newBuilder(URI.create(PLATFORM))
            .header("Content-Type", "multipart/form-data; boundary=" + boundary)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray())).build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    // [endpoint]
    static void serve(int port, Consumer<Map<String, String>> keep) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
        server.createContext("/", exchange -> {
            String answer = "{\"status\":200}";
            try {
                String form = new String(exchange.getRequestBody().readAllBytes(), "UTF-8"); // param=…
                Map<String, String> params = open(URLDecoder.decode(form.split("[=&]")[1], "UTF-8"));
                if (!sign(params, API_SECRET).equals(params.get("sign"))) throw new SignatureException();
                keep.accept(params); // once only, a push may come again 只处理一次，推送可能重复
            } catch (Exception wrong) {
                answer = "{\"status\":404,\"data\":\"验签失败\"}";
            }
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }
}
