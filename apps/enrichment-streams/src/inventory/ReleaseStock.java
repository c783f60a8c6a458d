import java.util.List;

/** Gives back what an order line holds: the row's quantity, and once. */
final class ReleaseStock {
    private ReleaseStock() {
    }

    static Decision releaseStock(Event release, Decision.State state) {
        Json line = release.payload();
        Json row = Stock.lineIn(state, line);
        Decision.Effect released = Stock.lineBecomes(line, Json.of("settled", "released"));
        if (row == null || row.has("waits")) return Decision.of(released);
        if (!row.has("held")) return Decision.skip("nothing is held");

        long held = row.number("held");
        String sku = line.text("sku");
        String name = line.text("bucket");
        String occurredAt = line.text("occurredAt");
        Json bucket = Stock.bucketIn(state, name);
        if (bucket.flag("closed")) {
            return Decision.of(released, HandOver.handOver(release.cause(),
                Json.of("sku", sku, "from", name, "quantity", held, "occurredAt", occurredAt)));
        }
        return Decision.of(List.of(released),
            Serve.served(bucket.with("free", bucket.number("free") + held),
                Json.of("sku", sku, "bucket", name, "occurredAt", occurredAt),
                release.cause(), state));
    }
}
