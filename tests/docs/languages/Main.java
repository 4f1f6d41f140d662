import java.nio.file.*;
import java.util.*;

public class Main {
    public static void main(String[] given) throws Exception {
        byte[] pdf = Files.readAllBytes(Path.of(given[0]));
        Map<String, String> business = new HashMap<>();
        for (String pair : Arrays.asList(given).subList(2, given.length)) {
            String[] parts = pair.split("=", 2);
            business.put(parts[0], parts[1]);
        }
        System.out.println("amount " + Conzhu.amount("1234.5"));
        System.out.println("list " + Conzhu.list(List.of("施工", "a/b\"")));
        business.put("guarantee_pdf_hash", Conzhu.hash(pdf));
        Map<String, String> fields = Map.of("access_token", Conzhu.token(),
            "param", Conzhu.message("insurer_push_guarantee", business));
        System.out.println("answer " + Conzhu.postFile(fields, "guarantee_pdf", pdf));
        Conzhu.serve(Integer.parseInt(given[1]),
            params -> System.out.println("push " + params.get("order_no")));
    }
}
