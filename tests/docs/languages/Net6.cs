// As much of .NET 6 as the page uses and Mono lacks: reading keys, and System.Text.Json.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Web.Script.Serialization;

/// Stands before System.Security.Cryptography.RSA, whose Import methods Mono refuses.
public sealed class RSA : IDisposable
{
    readonly RSACryptoServiceProvider key = new RSACryptoServiceProvider();

    public static RSA Create() => new RSA();
    public int KeySize => key.KeySize;
    public byte[] Encrypt(byte[] piece, RSAEncryptionPadding padding) => key.Encrypt(piece, padding);
    public byte[] Decrypt(byte[] block, RSAEncryptionPadding padding) => key.Decrypt(block, padding);
    public void Dispose() => key.Dispose();

    public void ImportSubjectPublicKeyInfo(byte[] der, out int read)
    {
        var found = Integers(der, 0, read = der.Length).ToList();
        key.ImportParameters(new RSAParameters { Modulus = found[0], Exponent = found[1] });
    }

    public void ImportPkcs8PrivateKey(byte[] der, out int read)
    {
        var found = Integers(der, 0, read = der.Length).Skip(2).ToList(); // two versions
        int size = found[0].Length;
        Func<byte[], int, byte[]> fill = (number, length) =>
            new byte[length - number.Length].Concat(number).ToArray();
        key.ImportParameters(new RSAParameters
        {
            Modulus = found[0], Exponent = found[1], D = fill(found[2], size),
            P = fill(found[3], size / 2), Q = fill(found[4], size / 2), DP = fill(found[5], size / 2),
            DQ = fill(found[6], size / 2), InverseQ = fill(found[7], size / 2),
        });
    }

    // All INTEGERs of a DER in their order, whatever they are wrapped in.
    static IEnumerable<byte[]> Integers(byte[] der, int from, int to)
    {
        while (from < to)
        {
            int tag = der[from++], length = der[from++];
            if (length > 127)
                for (int more = length & 127, k = length = 0; k < more; k++) length = length << 8 | der[from++];
            if (tag == 2)
                yield return der.Skip(from).Take(length).SkipWhile(each => each == 0).ToArray();
            else if (tag == 0x30 || tag == 3 || tag == 4)
                foreach (var inner in Integers(der, tag == 3 ? from + 1 : from, from + length)) yield return inner;
            from += length;
        }
    }
}

namespace System.Text.Json
{
    public static class JsonSerializer
    {
        public static string Serialize(object value) => new JavaScriptSerializer().Serialize(value);
        public static T Deserialize<T>(string json) => new JavaScriptSerializer().Deserialize<T>(json);
    }

    public class JsonDocument : IDisposable
    {
        public JsonElement RootElement;
        public static JsonDocument Parse(string json) => new JsonDocument
            { RootElement = new JsonElement { Value = new JavaScriptSerializer().DeserializeObject(json) } };
        public void Dispose() { }
    }

    public class JsonElement
    {
        public object Value;
        public JsonElement GetProperty(string name) =>
            new JsonElement { Value = ((IDictionary<string, object>)Value)[name] };
        public string GetString() => (string)Value;
    }
}
