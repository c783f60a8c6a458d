import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Whether the inventory stage has answered what was asked, and holds it, seen with Kafka's own
 * client as a reader of committed data: for each StockRequested one StockReserved, byte for byte
 * the line that was asked for, and nothing else; in the changelog one row that holds the line's
 * pieces; and in each bucket what was delivered without what was asked. Stock is plentiful, so that
 * a refusal, or a bucket that asks another, is wrong. Goes on where it stopped.
 */
class StockJudge {
    private final ObjectMapper json = new ObjectMapper();
    private final CommittedReader reader;
    private final String input;
    private final String output;
    private final String changelog;
    /** By bucket, since the start. */
    private final Map<String, Long> delivered = new HashMap<>();
    private final Map<String, Long> asked = new HashMap<>();
    private final Map<String, Long> held = new HashMap<>();
    private final Map<String, Long> free = new HashMap<>();
    /** Lines that were asked for since it was last called, and have no answer or no row. */
    private final Map<String, String> unanswered = new HashMap<>();
    private final Map<String, Long> unheld = new HashMap<>();
    private final long[] requests = new long[Load.PARTITIONS];
    private long reserved;
    private long wrong;
    private String firstWrong = "";

    StockJudge(String brokers, String input, String output, String changelog) {
        reader = new CommittedReader(brokers);
        this.input = input;
        this.output = output;
        this.changelog = changelog;
    }

    /** Lines, of what is new: requests, answers and faults; requests by partition; a fault. */
    void judge() {
        Arrays.fill(requests, 0);
        reserved = 0;
        wrong = 0;
        firstWrong = "";
        each(input, this::ask);
        each(output, this::answer);
        each(changelog, this::row);
        unanswered.forEach((line, value) -> isWrong(line + " has no answer"));
        unheld.forEach((line, pieces) -> isWrong(line + " has no row"));
        unanswered.clear();
        unheld.clear();
        asked.forEach(this::balance);
        System.out.println("judged " + Arrays.stream(requests).sum() + " " + reserved + " "
            + wrong);
        System.out.println("requests " + Arrays.stream(requests).mapToObj(Long::toString)
            .collect(Collectors.joining(" ")));
        if (wrong > 0) System.out.println("first " + firstWrong);
    }

    private void each(String topic, Consumer<ConsumerRecord<byte[], byte[]>> to) {
        for (int p = 0; p < Load.PARTITIONS; p++) reader.read(new TopicPartition(topic, p), to);
    }

    private void ask(ConsumerRecord<byte[], byte[]> record) {
        JsonNode event = parsed(record);
        String bucket = event.path("bucket").asText();
        long quantity = event.path("quantity").asLong();
        switch (type(record)) {
            case "StockReceived" -> delivered.merge(bucket, quantity, Long::sum);
            case "StockRequested" -> {
                requests[record.partition()]++;
                asked.merge(bucket, quantity, Long::sum);
                unanswered.put(line(event), text(record.value()));
                unheld.put(bucket + "|" + line(event), quantity);
            }
            default -> isWrong(at(record) + " is a " + type(record));
        }
    }

    private void answer(ConsumerRecord<byte[], byte[]> record) {
        reserved++;
        String answer = text(record.value());
        String request = unanswered.remove(line(parsed(record)));
        if (type(record).equals("StockReserved") && answer.equals(request)) return;
        isWrong(at(record) + " is not the one answer to a request: " + answer);
    }

    /** Of a bucket, of a line or of a delivery. */
    private void row(ConsumerRecord<byte[], byte[]> record) {
        JsonNode row = parsed(record);
        String key = text(record.key());
        if (row.has("free")) free.put(key, row.get("free").asLong());
        else if (!row.has("counted")) {
            long pieces = row.path("held").asLong();
            held.merge(key.substring(0, key.indexOf('|')), pieces, Long::sum);
            Long due = unheld.remove(key);
            if (due == null || due != pieces) isWrong(at(record) + " is a row of " + key);
        }
    }

    private void balance(String bucket, long pieces) {
        long left = delivered.getOrDefault(bucket, 0L) - pieces;
        long holds = held.getOrDefault(bucket, 0L);
        long rests = free.getOrDefault(bucket, 0L);
        if (holds == pieces && rests == left) return;
        isWrong(bucket + " holds " + holds + " of " + pieces + " that were asked for, and "
            + rests + " instead of " + left + " are free");
    }

    private void isWrong(String what) {
        wrong++;
        if (firstWrong.isEmpty()) firstWrong = what;
    }

    private JsonNode parsed(ConsumerRecord<byte[], byte[]> record) {
        try {
            return json.readTree(record.value());
        } catch (IOException error) {
            throw new UncheckedIOException(at(record), error);
        }
    }

    private static String line(JsonNode event) {
        return event.path("orderId").asText() + "/" + event.path("lineNumber").asText();
    }

    private static String type(ConsumerRecord<byte[], byte[]> record) {
        return text(record.headers().lastHeader("type").value());
    }

    private static String at(ConsumerRecord<byte[], byte[]> record) {
        return record.topic() + " partition " + record.partition() + " offset " + record.offset();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
