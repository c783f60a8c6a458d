import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * An open loop over one hop: records at a steady rate, each counted from the moment it was due to
 * the moment at which it has passed the side and a reader of committed data has it. Both ends are
 * this process, with one clock.
 */
class Pace {
    /** After the last was sent: then somebody stands still. */
    private static final long ARRIVES_WITHIN_NANOS = 90_000_000_000L;
    /** So many waits are told at most, spread evenly over the run. */
    private static final int TOLD = 20_000;

    private final long millisAtStart = System.currentTimeMillis();
    private final long nanosAtStart = System.nanoTime();
    private final List<Integer> waits = new ArrayList<>();
    private final long[] lastArrival = new long[Load.PARTITIONS];
    private final long[] gapFrom = new long[Load.PARTITIONS];
    private final long[] gapUntil = new long[Load.PARTITIONS];
    private long sent;
    private long arrived;
    private volatile boolean ended;

    record Order(String brokers, String input, String output, long first, int customers,
                 int perSecond, int seconds, int warmUpSeconds) {
        long count() {
            return (long) perSecond * (seconds + warmUpSeconds);
        }
    }

    /** Lines: counts, each partition's longest silence (ms since 1970), waits (microseconds). */
    static void run(Order order) throws Exception {
        Pace pace = new Pace();
        try (var consumer = consumer(order.brokers())) {
            Set<TopicPartition> partitions = IntStream.range(0, Load.PARTITIONS)
                .mapToObj(p -> new TopicPartition(order.output(), p)).collect(Collectors.toSet());
            consumer.assign(partitions);
            consumer.seekToEnd(partitions);
            partitions.forEach(consumer::position);
            Thread sending = new Thread(() -> pace.send(order));
            sending.start();
            pace.receive(consumer, order);
            sending.join();
        }
        System.out.println("counted " + pace.sent + " " + pace.arrived);
        for (int p = 0; p < Load.PARTITIONS; p++) {
            System.out.println("silent " + p + " " + pace.millis(pace.gapFrom[p]) + " "
                + pace.millis(pace.gapUntil[p]));
        }
        int every = Math.max(1, pace.waits.size() / TOLD);
        String told = IntStream.range(0, pace.waits.size() / every)
            .mapToObj(i -> pace.waits.get(i * every).toString()).collect(Collectors.joining(" "));
        System.out.println("waited " + told);
    }

    private void send(Order order) {
        long begun = nanosAtStart + 50_000_000L;
        try (KafkaProducer<byte[], byte[]> producer = Load.producer(order.brokers(), 0)) {
            for (long n = 0; n < order.count(); n++) {
                long due = begun + n * 1_000_000_000L / order.perSecond();
                while (System.nanoTime() < due) LockSupport.parkNanos(due - System.nanoTime());
                producer.send(Load.order(order.input(), order.first() + n, order.customers(),
                    micros(due)));
                sent++;
            }
        } finally {
            ended = true;
        }
    }

    private void receive(KafkaConsumer<byte[], byte[]> consumer, Order order) {
        long measuredFrom = micros(nanosAtStart) + order.warmUpSeconds() * 1_000_000L;
        long giveUpAt = Long.MAX_VALUE;
        while (arrived < order.count() && System.nanoTime() < giveUpAt) {
            for (var record : consumer.poll(Duration.ofMillis(100))) arrive(record, measuredFrom);
            if (!ended) continue;
            if (giveUpAt == Long.MAX_VALUE) giveUpAt = System.nanoTime() + ARRIVES_WITHIN_NANOS;
        }
    }

    private void arrive(ConsumerRecord<byte[], byte[]> record, long measuredFrom) {
        long now = System.nanoTime();
        long due = timeOf(record.value());
        if (due >= measuredFrom) waits.add((int) (micros(now) - due));
        int p = record.partition();
        if (lastArrival[p] != 0 && now - lastArrival[p] > gapUntil[p] - gapFrom[p]) {
            gapFrom[p] = lastArrival[p];
            gapUntil[p] = now;
        }
        lastArrival[p] = now;
        arrived++;
    }

    private long millis(long nanos) {
        return millisAtStart + (nanos - nanosAtStart) / 1_000_000;
    }

    private long micros(long nanos) {
        return millisAtStart * 1_000 + (nanos - nanosAtStart) / 1_000;
    }

    private static long timeOf(byte[] value) {
        long time = 0;
        for (int i = 0; i < Load.TIME_DIGITS; i++) time = time * 10 + value[Load.TIME_AT + i] - '0';
        return time;
    }

    private static KafkaConsumer<byte[], byte[]> consumer(String brokers) {
        var bytes = new ByteArrayDeserializer();
        return new KafkaConsumer<>(Map.of("bootstrap.servers", brokers, "isolation.level",
            "read_committed", "enable.auto.commit", "false"), bytes, bytes);
    }
}
