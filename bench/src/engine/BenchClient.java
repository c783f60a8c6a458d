import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * All that the bench of the engine does beside the sides: topics, load, watching, judging. One
 * question a line, and after each answer a line of its own; with Kafka's own client, so that no
 * side measures itself.
 */
class BenchClient {
    private static final String END = "end of answer";
    private static final long DRAINED_WITHIN_NANOS = 180_000_000_000L;

    private final String brokers;
    private final Admin admin;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Map<String, Judge> judges = new HashMap<>();
    private final Map<String, StockJudge> stockJudges = new HashMap<>();

    public static void main(String[] args) throws Exception {
        BenchClient client = new BenchClient(args[0]);
        for (var line : (Iterable<String>) new BufferedReader(new InputStreamReader(System.in))
                .lines()::iterator) {
            client.answer(line.split(" "));
            System.out.println(END);
        }
        Runtime.getRuntime().halt(0);
    }

    private BenchClient(String brokers) {
        this.brokers = brokers;
        admin = Admin.create(Map.of("bootstrap.servers", brokers));
        producer = Load.producer(brokers, 20);
    }

    private void answer(String[] words) throws Exception {
        switch (words[0]) {
            case "topic" -> topic(words[1], words[2]);
            case "load" -> load(words[1], Long.parseLong(words[2]), number(words[3]),
                number(words[4]));
            case "send" -> send(words[1], Path.of(words[2]));
            case "members" -> members(words[1]);
            case "drained" -> drained(words[1], words[2], words[3]);
            case "delete" -> delete(words[1]);
            case "judge" -> judge(words[1], words[2]).outputs();
            case "state" -> judge(words[1], words[2]).state(words[3]);
            case "stock" -> stock(words[1], words[2], words[3]).judge();
            case "pace" -> Pace.run(new Pace.Order(brokers, words[1], words[2],
                Long.parseLong(words[3]), number(words[4]), number(words[5]), number(words[6]),
                number(words[7]), number(words[8])));
            default -> throw new IllegalArgumentException(words[0]);
        }
    }

    private static int number(String word) {
        return Integer.parseInt(word);
    }

    /** Records that were deleted are gone from the disk at once; a parked copy needs more room. */
    private void topic(String name, String use) throws Exception {
        boolean isParking = use.equals("parked");
        var topic = new NewTopic(name, Load.PARTITIONS, (short) 1).configs(
            Map.of("cleanup.policy", isParking ? "delete" : use, "file.delete.delay.ms", "1000",
                "max.message.bytes", isParking ? "2097152" : "1048576"));
        admin.createTopics(List.of(topic)).all().get();
    }

    private void load(String topic, long first, int count, int customers) {
        for (long n = first; n < first + count; n++) {
            producer.send(Load.order(topic, n, customers, Load.NO_TIME));
        }
        producer.flush();
    }

    /** One record a line: partition, key, value and headers, with tabs between them. */
    private void send(String topic, Path file) throws Exception {
        try (var lines = Files.lines(file)) {
            lines.map(line -> line.split("\t")).forEach(words -> {
                var record = new ProducerRecord<>(topic, number(words[0]), bytes(words[1]),
                    bytes(words[2]));
                Arrays.stream(words).skip(3).map(header -> header.split("=", 2))
                    .forEach(header -> record.headers().add(header[0], bytes(header[1])));
                producer.send(record);
            });
        }
        producer.flush();
    }

    /** Lines: of each static member its id and its partitions. */
    private void members(String group) throws Exception {
        var found = admin.describeConsumerGroups(List.of(group)).describedGroups().get(group).get();
        found.members().forEach(member -> System.out.println("member "
            + member.groupInstanceId().orElse("nobody") + member.assignment().topicPartitions()
                .stream().map(one -> " " + one.partition()).collect(Collectors.joining())));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Until the group has committed all its input and whatever it wrote can be read. */
    private void drained(String group, String input, String output) throws Exception {
        Map<TopicPartition, Long> all = ends(input, IsolationLevel.READ_UNCOMMITTED);
        long giveUpAt = System.nanoTime() + DRAINED_WITHIN_NANOS;
        while (!isCommitted(group, all) || isOpen(output)) {
            if (System.nanoTime() > giveUpAt) throw new IllegalStateException(group + " stands");
            Thread.sleep(10);
        }
    }

    private boolean isOpen(String topic) throws Exception {
        return !ends(topic, IsolationLevel.READ_COMMITTED)
            .equals(ends(topic, IsolationLevel.READ_UNCOMMITTED));
    }

    private boolean isCommitted(String group, Map<TopicPartition, Long> ends) throws Exception {
        var offsets = admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
        return ends.entrySet().stream().allMatch(one -> {
            var committed = offsets.get(one.getKey());
            return committed != null && committed.offset() >= one.getValue();
        });
    }

    private void delete(String topic) throws Exception {
        Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
        ends(topic, IsolationLevel.READ_UNCOMMITTED)
            .forEach((partition, end) -> all.put(partition, RecordsToDelete.beforeOffset(end)));
        admin.deleteRecords(all).all().get();
    }

    private Map<TopicPartition, Long> ends(String topic, IsolationLevel to) throws Exception {
        Map<TopicPartition, OffsetSpec> asked = IntStream.range(0, Load.PARTITIONS)
            .mapToObj(p -> new TopicPartition(topic, p))
            .collect(Collectors.toMap(Function.identity(), p -> OffsetSpec.latest()));
        Map<TopicPartition, Long> ends = new HashMap<>();
        admin.listOffsets(asked, new ListOffsetsOptions(to)).all().get()
            .forEach((partition, found) -> ends.put(partition, found.offset()));
        return ends;
    }

    private Judge judge(String input, String output) {
        return judges.computeIfAbsent(output, name -> new Judge(brokers, input, output));
    }

    private StockJudge stock(String input, String output, String changelog) {
        return stockJudges.computeIfAbsent(output,
            name -> new StockJudge(brokers, input, output, changelog));
    }
}
