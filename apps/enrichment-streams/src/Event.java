import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * An event as handlers see it, how it is read, and how one that follows from it is written: what
 * libs/events/src/codec.ts and apps/enrichment/src/caused-event.ts do.
 *
 * Guarantee: the id of what follows is a function of its cause, its type and its subject, so that
 * who decides again gives it the id of the first time, whichever of the two programs that is.
 */
record Event(Cause cause, String type, String causationId, Json payload) {
    private static final String SCHEMA_VERSION = "1";
    private static final Set<String> READABLE_VERSIONS = Set.of("1");
    private static final String TRACEPARENT = "00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}";
    private static final Map<String, Schema> SCHEMAS = new ConcurrentHashMap<>();

    record Cause(String id, String traceparent) {
    }

    /** The record can never be read, by anybody: it is parked, not tried again. */
    static final class Invalid extends Exception {
        private static final long serialVersionUID = 1;

        Invalid(String reason) {
            super(reason);
        }
    }

    static Event read(Input record, List<String> expected) throws Invalid {
        String id = idIn(record);
        if (id == null) throw new Invalid("header id is missing, or no UUID");
        String type = required(record, "type");
        if (!expected.contains(type)) {
            throw new Invalid("type " + type + " is not one of " + String.join(", ", expected));
        }
        String version = required(record, "schema-version");
        if (!READABLE_VERSIONS.contains(version)) {
            throw new Invalid("schema-version " + version + " is not one of 1");
        }
        if (record.value() == null) throw new Invalid("the value is null");
        List<String> faults = new ArrayList<>();
        Object payload = SCHEMAS.computeIfAbsent(type, Topic::schema)
            .read(json(record.value()), faults);
        if (!faults.isEmpty()) throw new Invalid(type + ": " + String.join("; ", faults));
        String causationId = required(record, "causation-id");
        return new Event(new Cause(id, traceparentIn(record)), type, causationId, (Json) payload);
    }

    /** Null when nothing can be derived from it. */
    static String idIn(Input record) {
        String id = record.header("id");
        return id != null && Ids.isUuid(id) ? id : null;
    }

    /** Empty when there is none, or another text: every event that follows carries it on. */
    static String traceparentIn(Input record) {
        String traceparent = record.header("traceparent");
        boolean isOne = traceparent != null && Schema.matches(traceparent, TRACEPARENT);
        return isOne ? traceparent : "";
    }

    private static String required(Input record, String name) throws Invalid {
        String value = record.header(name);
        if (value != null && !value.isEmpty()) return value;
        throw new Invalid("header " + name + " is missing");
    }

    private static JsonNode json(byte[] value) throws Invalid {
        try {
            return Json.tree(value);
        } catch (JsonProcessingException e) {
            throw new Invalid("the value is not JSON: " + e.getOriginalMessage());
        }
    }

    /** What tells it from siblings of the same type and cause is its subject; mostly nothing. */
    static Decision.Emit caused(Topic topic, Cause cause, String type, String key, String subject,
            Json payload) {
        return write(topic, new Cause(Ids.event(cause.id(), type, subject), cause.traceparent()),
            cause.id(), type, key, payload);
    }

    static Decision.Emit caused(Topic topic, Cause cause, String type, String key, Json payload) {
        return caused(topic, cause, type, key, "", payload);
    }

    /** With an id of the caller's; the partition follows from the key. */
    static Decision.Emit write(Topic topic, Cause self, String causationId, String type,
            String key, Json payload) {
        if (!topic.events().contains(type)) {
            throw new IllegalStateException(type + " does not belong on " + topic.name());
        }
        RecordHeaders headers = new RecordHeaders();
        headers.add("id", utf8(self.id()));
        headers.add("type", utf8(type));
        headers.add("schema-version", utf8(SCHEMA_VERSION));
        headers.add("causation-id", utf8(causationId));
        if (!self.traceparent().isEmpty()) headers.add("traceparent", utf8(self.traceparent()));
        return new Decision.Emit(topic.name(), topic.partitionOf(key), utf8(key), payload.bytes(),
            headers);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
