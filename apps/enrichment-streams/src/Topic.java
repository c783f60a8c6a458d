import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Utils;

/**
 * A topic of the registry, which lies in libs/events. What stands there is exported to
 * contract/events.json, with the schema of every event that this service reads.
 */
record Topic(String name, String key, int partitions, List<String> events) {
    private static final JsonNode CONTRACT = contract();

    static final Topic OUTBOX_ORDER = named("outbox.order");
    static final Topic OUTBOX_CATALOGUE = named("outbox.catalogue");
    static final Topic OUTBOX_PAYMENT = named("outbox.payment");
    static final Topic INVENTORY = named("enrichment.inventory");
    static final Topic FRAUD = named("enrichment.fraud");
    static final Topic CHECKS = named("enrichment.checks");
    static final Topic LEVELS = named("inventory.levels");
    static final Topic APPROVED = named("orders.approved");
    static final Topic REJECTED = named("orders.rejected");

    static Topic named(String name) {
        JsonNode topic = CONTRACT.get("topics").get(name);
        List<String> events = new ArrayList<>();
        topic.get("events").forEach(event -> events.add(event.textValue()));
        return new Topic(name, topic.get("key").textValue(), topic.get("partitions").intValue(),
            events);
    }

    static Schema schema(String event) {
        return new Schema(CONTRACT.get("schemas").get("properties").get(event),
            CONTRACT.get("schemas").get("$defs"));
    }

    int partitionOf(String key) {
        return partitionOf(key, partitions);
    }

    /** Kafka's default partitioner, and libs/events/src/partition.ts. */
    static int partitionOf(String key, int partitions) {
        return Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8))) % partitions;
    }

    private static JsonNode contract() {
        try (InputStream file = Topic.class.getResourceAsStream("/events.json")) {
            if (file == null) throw new IllegalStateException("no events.json on the class path");
            return Json.tree(file.readAllBytes());
        } catch (IOException e) {
            throw new IllegalStateException("events.json", e);
        }
    }
}
