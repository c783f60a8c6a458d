import java.util.ArrayList;
import java.util.List;

/** Divides an addition from the catalogue among the buckets of the product, to the piece. */
final class AddStock {
    private AddStock() {
    }

    static Decision addStock(Event added) {
        String sku = added.payload().text("sku");
        long quantity = added.payload().number("quantity");
        List<String> others = Buckets.otherBucketsOf(sku);
        long share = quantity / (others.size() + 1);
        List<Decision.Effect> parts = new ArrayList<>();
        // Home gets what cannot be divided, and less than a piece each is all its own.
        parts.add(part(added, Buckets.homeBucketOf(sku), quantity - share * others.size()));
        if (share > 0) others.forEach(bucket -> parts.add(part(added, bucket, share)));
        return new Decision(parts);
    }

    private static Decision.Emit part(Event added, String bucket, long quantity) {
        return Event.caused(Topic.INVENTORY, added.cause(), "StockReceived", bucket, bucket,
            Json.of("sku", added.payload().text("sku"), "bucket", bucket, "quantity", quantity,
                "occurredAt", added.payload().text("occurredAt")));
    }
}
