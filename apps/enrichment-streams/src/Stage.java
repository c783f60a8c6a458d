import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The four stages of enrichment, each a consumer group and a Kafka Streams application of its own;
 * apps/enrichment/src/stages.ts shows how they lie to each other.
 */
record Stage(String group, List<Topic> topics, String store, Decision.Handler handler) {
    static final List<Stage> ALL = List.of(
        new Stage("enrichment.split",
            List.of(Topic.OUTBOX_ORDER, Topic.OUTBOX_CATALOGUE, Topic.OUTBOX_PAYMENT), null,
            Stage::split),
        new Stage("enrichment.inventory", List.of(Topic.INVENTORY), "stock", Stage::inventory),
        new Stage("enrichment.fraud", List.of(Topic.FRAUD), "velocity", CheckFraud::checkFraud),
        new Stage("enrichment.checks", List.of(Topic.CHECKS), "checks", JoinChecks::joinChecks));

    private static Decision split(Event event, Decision.State nothing) {
        return switch (event.type()) {
            case "OrderPlaced" -> OpenOrder.openOrder(event);
            case "OrderOverdue" -> ExpireOrder.expireOrder(event);
            case "OrderCancelRequested" ->
                Decision.skip("payment decides what becomes of a wish to cancel");
            case "StockAdded" -> AddStock.addStock(event);
            case "PaymentDeclined", "PaymentCancelled", "PaymentRefunded" ->
                ClosePayment.closePayment(event);
            case "PaymentSucceeded" -> Decision.skip("what is paid stays reserved");
            default -> throw new IllegalStateException("split knows no " + event.type());
        };
    }

    private static Decision inventory(Event event, Decision.State state) {
        return switch (event.type()) {
            case "StockReceived" -> ReceiveStock.receiveStock(event, state);
            case "StockRequested" -> ReserveStock.reserveStock(event, state);
            case "StockReleaseRequested" -> ReleaseStock.releaseStock(event, state);
            case "StockRecalled" -> ReturnStock.recallStock(event, state);
            case "StockReturned" -> ReturnStock.takeBack(event, state);
            default -> throw new IllegalStateException("the stock knows no " + event.type());
        };
    }

    /** What the join calls it. */
    String name() {
        return group.substring(group.indexOf('.') + 1);
    }

    List<String> events() {
        return topics.stream().flatMap(topic -> topic.events().stream()).toList();
    }

    /** Outputs go to topics whose names begin with the prefix, which is mostly "". */
    Topology topology(String prefix, Figures figures) {
        String[] names = topics.stream().map(Topic::name).toArray(String[]::new);
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        // Bytes, so that what cannot be read comes to the stage, which parks it.
        return new Topology()
            .addSource(AutoOffsetReset.earliest(), "in", new RecordTime(), bytes, bytes, names)
            .addProcessor("decide", () -> new StageProcessor(this, figures), "in")
            .addStateStore(storeBuilder(), "decide")
            .<byte[], Decision.Emit>addSink("out",
                (key, output, context) -> prefix + output.topic(),
                new ByteArraySerializer(), (topic, output) -> output.value(),
                (topic, key, output, count) -> Optional.of(Set.of(output.partition())), "decide");
    }

    /**
     * On disk, also where there is nothing to keep: only then does Kafka Streams give a process the
     * same transactional id after each start, so that it settles what the last one left open.
     */
    private StoreBuilder<KeyValueStore<String, Json>> storeBuilder() {
        Serde<Json> rows = Serdes.serdeFrom((topic, row) -> row == null ? null : row.bytes(),
            (topic, bytes) -> bytes == null ? null : Json.read(bytes));
        var builder = Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(storeName()), Serdes.String(), rows);
        return store == null ? builder.withLoggingDisabled() : builder.withLoggingEnabled(Map.of());
    }

    String storeName() {
        return store == null ? "nothing" : store;
    }
}
