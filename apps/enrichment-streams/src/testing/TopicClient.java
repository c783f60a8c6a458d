import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes and reads records to the byte, with Kafka's own client, for the differential test. A
 * question is a line of JSON, and so is its answer; bytes are in base64.
 *
 *   { "write": [ { topic, partition, key, value, headers: [ [name, value] ] } ] }
 *   { "read": [ topic ] }            what is committed: the same, with offsets
 *   { "committed": [ group ] }       by topic and partition, the offset to be read next
 */
class TopicClient {
    static final ObjectMapper JSON = new ObjectMapper();
    static Map<String, Object> settings;

    public static void main(String[] args) throws Exception {
        settings = Map.of("bootstrap.servers", args[0], "isolation.level", "read_committed",
            "max.request.size", "2097152", "acks", "all", "linger.ms", "5",
            // At an end there is nothing to wait for.
            "fetch.max.wait.ms", "10");
        ByteArraySerializer bytes = new ByteArraySerializer();
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings, bytes, bytes)) {
            for (var line : (Iterable<String>) questions.lines()::iterator) {
                JsonNode question = JSON.readTree(line);
                if (question.has("write")) write(producer, question.get("write"));
                else if (question.has("read")) read(question.get("read"));
                else committed(question.get("committed"));
            }
        }
    }

    static void write(KafkaProducer<byte[], byte[]> producer, JsonNode records) throws Exception {
        List<Future<?>> sent = new ArrayList<>();
        for (JsonNode one : records) {
            var record = new ProducerRecord<>(one.get("topic").textValue(),
                one.get("partition").intValue(), bytes(one.get("key")), bytes(one.get("value")));
            for (JsonNode header : one.get("headers")) {
                record.headers().add(header.get(0).textValue(), bytes(header.get(1)));
            }
            sent.add(producer.send(record));
        }
        producer.flush();
        for (Future<?> one : sent) one.get();
        answer(List.of());
    }

    static byte[] bytes(JsonNode base64) throws Exception {
        return base64.isNull() ? null : base64.binaryValue();
    }

    static void read(JsonNode topics) throws Exception {
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        List<ObjectNode> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings, bytes, bytes)) {
            List<TopicPartition> places = new ArrayList<>();
            for (JsonNode topic : topics) {
                consumer.partitionsFor(topic.textValue()).forEach(partition ->
                    places.add(new TopicPartition(partition.topic(), partition.partition())));
            }
            consumer.assign(places);
            consumer.seekToBeginning(places);
            var ends = consumer.endOffsets(places);
            while (places.stream().anyMatch(one -> consumer.position(one) < ends.get(one))) {
                for (var record : consumer.poll(Duration.ofMillis(100))) records.add(json(record));
            }
        }
        answer(records);
    }

    static ObjectNode json(ConsumerRecord<byte[], byte[]> record) {
        ObjectNode json = JSON.createObjectNode().put("topic", record.topic())
            .put("partition", record.partition()).put("offset", record.offset())
            .put("key", record.key()).put("value", record.value());
        var headers = json.putArray("headers");
        for (Header header : record.headers()) {
            headers.addArray().add(header.key()).add(header.value());
        }
        return json;
    }

    static void committed(JsonNode groups) throws Exception {
        ObjectNode offsets = JSON.createObjectNode();
        try (Admin admin = Admin.create(settings)) {
            for (JsonNode group : groups) {
                admin.listConsumerGroupOffsets(group.textValue())
                    .partitionsToOffsetAndMetadata().get().forEach((place, offset) -> {
                        String name = place.topic() + "/" + place.partition();
                        if (offset != null) offsets.put(name, offset.offset());
                    });
            }
        }
        answer(offsets);
    }

    static void answer(Object value) throws Exception {
        System.out.println(JSON.writeValueAsString(value));
    }
}
