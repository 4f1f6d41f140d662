using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

public static class MainProgram
{
    public static void Main(string[] given)
    {
        byte[] pdf = File.ReadAllBytes(given[0]);
        var business = given.Skip(2).Select(pair => pair.Split(new[] { '=' }, 2))
            .ToDictionary(parts => parts[0], parts => parts[1]);
        Console.WriteLine("amount " + Conzhu.Amount("1234.5"));
        Console.WriteLine("list " + Conzhu.List(new[] { "施工", "a/b\"" }));
        business["guarantee_pdf_hash"] = Conzhu.Hash(pdf);
        var fields = new Dictionary<string, string>
        {
            ["access_token"] = Conzhu.Token().Result,
            ["param"] = Conzhu.Message("insurer_push_guarantee", business),
        };
        Console.WriteLine("answer " + Conzhu.PostFile(fields, "guarantee_pdf", pdf).Result);
        Conzhu.Serve("http://127.0.0.1:" + given[1] + "/",
            parameters => Console.WriteLine("push " + parameters["order_no"]));
    }
}
