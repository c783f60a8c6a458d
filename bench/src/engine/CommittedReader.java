import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads committed data, partition by partition, and goes on where it stopped. */
class CommittedReader {
    /** Behind a fetch at the end of a partition the next one waits, on the same connection. */
    private static final int FETCH_WAIT_MS = 10;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Long> positions = new HashMap<>();

    CommittedReader(String brokers) {
        var bytes = new ByteArrayDeserializer();
        consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", brokers, "isolation.level",
            "read_committed", "enable.auto.commit", "false", "auto.offset.reset", "none",
            "max.poll.records", 10_000, "max.partition.fetch.bytes", 8_388_608,
            "fetch.max.wait.ms", FETCH_WAIT_MS), bytes, bytes);
    }

    /** Returns how many offsets that were. */
    long read(TopicPartition partition, Consumer<ConsumerRecord<byte[], byte[]>> each) {
        Set<TopicPartition> one = Set.of(partition);
        long end = consumer.endOffsets(one).get(partition);
        consumer.assign(one);
        Long position = positions.get(partition);
        if (position == null) consumer.seekToBeginning(one);
        else consumer.seek(partition, position);
        long from = consumer.position(partition);
        while (consumer.position(partition) < end) {
            consumer.poll(Duration.ofMillis(100)).forEach(each);
        }
        positions.put(partition, end);
        return end - from;
    }

    void fromStart(TopicPartition partition) {
        positions.remove(partition);
    }
}
