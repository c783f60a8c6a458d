import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Many small Kafka transactions, and which of them are open: Kafka's own client, nothing else.
 *
 * load BROKER TOPIC: makes the topic; 24 producers commit one record to each of two partitions,
 * over and over, until the process is killed. Every 100 ms it says how many commits were answered.
 * begin BROKER TOPIC: one record in a Kafka transaction that nobody will end for a minute.
 * open BROKER TOPIC: a line for each producer that a partition of the topic waits for.
 */
public class SmallTransactions {
  private static final int PARTITIONS = 6;
  private static final int PRODUCERS = 24;
  private static final int SAYS_EVERY_MS = 100;
  private static final byte[] VALUE = new byte[20];

  public static void main(String[] args) throws Exception {
    String broker = args[1];
    String topic = args[2];
    switch (args[0]) {
      case "load" -> load(broker, topic);
      case "begin" -> begin(broker, topic);
      case "open" -> open(broker, topic);
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private static void load(String broker, String topic) throws Exception {
    make(broker, topic);
    AtomicLong commits = new AtomicLong();
    for (int n = 0; n < PRODUCERS; n++) {
      int first = n % PARTITIONS;
      KafkaProducer<byte[], byte[]> producer = producer(broker, topic + "-" + n, 5_000);
      Thread thread = new Thread(() -> {
        producer.initTransactions();
        while (true) {
          producer.beginTransaction();
          producer.send(new ProducerRecord<>(topic, first, null, VALUE));
          producer.send(new ProducerRecord<>(topic, (first + 1) % PARTITIONS, null, VALUE));
          producer.commitTransaction();
          commits.incrementAndGet();
        }
      });
      thread.setDaemon(true);
      thread.start();
    }
    while (true) {
      System.out.println(commits.get());
      Thread.sleep(SAYS_EVERY_MS);
    }
  }

  private static void begin(String broker, String topic) throws Exception {
    make(broker, topic);
    try (KafkaProducer<byte[], byte[]> producer = producer(broker, topic + "-begun", 60_000)) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(topic, 0, null, VALUE)).get();
      // Closed in order, it would abort; a process that is gone does not.
      Runtime.getRuntime().halt(0);
    }
  }

  private static void open(String broker, String topic) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker))) {
      Set<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
          .mapToObj(partition -> new TopicPartition(topic, partition))
          .collect(Collectors.toSet());
      Map<Long, String> states = admin.listTransactions().all().get().stream()
          .collect(Collectors.toMap(one -> one.producerId(), one -> one.state().toString()));
      admin.describeProducers(partitions).all().get().forEach((partition, described) ->
          described.activeProducers().stream()
              .filter(one -> one.currentTransactionStartOffset().isPresent())
              .forEach(one -> System.out.printf(
                  "%s waits from offset %d for producer %d of epoch %d; its coordinator: %s%n",
                  partition, one.currentTransactionStartOffset().getAsLong(), one.producerId(),
                  one.producerEpoch(), states.get(one.producerId()))));
    }
  }

  private static void make(String broker, String topic) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker))) {
      admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1))).all().get();
    }
  }

  private static KafkaProducer<byte[], byte[]> producer(String broker, String id, int timeoutMs) {
    return new KafkaProducer<>(Map.of(
        "bootstrap.servers", broker,
        "transactional.id", id,
        "transaction.timeout.ms", timeoutMs,
        "key.serializer", ByteArraySerializer.class,
        "value.serializer", ByteArraySerializer.class));
  }
}
