import java.util.ArrayList;
import java.util.List;

/** Who waits is served in order of arrival, and refused when every bucket has handed over. */
final class Serve {
    private Serve() {
    }

    /** The bucket as it is now, after those who wait in it have been served as far as it goes. */
    static List<Decision.Effect> served(Json bucket, Json change, Event.Cause cause,
            Decision.State state) {
        Json queue = bucket.object("queue");
        if (queue == null) return withLevel(bucket, change, cause);

        boolean moreMayCome = bucket.has("recalls") && !bucket.list("recalls").isEmpty();
        List<Decision.Effect> effects = new ArrayList<>();
        long free = bucket.number("free");
        long first = queue.number("first");
        for (; first < queue.number("next"); first++) {
            String place = Stock.waitingKey(change.text("bucket"), first);
            Json waiting = state.get(place);
            Json line = waiting.object("line");
            long quantity = line.number("quantity");
            Json row = Stock.lineIn(state, line);
            boolean hasGivenUp = row == null || !row.has("waits");
            if (!hasGivenUp && quantity > free && moreMayCome) break;
            effects.add(new Decision.Remove(place));
            if (hasGivenUp) continue;
            Json by = waiting.object("cause");
            Event.Cause asked = new Event.Cause(by.text("id"), by.text("traceparent"));
            effects.addAll(quantity > free ? refused(line, asked, free) : reserved(line, asked));
            if (quantity <= free) free -= quantity;
        }
        Json after = bucket.with("free", free).with("queue", queue.with("first", first));
        effects.addAll(withLevel(after, change, cause));
        return effects;
    }

    /** The line has its pieces; whoever calls takes them off the bucket. */
    static List<Decision.Effect> reserved(Json line, Event.Cause cause) {
        return List.of(Stock.lineBecomes(line, Json.of("held", line.number("quantity"))),
            Event.caused(Topic.CHECKS, cause, "StockReserved", line.text("orderId"), line));
    }

    static List<Decision.Effect> refused(Json line, Event.Cause cause, long available) {
        return List.of(Stock.lineBecomes(line, Json.of("settled", "refused")),
            Event.caused(Topic.CHECKS, cause, "StockRefused", line.text("orderId"),
                line.with("available", available)));
    }

    /** What is free in the bucket now: an absolute number, for the shop to show. */
    static List<Decision.Effect> withLevel(Json bucket, Json change, Event.Cause cause) {
        String name = change.text("bucket");
        return List.of(new Decision.Put(name, bucket),
            Event.caused(Topic.LEVELS, cause, "StockLevelChanged", name,
                change.with("available", bucket.number("free"))));
    }
}
