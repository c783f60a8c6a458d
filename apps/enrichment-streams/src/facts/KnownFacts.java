import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The way of one order through this service, read from the topics at the time that the order's id
 * names; what is promised says apps/enrichment/src/known-facts.ts.
 */
final class KnownFacts {
    private static final List<Topic> OF_AN_ORDER =
        List.of(Topic.CHECKS, Topic.APPROVED, Topic.REJECTED);
    private static final long BEFORE_MS = 5_000;
    private static final List<Long> AFTERWARDS_MS = List.of(120_000L, 3_600_000L);
    /** A second of a busy day, and a few megabytes. */
    private static final int MOST_RECORDS = 20_000;

    private final Map<String, Object> settings;

    KnownFacts(String brokers) {
        settings = Map.of("bootstrap.servers", brokers, "isolation.level", "read_committed",
            "allow.auto.create.topics", "false", "enable.auto.commit", "false",
            "default.api.timeout.ms", "10000",
            // At the end of the log there is nothing to wait for.
            "fetch.max.wait.ms", "10");
    }

    Json of(String orderId) {
        List<Input> records = List.of();
        for (long afterwardsMs : AFTERWARDS_MS) {
            records = recordsOf(orderId, afterwardsMs);
            if (records.stream().anyMatch(one -> !one.topic().equals(Topic.CHECKS))) break;
        }
        Set<String> told = new HashSet<>();
        List<Json> facts = records.stream().map(record -> factOf(record, told))
            .sorted(Comparator.comparing(fact -> fact.text("at"))).toList();
        return Json.of("service", "enrichment", "facts", facts);
    }

    private List<Input> recordsOf(String orderId, long afterwardsMs) {
        long madeAt = Long.parseLong(orderId.replace("-", "").substring(0, 12), 16);
        Map<TopicPartition, Topic> places = new LinkedHashMap<>();
        for (Topic topic : OF_AN_ORDER) {
            places.put(new TopicPartition(topic.name(), topic.partitionOf(orderId)), topic);
        }
        long from = Math.max(madeAt - BEFORE_MS, 0);
        long until = madeAt + afterwardsMs;
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings, bytes, bytes)) {
            List<Input> found = new ArrayList<>();
            var starts = consumer.offsetsForTimes(places.keySet().stream()
                .collect(Collectors.toMap(Function.identity(), place -> from)));
            places.forEach((place, topic) -> {
                OffsetAndTimestamp start = starts.get(place);
                if (start == null) return;
                for (var record : stretch(consumer, place, start.offset(), until)) {
                    Input input = new Input(topic, record.partition(), record.offset(),
                        record.key(), record.value(), record.headers(), record.timestamp());
                    if (orderId.equals(input.keyText())) found.add(input);
                }
            });
            return found;
        }
    }

    /** Up to the last stable offset, or the first record that is later. */
    private static List<ConsumerRecord<byte[], byte[]>> stretch(
            KafkaConsumer<byte[], byte[]> consumer, TopicPartition place, long from, long until) {
        consumer.assign(List.of(place));
        consumer.seek(place, from);
        long end = consumer.endOffsets(List.of(place)).get(place);
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        while (consumer.position(place) < end) {
            for (var record : consumer.poll(Duration.ofMillis(200))) {
                if (record.timestamp() > until) return found;
                if (record.offset() < end) found.add(record);
                if (found.size() > MOST_RECORDS) {
                    throw new IllegalStateException("more than " + MOST_RECORDS + " records");
                }
            }
        }
        return found;
    }

    private static Json factOf(Input record, Set<String> told) {
        try {
            Json hop = Hop.of(Event.read(record, Hop.EVENTS), record);
            if (told.add(hop.object("details").text("eventId"))) return hop;
            return hop.with("what", "repeat").with("text", "Told again: " + hop.text("text"));
        } catch (Event.Invalid e) {
            return Json.of("at", record.time(), "details", Hop.place(record), "what", "parked",
                "text", "It cannot be read: " + e.getMessage());
        }
    }
}
