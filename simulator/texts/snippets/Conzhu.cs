// .NET 6, without any package. 需要 .NET 6，无需其他包。
using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;

public static class Conzhu
{
    // From the account letter; the keys are each one line of Base64. 取自开户信，密钥为单行 Base64。
    static readonly Func<string, string> Env = Environment.GetEnvironmentVariable;
    static readonly string Platform = Env("PLATFORM"), BtcId = Env("BTC_ID"),
        InstitutionType = Env("INSTITUTION_TYPE"), ApiKey = Env("API_KEY"), ApiSecret = Env("API_SECRET"),
        RsaPk = Env("RSA_PK"), RsaSk = Env("RSA_SK"), ApiRsaPk = Env("API_RSA_PK");
    static readonly HttpClient Client = new HttpClient();

    // [timestamp]
    public static string Timestamp() // HH, not hh 小时用 HH，不要用 hh
    {
        return DateTime.UtcNow.AddHours(8).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
    }

    // [amount]
    public static string Amount(string number) // decimal, never double 不要用 double
    {
        return decimal.Parse(number, CultureInfo.InvariantCulture)
            .ToString("0.00", CultureInfo.InvariantCulture);
    }

    // [list]
    public static string List(IEnumerable<string> rows) // parameters["files"] = List(rows), then sign 再签名
    {
        return JsonSerializer.Serialize(rows);
    }

    // [plaintext]
    public static byte[] Plaintext(IDictionary<string, string> parameters)
    {
        return Encoding.UTF8.GetBytes(JsonSerializer.Serialize(parameters)); // no Encoding.Default
    }

    // [sign]
    public static string Sign(IDictionary<string, string> parameters, string secret)
    {
        var names = parameters.Keys.Where(name => name != "sign")
            .OrderBy(name => name, StringComparer.Ordinal); // the default compares by culture 默认按区域
        string text = secret + string.Concat(names.Select(name => name + parameters[name])) + secret;
        using (var md5 = MD5.Create())
            return BitConverter.ToString(md5.ComputeHash(Encoding.UTF8.GetBytes(text))).Replace("-", "");
    }

    // [seal]
    public static string Seal(byte[] plain, string publicKey)
    {
        using (var key = RSA.Create())
        using (var sealedBytes = new MemoryStream())
        {
            key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(publicKey), out _);
            int room = key.KeySize / 8 - 11;
            for (int at = 0; at < plain.Length; at += room)
            {
                byte[] piece = plain.Skip(at).Take(room).ToArray();
                byte[] block = key.Encrypt(piece, RSAEncryptionPadding.Pkcs1); // no OaepSHA1
                sealedBytes.Write(block, 0, block.Length);
            }
            return Convert.ToBase64String(sealedBytes.ToArray()); // no InsertLineBreaks
        }
    }

    // [open]
    public static Dictionary<string, string> Open(string param)
    {
        byte[] sealedBytes = Convert.FromBase64String(param);
        using (var key = RSA.Create())
        using (var plain = new MemoryStream())
        {
            key.ImportPkcs8PrivateKey(Convert.FromBase64String(RsaSk), out _);
            int size = key.KeySize / 8;
            for (int at = 0; at < sealedBytes.Length; at += size)
            {
                byte[] block = sealedBytes.Skip(at).Take(size).ToArray();
                byte[] piece = key.Decrypt(block, RSAEncryptionPadding.Pkcs1);
                plain.Write(piece, 0, piece.Length);
            }
            return JsonSerializer.Deserialize<Dictionary<string, string>>(
                Encoding.UTF8.GetString(plain.ToArray()));
        }
    }

    // [hash]
    public static string Hash(byte[] file) // File.ReadAllBytes(path), the very bytes sent 即发送的字节
    {
        using (var sha256 = SHA256.Create())
            return BitConverter.ToString(sha256.ComputeHash(file)).Replace("-", "").ToLowerInvariant();
    }

    // [message]
    public static string Message(string method, IDictionary<string, string> business)
    {
        var parameters = new Dictionary<string, string>(business) // one for both 签名与加密用同一个
        {
            ["method"] = method,
            ["timestamp"] = Timestamp(),
            ["btc_id"] = BtcId,
            ["enter_institution_type"] = InstitutionType,
        };
        parameters["sign"] = Sign(parameters, ApiSecret); // last 最后签名
        return Seal(Plaintext(parameters), RsaPk);
    }

    // [token]
    public static async Task<string> Token()
    {
        var parameters = new Dictionary<string, string>
        {
            ["method"] = "get_access_token", ["api_key"] = ApiKey, ["api_secret"] = ApiSecret,
            ["timestamp"] = Timestamp(),
        };
        parameters["sign"] = Sign(parameters, ApiSecret);
        string param = Seal(Plaintext(parameters), ApiRsaPk); // not RsaPk 不是 RsaPk
        string answer = await Post(new Dictionary<string, string> { ["param"] = param });
        if (!answer.Contains("access_token")) throw new InvalidOperationException(answer); // refused 被拒绝
        using (var read = JsonDocument.Parse(answer)) // keep it for the next calls 请保存
            return read.RootElement.GetProperty("data").GetProperty("access_token").GetString();
    }

    // [form]
    public static async Task<string> Post(IDictionary<string, string> fields) // param, access_token
    {
        var reply = await Client.PostAsync(Platform, new FormUrlEncodedContent(fields));
        return await reply.Content.ReadAsStringAsync();
    }

    // [multipart]
    public static async Task<string> PostFile(IDictionary<string, string> fields, string name, byte[] file)
    {
        var body = new MultipartFormDataContent();
        foreach (var each in fields)
            body.Add(new StringContent(each.Value), each.Key);
        var part = new ByteArrayContent(file);
        part.Headers.ContentType = new MediaTypeHeaderValue("application/pdf");
        body.Add(part, name, "a.pdf");
        var reply = await Client.PostAsync(Platform, body);
        return await reply.Content.ReadAsStringAsync();
    }

    // [endpoint]
    public static void Serve(string prefix, Action<Dictionary<string, string>> keep) // "http://+:8080/"
    {
        var listener = new HttpListener();
        listener.Prefixes.Add(prefix);
        listener.Start();
        while (true)
        {
            var context = listener.GetContext();
            string answer = "{\"status\":200}";
            try
            {
                string form = new StreamReader(context.Request.InputStream).ReadToEnd(); // param=…
                var parameters = Open(WebUtility.UrlDecode(form.Split('=', '&')[1]));
                if (Sign(parameters, ApiSecret) != parameters["sign"]) throw new CryptographicException();
                keep(parameters); // once only, a push may come again 只处理一次，推送可能重复
            }
            catch (Exception)
            {
                answer = "{\"status\":404,\"data\":\"验签失败\"}";
            }
            context.Response.ContentType = "application/json";
            byte[] body = Encoding.UTF8.GetBytes(answer);
            context.Response.OutputStream.Write(body, 0, body.Length);
            context.Response.Close();
        }
    }
}
