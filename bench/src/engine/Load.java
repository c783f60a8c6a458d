import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Orders of some 300 bytes. What the n-th one is depends on n alone, so that all sides get it. */
class Load {
    static final int PARTITIONS = 4;
    /** Where the time of a record stands in its value: microseconds since 1970, of 16 digits. */
    static final int TIME_AT = "{\"t\":".length();
    static final int TIME_DIGITS = 16;
    /** When nobody measures: the same for all sides. */
    static final long NO_TIME = 1_000_000_000_000_000L;
    private static final String NOTE = "n".repeat(90);

    static ProducerRecord<byte[], byte[]> order(String topic, long n, int customers, long micros) {
        SplittableRandom random = new SplittableRandom(n);
        int customer = random.nextInt(customers);
        String key = "customer-" + customer;
        StringBuilder value = new StringBuilder(360).append("{\"t\":").append(micros);
        value.append(",\"id\":").append(n)
            .append(",\"customer\":\"").append(key)
            .append("\",\"sku\":\"SKU-").append(random.nextInt(100_000))
            .append("\",\"quantity\":").append(1 + random.nextInt(5))
            .append(",\"price\":").append(random.nextInt(100_000))
            .append(",\"currency\":\"EUR\",\"address\":{\"street\":\"Example Street ")
            .append(random.nextInt(999)).append("\",\"city\":\"Springfield\",\"zip\":\"")
            .append(10_000 + random.nextInt(89_999)).append("\",\"country\":\"XX\"},\"note\":\"")
            .append(NOTE).append("\"}");
        // Kafka's own partitioner, which Kafka Streams uses for its outputs, too.
        return new ProducerRecord<>(topic, bytes(key), bytes(value.toString()));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static KafkaProducer<byte[], byte[]> producer(String brokers, int lingerMs) {
        return new KafkaProducer<>(Map.of("bootstrap.servers", brokers, "linger.ms", lingerMs,
            "batch.size", 131_072, "key.serializer", ByteArraySerializer.class,
            "value.serializer", ByteArraySerializer.class));
    }

    private Load() {
    }
}
