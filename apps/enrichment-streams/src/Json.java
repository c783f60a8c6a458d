import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * A JSON object: what an event says, or a row of a store. Its members keep the order in which they
 * were put and are never changed; `with` and `without` make another one. A member is a String, a
 * Long, a Boolean, a Json or a List of those; one that is put as null is left out.
 *
 * Guarantee: the bytes are those that JSON.stringify makes of the same, so that what is written
 * here and in TypeScript can be compared without being understood.
 */
record Json(Map<String, Object> members) {
    /** As lenient as JSON.parse about what is large, and about nothing else. */
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
        .streamReadConstraints(StreamReadConstraints.builder()
            .maxNestingDepth(Integer.MAX_VALUE).maxNumberLength(Integer.MAX_VALUE)
            .maxNameLength(Integer.MAX_VALUE).maxStringLength(Integer.MAX_VALUE).build())
        .build()).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    static Json of(Object... namesAndValues) {
        Map<String, Object> members = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            put(members, (String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return new Json(Collections.unmodifiableMap(members));
    }

    private static void put(Map<String, Object> members, String name, Object value) {
        if (value instanceof Integer n) members.put(name, n.longValue());
        else if (value != null) members.put(name, value);
    }

    /** A member that is already there keeps its place. */
    Json with(String name, Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(members);
        put(changed, name, value);
        return new Json(Collections.unmodifiableMap(changed));
    }

    Json without(String name) {
        Map<String, Object> changed = new LinkedHashMap<>(members);
        changed.remove(name);
        return new Json(Collections.unmodifiableMap(changed));
    }

    boolean has(String name) {
        return members.containsKey(name);
    }

    String text(String name) {
        return (String) members.get(name);
    }

    long number(String name) {
        return (Long) members.get(name);
    }

    boolean flag(String name) {
        return Boolean.TRUE.equals(members.get(name));
    }

    Json object(String name) {
        return (Json) members.get(name);
    }

    /** Whoever asks knows what the elements are. */
    @SuppressWarnings("unchecked")
    <T> List<T> list(String name) {
        return (List<T>) members.get(name);
    }

    byte[] bytes() {
        StringBuilder text = new StringBuilder();
        write(this, text);
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Any JSON value, for a schema to judge; throws what says why it is none. */
    static JsonNode tree(byte[] bytes) throws JsonProcessingException {
        // As text, which is UTF-8 and nothing else: Jackson would guess at bytes.
        JsonNode tree = MAPPER.readTree(new String(bytes, StandardCharsets.UTF_8));
        if (tree.isMissingNode()) throw new JsonParseException(null, "there is nothing");
        return tree;
    }

    /** A row as `bytes` has written it. */
    static Json read(byte[] bytes) {
        try {
            return (Json) plain(tree(bytes));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a store holds what is not JSON", e);
        }
    }

    private static Object plain(JsonNode node) {
        if (node.isTextual()) return node.textValue();
        if (node.isBoolean()) return node.booleanValue();
        if (node.isIntegralNumber()) return node.longValue();
        if (node.isArray()) {
            return StreamSupport.stream(node.spliterator(), false).map(Json::plain).toList();
        }
        Map<String, Object> members = new LinkedHashMap<>();
        node.properties().forEach(member ->
            members.put(member.getKey(), plain(member.getValue())));
        return new Json(Collections.unmodifiableMap(members));
    }

    private static void write(Object value, StringBuilder text) {
        if (value instanceof Json object) {
            String separator = "{";
            for (var member : object.members().entrySet()) {
                text.append(separator).append(quoted(member.getKey())).append(':');
                write(member.getValue(), text);
                separator = ",";
            }
            text.append(object.members().isEmpty() ? "{}" : "}");
        } else if (value instanceof List<?> list) {
            text.append('[');
            for (int i = 0; i < list.size(); i++) {
                if (i > 0) text.append(',');
                write(list.get(i), text);
            }
            text.append(']');
        } else if (value instanceof String string) {
            text.append(quoted(string));
        } else {
            text.append(value);
        }
    }

    private static String quoted(String string) {
        return string.codePoints().mapToObj(Json::written)
            .collect(Collectors.joining("", "\"", "\""));
    }

    private static String written(int c) {
        int special = "\"\\\b\f\n\r\t".indexOf(c);
        if (special >= 0) return "\\" + "\"\\bfnrt".charAt(special);
        // Half a surrogate pair stands alone here, and UTF-8 has no bytes for it.
        boolean isHalf = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
        return c < ' ' || isHalf ? String.format("\\u%04x", c) : Character.toString(c);
    }
}
