import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/**
 * What libs/eos/src/testing/measured-worker.ts does, in Kafka Streams: counts the records of each
 * customer in a store with a changelog, and writes each record anew, with the count.
 *
 * StreamsSide BROKERS GROUP INPUT OUTPUT STATE_DIR COMMIT_INTERVAL_MS STORE(memory|rocksdb)
 *
 * A static member with the session of ours, so that it need not wait for its predecessor's session
 * either; everything else is as Kafka Streams comes: one thread, Kafka transactions of 10 s.
 */
class StreamsSide {
    static final String STORE = "counts";

    public static void main(String[] args) {
        Topology topology = topology(args[2], args[3], args[6]);
        KafkaStreams streams = new KafkaStreams(topology, settings(args));
        streams.setStateListener((state, before) -> {
            if (state == KafkaStreams.State.RUNNING) System.out.println("ready");
        });
        streams.setGlobalStateRestoreListener(new Restored());
        Runtime.getRuntime().addShutdownHook(
            new Thread(() -> streams.close(Duration.ofSeconds(5))));
        streams.start();
    }

    static Topology topology(String input, String output, String kind) {
        var supplier = kind.equals("rocksdb")
            ? Stores.persistentKeyValueStore(STORE) : Stores.inMemoryKeyValueStore(STORE);
        // The count as text: then both changelogs hold the same bytes.
        var counts = Stores.keyValueStoreBuilder(supplier, Serdes.String(), Serdes.String())
            .withLoggingEnabled(Map.of());
        return new Topology()
            .addSource("in", new StringDeserializer(), new ByteArrayDeserializer(), input)
            .addProcessor("count", Counting::new, "in")
            .addStateStore(counts, "count")
            .addSink("out", output, new StringSerializer(), new ByteArraySerializer(), "count");
    }

    static Properties settings(String[] args) {
        Properties settings = new Properties();
        settings.putAll(Map.of(
            "bootstrap.servers", args[0], "application.id", args[1], "state.dir", args[4],
            "commit.interval.ms", args[5], "processing.guarantee", "exactly_once_v2",
            "main.consumer.group.instance.id", args[1] + "-0",
            "main.consumer.session.timeout.ms", "15000",
            "main.consumer.auto.offset.reset", "earliest"));
        return settings;
    }

    static class Counting implements Processor<String, byte[], String, byte[]> {
        private final ObjectMapper json = new ObjectMapper();
        private ProcessorContext<String, byte[]> context;
        private KeyValueStore<String, String> counts;

        @Override
        public void init(ProcessorContext<String, byte[]> given) {
            context = given;
            counts = given.getStateStore(STORE);
        }

        @Override
        public void process(Record<String, byte[]> record) {
            try {
                ObjectNode order = (ObjectNode) json.readTree(record.value());
                String customer = order.get("customer").asText();
                String before = counts.get(customer);
                long seen = before == null ? 1 : Long.parseLong(before) + 1;
                counts.put(customer, Long.toString(seen));
                order.put("seen", seen);
                context.forward(record.withValue(json.writeValueAsBytes(order)));
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    /** Since the first store began: they are restored side by side. */
    static class Restored implements StateRestoreListener {
        private long began;

        @Override
        public synchronized void onRestoreStart(TopicPartition p, String store, long a, long b) {
            if (began == 0) began = System.nanoTime();
        }

        @Override
        public void onBatchRestored(TopicPartition p, String store, long end, long count) {
        }

        @Override
        public synchronized void onRestoreEnd(TopicPartition p, String store, long total) {
            long ms = (System.nanoTime() - began) / 1_000_000;
            System.out.println("restored " + p + ": " + total + " records, after " + ms + " ms");
        }
    }
}
