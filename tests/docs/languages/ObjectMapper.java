package com.fasterxml.jackson.databind;

import java.nio.charset.StandardCharsets;
import java.util.*;
import java.util.regex.*;

/** As much of Jackson as the page uses, so that it is executed without that library. */
public class ObjectMapper {
    private static final Pattern TOKEN =
        Pattern.compile("\\s*(\"(?:[^\"\\\\]|\\\\.)*\"|[\\[\\]{}:,]|[^\\s\\[\\]{}:,\"]+)");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(u[0-9a-fA-F]{4}|.)");
    private Matcher at;
    private String token;

    public String writeValueAsString(Object value) {
        StringJoiner joined;
        if (value instanceof Map<?, ?> map) {
            joined = new StringJoiner(",", "{", "}");
            map.forEach((name, each) -> joined.add(writeValueAsString(name) + ":" + writeValueAsString(each)));
        } else if (value instanceof List<?> list) {
            joined = new StringJoiner(",", "[", "]");
            list.forEach(each -> joined.add(writeValueAsString(each)));
        } else {
            return "\"" + value.toString().replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
        }
        return joined.toString();
    }

    public <T> T readValue(byte[] json, Class<T> kind) {
        at = TOKEN.matcher(new String(json, StandardCharsets.UTF_8));
        next();
        return kind.cast(read());
    }

    private void next() {
        token = at.find() ? at.group(1) : "";
    }

    private Object read() {
        String first = token;
        next();
        if (first.equals("{")) {
            Map<String, Object> map = new LinkedHashMap<>();
            for (; !token.equals("}"); skip(",")) {
                String name = (String) read();
                skip(":");
                map.put(name, read());
            }
            next();
            return map;
        }
        if (first.startsWith("\"")) return ESCAPE.matcher(first.substring(1, first.length() - 1))
            .replaceAll(found -> Matcher.quoteReplacement(unescape(found.group(1))));
        return first.equals("null") ? null : first;
    }

    private void skip(String sign) {
        if (token.equals(sign)) next();
    }

    private static String unescape(String escape) {
        if (escape.length() > 1) return "" + (char) Integer.parseInt(escape.substring(1), 16);
        int place = "nrtbf".indexOf(escape);
        return place < 0 ? escape : "" + "\n\r\t\b\f".charAt(place);
    }
}
