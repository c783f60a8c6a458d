import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Headers;

/**
 * What a handler returns. It decides and touches nothing; the stage turns the decision into records
 * and rows, which Kafka Streams commits together with the offset that passes the input.
 */
record Decision(List<Effect> effects) {
    sealed interface Effect permits Emit, Put, Remove {
    }

    /** A record to write, its partition always named. */
    record Emit(String topic, int partition, byte[] key, byte[] value, Headers headers)
        implements Effect {
    }

    record Put(String key, Json row) implements Effect {
    }

    record Remove(String key) implements Effect {
    }

    /** What committed Kafka transactions have put, and the decisions before this one. */
    interface State {
        /** Null when there is none. */
        Json get(String key);
    }

    interface Handler {
        Decision decide(Event event, State state);
    }

    static Decision of(Effect... effects) {
        return new Decision(List.of(effects));
    }

    /** These, and then those. */
    static Decision of(List<Effect> effects, List<Effect> more) {
        List<Effect> all = new ArrayList<>(effects);
        all.addAll(more);
        return new Decision(all);
    }

    /** Nothing to do, and why. The offset moves on all the same. */
    static Decision skip(String reason) {
        return new Decision(List.of());
    }
}
