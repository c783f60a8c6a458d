import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Whether a side has written what it had to, seen with Kafka's own client, as a reader of committed
 * data: for each input one output in the same partition and in its turn, byte for byte the input
 * with the count of its customer, which is counted here once more; and in the changelog the last
 * count of each customer. Goes on where it stopped, so that what was judged may be deleted.
 */
class Judge {
    private final CommittedReader reader;
    private final String input;
    private final String output;
    private final Map<String, Long> counts = new HashMap<>();
    private final CRC32[] digests = new CRC32[Load.PARTITIONS];
    private long inputs;
    private long outputs;
    private long endings;
    private long wrong;
    private String firstWrong = "";

    Judge(String brokers, String input, String output) {
        reader = new CommittedReader(brokers);
        this.input = input;
        this.output = output;
        Arrays.setAll(digests, p -> new CRC32());
    }

    /**
     * Lines: counts, a digest that is the same for the same outputs, and what is wrong first. The
     * last count is of ends of Kafka transactions in the output: the offsets that hold no record.
     */
    void outputs() {
        for (int p = 0; p < Load.PARTITIONS; p++) judge(p);
        String digest = Arrays.stream(digests).map(one -> Long.toHexString(one.getValue()))
            .collect(Collectors.joining("-"));
        System.out.println("judged " + inputs + " " + outputs + " " + wrong + " " + endings + " "
            + digest);
        if (wrong > 0) System.out.println("first " + firstWrong);
    }

    private void judge(int partition) {
        Deque<byte[]> expected = new ArrayDeque<>();
        reader.read(new TopicPartition(input, partition), record -> {
            inputs++;
            long seen = counts.merge(text(record.key()), 1L, Long::sum);
            expected.add(Load.bytes(",\"seen\":" + seen + "}"));
            expected.add(record.value());
        });
        long before = outputs;
        long offsets = reader.read(new TopicPartition(output, partition), record -> {
            outputs++;
            digests[partition].update(record.value());
            byte[] tail = expected.poll();
            byte[] head = expected.poll();
            if (tail == null || !isBoth(record.value(), head, tail)) isWrong(record, head, tail);
        });
        endings += offsets - (outputs - before);
        if (expected.isEmpty()) return;
        wrong += expected.size() / 2;
        if (firstWrong.isEmpty()) firstWrong = "partition " + partition + " lacks outputs";
    }

    /** The input without its last brace, and the tail. */
    private static boolean isBoth(byte[] value, byte[] head, byte[] tail) {
        int cut = head.length - 1;
        return value.length == cut + tail.length && Arrays.equals(value, 0, cut, head, 0, cut)
            && Arrays.equals(value, cut, value.length, tail, 0, tail.length);
    }

    private void isWrong(ConsumerRecord<byte[], byte[]> record, byte[] head, byte[] tail) {
        wrong++;
        if (!firstWrong.isEmpty()) return;
        String due = tail == null ? "nothing" : text(head) + " with " + text(tail);
        firstWrong = "partition " + record.partition() + " offset " + record.offset() + ": "
            + text(record.value()) + " instead of " + due;
    }

    /** Lines: keys in the changelog, customers that were counted, and how many of them differ. */
    void state(String changelog) {
        Map<String, String> last = new HashMap<>();
        for (int p = 0; p < Load.PARTITIONS; p++) {
            TopicPartition partition = new TopicPartition(changelog, p);
            reader.fromStart(partition);
            reader.read(partition, record -> last.put(text(record.key()), text(record.value())));
        }
        long differ = counts.entrySet().stream()
            .filter(one -> !one.getValue().toString().equals(last.get(one.getKey()))).count();
        System.out.println("state " + last.size() + " " + counts.size() + " " + differ);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
