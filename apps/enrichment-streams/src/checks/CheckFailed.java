import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Ends the wait for an answer that cannot come: when a stage parks a record that names its order,
 * the join hears of it in the same Kafka transaction. The record may be broken in any way, so each
 * field is read for itself.
 */
final class CheckFailed {
    /** A parse error may quote the record, which may be a megabyte. */
    private static final int MAX_REASON_CHARS = 500;
    private static final Schema ORDER_ID = Topic.schema("OrderOverdue").member("orderId");
    private static final Schema OCCURRED_AT = Topic.schema("OrderOverdue").member("occurredAt");

    private CheckFailed() {
    }

    static List<Decision.Effect> checkFailed(Input record, String stage, String reason) {
        JsonNode value = parsed(record.value());
        String orderId = orderNamedBy(record, value);
        if (orderId == null) return List.of();

        String coordinates =
            record.topic().name() + "/" + record.partition() + "/" + record.offset();
        String id = Event.idIn(record);
        String occurredAt = member(value, "occurredAt", OCCURRED_AT);
        Event.Cause self = new Event.Cause(Ids.event(orderId, "CheckFailed", coordinates),
            Event.traceparentIn(record));
        return List.of(Event.write(Topic.CHECKS, self, id == null ? orderId : id, "CheckFailed",
            orderId, Json.of("orderId", orderId, "stage", stage,
                "reason", reason.substring(0, Math.min(reason.length(), MAX_REASON_CHARS)),
                "occurredAt", occurredAt == null ? record.time() : occurredAt)));
    }

    private static String orderNamedBy(Input record, JsonNode value) {
        String named = member(value, "orderId", ORDER_ID);
        boolean keyIsOrder = record.topic().key().equals("order id");
        if (named != null || !keyIsOrder) return named;
        return checked(TextNode.valueOf(record.keyText()), ORDER_ID);
    }

    private static String member(JsonNode value, String name, Schema schema) {
        return value == null || !value.isObject() ? null : checked(value.get(name), schema);
    }

    private static String checked(JsonNode value, Schema schema) {
        if (value == null) return null;
        List<String> faults = new ArrayList<>();
        Object read = schema.read(value, faults);
        return faults.isEmpty() ? (String) read : null;
    }

    private static JsonNode parsed(byte[] value) {
        try {
            return value == null ? null : Json.tree(value);
        } catch (JsonProcessingException e) {
            return null;
        }
    }
}
