import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.ControlRecordType;
import org.apache.kafka.common.record.FileRecords;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;

/**
 * Writes logs with Kafka's own client, and says what that client and that broker's own classes see
 * in them, a line each:
 *
 *   batch    partition base last producer epoch transactional control records
 *   record   partition offset timestamp checksum of key, value and headers
 *   ending   partition offset commit|abort
 *   visible  partition offset           to a consumer that reads what is committed
 *   stable   partition offset           where such a consumer's view ends
 */
class JavaWitness {
    static final int PARTITIONS = 3;
    static String brokers;

    /** One question a line; after each answer the line that the asker has named. */
    public static void main(String[] args) throws Exception {
        brokers = args[0];
        for (var line : (Iterable<String>) new BufferedReader(new InputStreamReader(System.in))
                .lines()::iterator) {
            String[] words = line.split(" ");
            switch (words[0]) {
                case "interleave" -> interleave(words[1], Long.parseLong(words[2]));
                case "compact" -> compact(words[1]);
                case "repeat" -> repeat(words[1], Integer.parseInt(words[2]), words[3]);
                case "twice" -> twice(words[1]);
                case "pass" -> pass(words[1], words[2], words[3]);
                case "say" -> say(words[1], Path.of(words[2]));
                default -> throw new IllegalArgumentException(line);
            }
            System.out.println(args[1]);
        }
        // Without a word to the broker: what is open stays open.
        Runtime.getRuntime().halt(0);
    }

    /** Several producers at once, in many Kafka transactions of random size, with random ends. */
    static void interleave(String topic, long seed) throws Exception {
        create(topic, Map.of());
        Random random = new Random(seed);
        List<KafkaProducer<byte[], byte[]>> producers = new ArrayList<>();
        for (int i = 0; i < 4; i++) producers.add(transactional(topic + "." + i));
        var plain = new KafkaProducer<byte[], byte[]>(settings(Map.of("compression.type", "gzip")));
        boolean[] open = new boolean[producers.size()];
        for (int step = 0; step < 200; step++) {
            int who = random.nextInt(producers.size() + 1);
            if (who == producers.size()) {
                plain.send(record(topic, random, step)).get();
                continue;
            }
            KafkaProducer<byte[], byte[]> producer = producers.get(who);
            if (!open[who]) producer.beginTransaction();
            open[who] = true;
            int end = random.nextInt(4);
            int records = end < 2 ? 1 + random.nextInt(3) : 0;
            for (int n = 0; n < records; n++) producer.send(record(topic, random, step));
            producer.flush();
            if (end == 2) producer.commitTransaction();
            if (end == 3) producer.abortTransaction();
            if (end >= 2) open[who] = false;
            if (random.nextInt(40) == 0) {
                // A successor under the same name: the epoch rises, what was open is aborted.
                producers.set(who, transactional(topic + "." + who));
                open[who] = false;
            }
        }
        // The last word of each: committed, aborted, open for good.
        for (int who = 0; who < producers.size(); who++) {
            if (!open[who]) producers.get(who).beginTransaction();
            producers.get(who).send(record(topic, random, who)).get();
            if (who == 0) producers.get(who).commitTransaction();
            if (who == 1) producers.get(who).abortTransaction();
        }
        plain.close();
    }

