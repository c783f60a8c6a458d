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
 * Records over one hop, each counted from the moment it was due to the moment at which it has
 * passed the side and a reader of committed data has it. Both ends are this process, with one
 * clock. An open loop sends at a steady rate; a closed one (WINDOW above 0) as soon as fewer than
 * WINDOW are on their way, and finds what a side can do while somebody produces and reads.
 */
class Pace {
    /** After the last was sent: then somebody stands still. */
    private static final long ARRIVES_WITHIN_NANOS = 90_000_000_000L;
    /** So many waits are told at most, spread evenly over the run. */
    private static final int TOLD = 20_000;

    /** Short beside what is measured; without it the broker is busy with single records. */
    private static final int LINGER_MS = 1;

    private final long millisAtStart = System.currentTimeMillis();
    private final long nanosAtStart = System.nanoTime();
    private final List<Integer> waits = new ArrayList<>();
    private final long[] lastArrival = new long[Load.PARTITIONS];
    private final long[] gapFrom = new long[Load.PARTITIONS];
    private final long[] gapUntil = new long[Load.PARTITIONS];
    private volatile long sent;
    private volatile long arrived;
    private volatile boolean ended;

    record Order(String brokers, String input, String output, long first, int customers,
                 int perSecond, int seconds, int warmUpSeconds, int window) {
        long count() {
            return window > 0 ? Long.MAX_VALUE : (long) perSecond * (seconds + warmUpSeconds);
        }

        long nanos() {
            return (seconds + warmUpSeconds) * 1_000_000_000L;
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
        try (KafkaProducer<byte[], byte[]> producer = Load.producer(order.brokers(), LINGER_MS)) {
            for (long n = 0; n < order.count(); n++) {
                long due = order.window() > 0 ? whenFew(order.window())
                    : whenDue(begun + n * 1_000_000_000L / order.perSecond());
                if (order.window() > 0 && due - begun > order.nanos()) return;
                producer.send(Load.order(order.input(), order.first() + n, order.customers(),
                    micros(due)));
                sent = n + 1;
            }
        } finally {
            ended = true;
        }
    }

    private static long whenDue(long due) {
        while (System.nanoTime() < due) LockSupport.parkNanos(due - System.nanoTime());
        return due;
    }

    private long whenFew(int window) {
        long givesUpAt = System.nanoTime() + ARRIVES_WITHIN_NANOS;
        while (sent - arrived >= window) {
            if (System.nanoTime() > givesUpAt) throw new IllegalStateException("it stands still");
            LockSupport.parkNanos(200_000L);
        }
        return System.nanoTime();
    }

    private void receive(KafkaConsumer<byte[], byte[]> consumer, Order order) {
        long measuredFrom = micros(nanosAtStart) + order.warmUpSeconds() * 1_000_000L;
        long giveUpAt = Long.MAX_VALUE;
        while (!(ended && arrived >= sent) && System.nanoTime() < giveUpAt) {
            var records = consumer.poll(Duration.ofMillis(100));
            for (var record : records) arrive(record, measuredFrom);
            arrived += records.count();
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
