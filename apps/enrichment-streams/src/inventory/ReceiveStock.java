import java.util.List;

/** Counts a delivery, once, whatever is redelivered. */
final class ReceiveStock {
    private ReceiveStock() {
    }

    static Decision receiveStock(Event received, Decision.State state) {
        Json payload = received.payload();
        String name = payload.text("bucket");
        long quantity = payload.number("quantity");
        String delivery = Stock.countedKey(name, received);
        if (state.get(delivery) != null) return Decision.skip("already counted");

        Decision.Effect counted = new Decision.Put(delivery, Json.of("counted", quantity));
        Json what = payload.without("bucket").without("quantity");
        Json bucket = Stock.bucketIn(state, name);
        if (bucket.flag("closed")) {
            return Decision.of(counted, HandOver.handOver(received.cause(),
                what.with("from", name).with("quantity", quantity)));
        }
        return Decision.of(List.of(counted),
            Serve.served(bucket.with("free", bucket.number("free") + quantity),
                what.with("bucket", name), received.cause(), state));
    }
}