    /** Few keys, many records, segments cut short: most records go, batches stay without them. */
    static void compact(String topic) throws Exception {
        Map<String, String> compacted = Map.of(
            "cleanup.policy", "compact", "min.cleanable.dirty.ratio", "0.01",
            "segment.bytes", "1048576", "segment.ms", "200",
            "delete.retention.ms", "0", "min.compaction.lag.ms", "0");
        create(topic, compacted);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
            var broker = new ConfigResource(ConfigResource.Type.BROKER, "");
            var soon = new ConfigEntry("log.cleaner.backoff.ms", "100");
            var set = List.of(new AlterConfigOp(soon, AlterConfigOp.OpType.SET));
            admin.incrementalAlterConfigs(Map.of(broker, set)).all().get();
        }
        Random random = new Random(7);
        KafkaProducer<byte[], byte[]> producer = transactional(topic + ".writer");
        KafkaProducer<byte[], byte[]> once = transactional(topic + ".once");
        once.beginTransaction();
        for (int p = 0; p < PARTITIONS; p++) {
            once.send(new ProducerRecord<>(topic, p, key(0), key(99))).get();
        }
        once.commitTransaction();
        long before = 0;
        for (int round = 0; round < 200; round++) {
            producer.beginTransaction();
            for (int n = 0; n < 20; n++) {
                int key = random.nextInt(5);
                byte[] value = key == 4 ? null : key(random.nextInt());
                producer.send(new ProducerRecord<>(topic, n % PARTITIONS, key(key), value));
            }
            if (round % 5 == 3) producer.abortTransaction();
            else producer.commitTransaction();
            before += 20;
            Thread.sleep(20);
            if (round > 40 && consumed(topic, "read_uncommitted").size() < before / 4) break;
        }
        producer.close();
        once.close();
    }

    /** Writes a record once more, byte for byte, in a Kafka transaction of its own. */
    static void repeat(String topic, int partition, String offset) throws Exception {
        var from = new TopicPartition(topic, partition);
        var producer = transactional("again");
        try (KafkaConsumer<byte[], byte[]> consumer = consumer("read_committed")) {
            consumer.assign(Set.of(from));
            consumer.seek(from, Long.parseLong(offset));
            var record = consumer.poll(Duration.ofSeconds(20)).iterator().next();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(topic, partition, record.key(), record.value(),
                record.headers())).get();
            producer.commitTransaction();
        }
        producer.close();
    }

    /** One record on which a header stands twice. */
    static void twice(String topic) throws Exception {
        create(topic, Map.of());
        var record = new ProducerRecord<>(topic, 0, key(0), key(0));
        record.headers().add("id", key(1)).add("type", key(2)).add("id", key(3));
        new KafkaProducer<byte[], byte[]>(settings(Map.of())).send(record).get();
    }

    /** Passes over a record in a Kafka transaction that writes nothing else, and is left open. */
    static void pass(String topic, String group, String id) throws Exception {
        var passed = Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(1));
        var producer = transactional(id);
        producer.beginTransaction();
        producer.sendOffsetsToTransaction(passed, new ConsumerGroupMetadata(group));
    }

    static void say(String topic, Path data) throws Exception {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer("read_committed")) {
            Set<TopicPartition> all = partitions(topic, consumer);
            for (var one : all) sayBatches(topic, one.partition(), data);
            for (var record : consumed(topic, "read_committed")) {
                System.out.println("visible " + record.partition() + " " + record.offset());
            }
            consumer.endOffsets(all).forEach((partition, end) ->
                System.out.println("stable " + partition.partition() + " " + end));
        }
    }

    static void sayBatches(String topic, int partition, Path data) throws Exception {
        List<File> segments;
        try (var files = Files.list(data.resolve(topic + "-" + partition))) {
            segments = files.map(Path::toFile).filter(file -> file.getName().endsWith(".log"))
                .sorted().toList();
        }
        for (File segment : segments) {
            for (RecordBatch batch : FileRecords.open(segment, false).batches()) {
                int records = 0;
                for (Record record : batch) {
                    records++;
                    String where = partition + " " + record.offset() + " ";
                    if (batch.isControlBatch()) {
                        var type = ControlRecordType.parse(record.key());
                        System.out.println("ending " + where + type.name().toLowerCase());
                    } else {
                        where += record.timestamp() + " ";
                        System.out.println("record " + where + checksum(record));
                    }
                }
                System.out.println("batch " + partition + " " + batch.baseOffset() + " "
                    + batch.lastOffset() + " " + batch.producerId() + " "
                    + batch.producerEpoch() + " " + batch.isTransactional() + " "
                    + batch.isControlBatch() + " " + records);
            }
        }
    }

    static long checksum(Record record) {
        var crc = new CRC32();
        update(crc, record.hasKey() ? Utils.toArray(record.key()) : null);
        update(crc, record.hasValue() ? Utils.toArray(record.value()) : null);
        for (Header header : record.headers()) {
            update(crc, header.key().getBytes());
            update(crc, header.value());
        }
        return crc.getValue();
    }

    static void update(CRC32 crc, byte[] bytes) {
        crc.update(bytes == null ? 0 : 1);
        if (bytes != null) crc.update(bytes);
    }

    static List<ConsumerRecord<byte[], byte[]>> consumed(String topic, String isolation) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(isolation)) {
            Set<TopicPartition> partitions = partitions(topic, consumer);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    static Set<TopicPartition> partitions(String topic, KafkaConsumer<byte[], byte[]> asked) {
        return asked.partitionsFor(topic).stream()
            .map(one -> new TopicPartition(topic, one.partition())).collect(Collectors.toSet());
    }

    static KafkaConsumer<byte[], byte[]> consumer(String isolation) {
        var bytes = new ByteArrayDeserializer();
        Map<String, Object> settings = Map.of("bootstrap.servers", brokers,
            "isolation.level", isolation, "auto.offset.reset", "earliest",
            "enable.auto.commit", "false");
        return new KafkaConsumer<>(settings, bytes, bytes);
    }

    static ProducerRecord<byte[], byte[]> record(String topic, Random random, int step) {
        byte[] key = random.nextInt(10) == 0 ? null : key(random.nextInt(50));
        byte[] value = random.nextInt(10) == 0 ? null : new byte[random.nextInt(300)];
        if (value != null) Arrays.fill(value, (byte) step);
        var record = new ProducerRecord<>(topic, random.nextInt(PARTITIONS), key, value);
        for (int h = 0; h < random.nextInt(3); h++) record.headers().add("h" + h, key(step));
        return record;
    }

    static byte[] key(int n) {
        return ("k" + n).getBytes();
    }

    static KafkaProducer<byte[], byte[]> transactional(String id) {
        var producer = new KafkaProducer<byte[], byte[]>(settings(Map.of("transactional.id", id)));
        producer.initTransactions();
        return producer;
    }

    static Map<String, Object> settings(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(Map.of("bootstrap.servers", brokers,
            "key.serializer", ByteArraySerializer.class,
            "value.serializer", ByteArraySerializer.class,
            "linger.ms", 0, "transaction.timeout.ms", 600000));
        settings.putAll(more);
        return settings;
    }

    static void create(String topic, Map<String, String> settings) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
            var made = new NewTopic(topic, PARTITIONS, (short) 1).configs(settings);
            admin.createTopics(List.of(made)).all().get();
        }
    }
}
