import java.util.ArrayList;
import java.util.List;

/** Splits a placed order into the questions that others answer; all become visible together. */
final class OpenOrder {
    private OpenOrder() {
    }

    static Decision openOrder(Event placed) {
        Json order = placed.payload();
        String orderId = order.text("orderId");
        String customerId = order.text("customerId");
        String occurredAt = order.text("occurredAt");
        List<Decision.Effect> effects = new ArrayList<>();
        effects.add(Event.caused(Topic.CHECKS, placed.cause(), "OrderOpened", orderId, order));
        for (Json line : order.<Json>list("lines")) {
            String sku = line.text("sku");
            long lineNumber = line.number("lineNumber");
            String bucket = Buckets.bucketOf(sku, orderId);
            effects.add(Event.caused(Topic.INVENTORY, placed.cause(), "StockRequested", bucket,
                String.valueOf(lineNumber),
                Json.of("orderId", orderId, "lineNumber", lineNumber, "sku", sku, "bucket", bucket,
                    "quantity", line.number("quantity"), "occurredAt", occurredAt)));
        }
        effects.add(Event.caused(Topic.FRAUD, placed.cause(), "FraudCheckRequested", customerId,
            Json.of("orderId", orderId, "customerId", customerId, "total", order.object("total"),
                "occurredAt", occurredAt)));
        return new Decision(effects);
    }
}
