import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/**
 * What the Kafka transactions of a stage have come to in this life of the process, as
 * libs/nest-service tells it of the TypeScript services. Kafka Streams counts neither, so its
 * producer is counted here. One thread changes a stage's figures, others read them.
 */
final class Figures implements KafkaClientSupplier {
    private final String group;
    private final Map<String, Long> ended = new TreeMap<>(
        Map.of("committed", 0L, "aborted", 0L, "fenced", 0L, "unknown", 0L));
    private long openSince;
    private boolean isOpen;
    private long readSinceCommit;
    private long readInCommitted;

    Figures(String group) {
        this.group = group;
    }

    synchronized void read() {
        readSinceCommit++;
    }

    private synchronized void began() {
        isOpen = true;
        openSince = System.nanoTime();
    }

    private synchronized void ended(String outcome) {
        isOpen = false;
        ended.merge(outcome, 1L, Long::sum);
        if (outcome.equals("committed")) readInCommitted += readSinceCommit;
        readSinceCommit = 0;
    }

    /** In the text format that Prometheus reads. */
    static String text(List<Figures> all) {
        return family("kafka_transactions_total counter", "Kafka transactions by how they ended.",
            all.stream().map(Figures::endings).collect(Collectors.joining()))
            + gauge("kafka_transactions_open", "Kafka transactions that have not ended yet.", all,
                one -> one.isOpen ? 1 : 0)
            + gauge("kafka_transaction_oldest_open_seconds", "Age of the oldest of them.", all,
                one -> one.isOpen ? (System.nanoTime() - one.openSince) / 1e9 : 0)
            + family("kafka_transaction_records summary", "Records read in committed ones.",
                all.stream().map(Figures::records).collect(Collectors.joining()));
    }

    private synchronized String endings() {
        return ended.entrySet().stream().map(one -> "kafka_transactions_total{group=\"" + group
            + "\",outcome=\"" + one.getKey() + "\"} " + one.getValue() + "\n")
            .collect(Collectors.joining());
    }

    private synchronized String records() {
        String label = "{group=\"" + group + "\"} ";
        return "kafka_transaction_records_sum" + label + readInCommitted
            + "\nkafka_transaction_records_count" + label + ended.get("committed") + "\n";
    }

    private static String gauge(String name, String help, List<Figures> all,
            ToDoubleFunction<Figures> value) {
        return family(name + " gauge", help, all.stream().map(one -> {
            synchronized (one) {
                return name + "{group=\"" + one.group + "\"} " + value.applyAsDouble(one) + "\n";
            }
        }).collect(Collectors.joining()));
    }

    private static String family(String nameAndType, String help, String samples) {
        String name = nameAndType.substring(0, nameAndType.indexOf(' '));
        return "# HELP " + name + " " + help + "\n# TYPE " + nameAndType + "\n" + samples;
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> settings) {
        ByteArraySerializer bytes = new ByteArraySerializer();
        return new KafkaProducer<>(settings, bytes, bytes) {
            @Override
            public void beginTransaction() {
                super.beginTransaction();
                began();
            }

            @Override
            public void commitTransaction() {
                try {
                    super.commitTransaction();
                    ended("committed");
                } catch (ProducerFencedException | InvalidProducerEpochException e) {
                    ended("fenced");
                    throw e;
                } catch (RuntimeException e) {
                    ended("unknown");
                    throw e;
                }
            }

            @Override
            public void abortTransaction() {
                super.abortTransaction();
                ended("aborted");
            }
        };
    }

    @Override
    public Admin getAdmin(Map<String, Object> settings) {
        return Admin.create(settings);
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> settings) {
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        return new KafkaConsumer<>(settings, bytes, bytes);
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> settings) {
        return getConsumer(settings);
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> settings) {
        return getConsumer(settings);
    }
}
