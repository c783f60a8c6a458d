import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Applies what a stage decides.
 *
 * Guarantee: each input record is decided on, or parked with its coordinates and the cause; it is
 * never dropped in silence and never stops the records behind it. Outputs, rows and the offset that
 * passes the record become visible together: Kafka Streams commits them in one Kafka transaction.
 * Failure story: the process dies in between. The Kafka transaction is aborted, the next owner
 * restores the store from its changelog and decides again, with the same ids.
 * A handler is pure: what it throws it would throw again, so that ends the process, aloud.
 */
final class StageProcessor implements Processor<byte[], byte[], byte[], Decision.Emit> {
    private static final int MAX_REASON_CHARS = 1_000;

    private final Stage stage;
    private final Figures figures;
    private ProcessorContext<byte[], Decision.Emit> context;
    private KeyValueStore<String, Json> rows;

    StageProcessor(Stage stage, Figures figures) {
        this.stage = stage;
        this.figures = figures;
    }

    @Override
    public void init(ProcessorContext<byte[], Decision.Emit> given) {
        context = given;
        rows = given.getStateStore(stage.storeName());
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        RecordMetadata place = context.recordMetadata().orElseThrow();
        Input input = new Input(Topic.named(place.topic()), place.partition(), place.offset(),
            record.key(), record.value(), record.headers(), record.timestamp());
        figures.read();
        decide(input).forEach(this::apply);
    }

    private List<Decision.Effect> decide(Input input) {
        Event event;
        try {
            event = Event.read(input, stage.events());
        } catch (Event.Invalid e) {
            return parked(input, e.getMessage());
        }
        return stage.handler().decide(event, rows::get).effects();
    }

    private List<Decision.Effect> parked(Input input, String reason) {
        String cut = reason.substring(0, Math.min(reason.length(), MAX_REASON_CHARS));
        List<Decision.Effect> effects = new ArrayList<>();
        effects.add(parkedCopy(input, cut));
        effects.addAll(CheckFailed.checkFailed(input, stage.name(), reason));
        return effects;
    }

    private Decision.Emit parkedCopy(Input input, String reason) {
        String topic = input.topic().name();
        // By name: a record that was sent again after it was parked has the old coordinates.
        Map<String, List<byte[]>> named = new LinkedHashMap<>();
        for (Header header : input.headers()) {
            named.computeIfAbsent(header.key(), name -> new ArrayList<>()).add(header.value());
        }
        named.put("dlq-topic", text(topic));
        named.put("dlq-partition", text(input.partition()));
        named.put("dlq-offset", text(input.offset()));
        named.put("dlq-timestamp", text(input.timestamp()));
        named.put("dlq-group", text(stage.group()));
        named.put("dlq-reason", text(reason));
        Headers headers = new RecordHeaders();
        named.forEach((name, values) -> values.forEach(value -> headers.add(name, value)));
        return new Decision.Emit(topic + "." + stage.group() + ".dlq", 0, input.key(),
            input.value(), headers);
    }

    private static List<byte[]> text(Object value) {
        return List.of(Event.utf8(value.toString()));
    }

    private void apply(Decision.Effect effect) {
        if (effect instanceof Decision.Put put) rows.put(put.key(), put.row());
        if (effect instanceof Decision.Remove remove) rows.delete(remove.key());
        if (effect instanceof Decision.Emit output) {
            // Dated by when it was decided: the time of the fact is in the payload.
            context.forward(new Record<>(output.key(), output, context.currentSystemTimeMs(),
                output.headers()));
        }
    }
}
