import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * What JSON Schema says of a value, as far as the events of libs/events need it, and what zod makes
 * of the value there: members in the order of the schema, unknown ones left out.
 *
 * Guarantee: a keyword that is not understood here is refused and not passed over: a new rule of
 * libs/events that this program would not hold to ends it at its start.
 */
final class Schema {
    private static final Set<String> UNDERSTOOD = Set.of("type", "properties", "required",
        "additionalProperties", "items", "minItems", "maxItems", "minLength", "maxLength",
        "pattern", "minimum", "maximum", "enum");
    /** Words about the value, and a format, beside which zod writes the pattern that it means. */
    private static final Set<String> WORDS = Set.of("description", "examples", "format");
    private static final Map<String, Pattern> PATTERNS = new ConcurrentHashMap<>();
    /** Beyond it, a JSON number is no whole number to be relied on. */
    private static final double SAFE = 9_007_199_254_740_991d;

    private final JsonNode schema;
    private final JsonNode named;

    Schema(JsonNode schema, JsonNode named) {
        this.named = named;
        this.schema = resolved(schema);
        understand(this.schema);
    }

    Schema member(String name) {
        return new Schema(schema.get("properties").get(name), named);
    }

    /** The value as handlers get it; not to be used when faults were added to the list. */
    Object read(JsonNode value, List<String> faults) {
        return read(value, schema, new Place("", faults));
    }

    private record Place(String path, List<String> faults) {
        Place at(Object member) {
            return new Place(path.isEmpty() ? member.toString() : path + "." + member, faults);
        }

        Object fault(String expected) {
            faults.add((path.isEmpty() ? "value" : path) + ": expected " + expected);
            return null;
        }
    }

    private Object read(JsonNode value, JsonNode given, Place place) {
        JsonNode rule = resolved(given);
        return switch (rule.get("type").textValue()) {
            case "object" -> object(value, rule, place);
            case "array" -> list(value, rule, place);
            case "string" -> string(value, rule, place);
            case "integer" -> integer(value, rule, place);
            case "boolean" -> value.isBoolean()
                ? (Object) value.booleanValue() : place.fault("true or false");
            default -> throw new IllegalStateException("no rule for " + rule.get("type"));
        };
    }

    private Object object(JsonNode value, JsonNode rule, Place place) {
        if (!value.isObject()) return place.fault("an object");
        Map<String, Object> members = new LinkedHashMap<>();
        rule.get("properties").properties().forEach(member -> {
            String name = member.getKey();
            if (value.has(name)) {
                members.put(name, read(value.get(name), member.getValue(), place.at(name)));
            } else if (isRequired(name, rule)) {
                place.at(name).fault("a value");
            }
        });
        if (rule.has("additionalProperties")) {
            value.fieldNames().forEachRemaining(name -> {
                if (!rule.get("properties").has(name)) place.at(name).fault("no such member");
            });
        }
        return new Json(Collections.unmodifiableMap(members));
    }

    private static boolean isRequired(String name, JsonNode rule) {
        for (JsonNode required : rule.path("required")) {
            if (required.textValue().equals(name)) return true;
        }
        return false;
    }

    private Object list(JsonNode value, JsonNode rule, Place place) {
        if (!value.isArray()) return place.fault("a list");
        if (value.size() < least(rule, "minItems") || value.size() > most(rule, "maxItems")) {
            return place.fault("another number of elements");
        }
        List<Object> elements = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
            elements.add(read(value.get(i), rule.get("items"), place.at(i)));
        }
        return elements;
    }

    private static Object string(JsonNode value, JsonNode rule, Place place) {
        if (!value.isTextual()) return place.fault("a text");
        String text = value.textValue();
        int length = text.codePointCount(0, text.length());
        if (length < least(rule, "minLength") || length > most(rule, "maxLength")) {
            return place.fault("another length");
        }
        if (rule.has("pattern") && !matches(text, rule.get("pattern").textValue())) {
            return place.fault("a text of another form");
        }
        if (!rule.has("enum")) return text;
        for (JsonNode one : rule.get("enum")) {
            if (one.textValue().equals(text)) return text;
        }
        return place.fault("one of " + rule.get("enum"));
    }

    static boolean matches(String text, String pattern) {
        return PATTERNS.computeIfAbsent(pattern, Pattern::compile).matcher(text).matches();
    }

    /** As JSON.parse reads it: 2.0 is 2, and what is too long for a double is rounded. */
    private static Object integer(JsonNode value, JsonNode rule, Place place) {
        double number = value.isNumber() ? value.doubleValue() : Double.NaN;
        if (number != Math.rint(number) || Math.abs(number) > SAFE) {
            return place.fault("a whole number");
        }
        boolean isInRange = number >= least(rule, "minimum") && number <= most(rule, "maximum");
        return isInRange ? (Object) (long) number : place.fault("another number");
    }

    private static double least(JsonNode rule, String keyword) {
        return rule.path(keyword).asDouble(-SAFE);
    }

    private static double most(JsonNode rule, String keyword) {
        return rule.path(keyword).asDouble(SAFE);
    }

    private JsonNode resolved(JsonNode rule) {
        if (!rule.has("$ref")) return rule;
        return named.get(rule.get("$ref").textValue().replace("#/$defs/", ""));
    }

    private void understand(JsonNode rule) {
        rule.fieldNames().forEachRemaining(keyword -> {
            boolean isHarmless = WORDS.contains(keyword)
                && (!keyword.equals("format") || rule.has("pattern"));
            if (!UNDERSTOOD.contains(keyword) && !isHarmless) {
                throw new IllegalStateException("events.json: no rule for " + keyword);
            }
        });
        rule.path("properties").forEach(member -> understand(resolved(member)));
        if (rule.has("items")) understand(resolved(rule.get("items")));
    }
}
