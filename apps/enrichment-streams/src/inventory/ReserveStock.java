import java.util.ArrayList;
import java.util.List;

/** Reserves stock for one order line, once, or sends it home, or lets it wait there. */
final class ReserveStock {
    private ReserveStock() {
    }

    static Decision reserveStock(Event requested, Decision.State state) {
        Json line = requested.payload();
        if (Stock.lineIn(state, line) != null) return Decision.skip("already decided");

        String sku = line.text("sku");
        long quantity = line.number("quantity");
        Json bucket = Stock.bucketIn(state, line.text("bucket"));
        long free = bucket.number("free");
        Json queue = bucket.has("queue") ? bucket.object("queue") : Json.of("first", 0, "next", 0);
        boolean nobodyWaits = queue.number("first") == queue.number("next");
        if (nobodyWaits && quantity <= free) {
            Json change = Json.of("sku", sku, "bucket", line.text("bucket"),
                "occurredAt", line.text("occurredAt"));
            return Decision.of(Serve.reserved(line, requested.cause()),
                Serve.withLevel(bucket.with("free", free - quantity), change, requested.cause()));
        }
        if (!line.text("bucket").equals(Buckets.homeBucketOf(sku))) return sentHome(requested);
        List<String> recalls = bucket.list("recalls");
        List<String> others = recalls != null ? recalls : Buckets.otherBucketsOf(sku);
        if (others.isEmpty()) return new Decision(Serve.refused(line, requested.cause(), free));
        return Decision.of(waits(requested, bucket.with("recalls", others), queue),
            recalls != null ? List.of() : recall(requested, others));
    }

    private static Decision sentHome(Event requested) {
        Json line = requested.payload();
        String home = Buckets.homeBucketOf(line.text("sku"));
        return Decision.of(Stock.lineBecomes(line, Json.of("sentTo", home)),
            Event.caused(Topic.INVENTORY, requested.cause(), "StockRequested", home, home,
                line.with("bucket", home)));
    }

    private static List<Decision.Effect> waits(Event requested, Json bucket, Json queue) {
        Json line = requested.payload();
        long next = queue.number("next");
        Json cause = Json.of("id", requested.cause().id(),
            "traceparent", requested.cause().traceparent());
        return List.of(Stock.lineBecomes(line, Json.of("waits", next)),
            new Decision.Put(Stock.waitingKey(line.text("bucket"), next),
                Json.of("line", line, "cause", cause)),
            new Decision.Put(line.text("bucket"),
                bucket.with("queue", queue.with("next", next + 1))));
    }

    private static List<Decision.Effect> recall(Event requested, List<String> others) {
        List<Decision.Effect> recalls = new ArrayList<>();
        for (String bucket : others) {
            recalls.add(Event.caused(Topic.INVENTORY, requested.cause(), "StockRecalled", bucket,
                bucket, Json.of("sku", requested.payload().text("sku"), "bucket", bucket,
                    "occurredAt", requested.payload().text("occurredAt"))));
        }
        return recalls;
    }
}
