import java.util.List;

/** How the pieces of a divided product come together again: a bucket answers one recall. */
final class ReturnStock {
    private ReturnStock() {
    }

    static Decision recallStock(Event recalled, Decision.State state) {
        String sku = recalled.payload().text("sku");
        String name = recalled.payload().text("bucket");
        String occurredAt = recalled.payload().text("occurredAt");
        Json bucket = Stock.bucketIn(state, name);
        if (bucket.flag("closed")) return Decision.skip("already recalled");
        Json pieces = Json.of("sku", sku, "from", name, "quantity", bucket.number("free"),
            "occurredAt", occurredAt, "answersRecall", true);
        Json change = Json.of("sku", sku, "bucket", name, "occurredAt", occurredAt);
        return Decision.of(
            Serve.withLevel(Json.of("free", 0, "closed", true), change, recalled.cause()),
            List.of(HandOver.handOver(recalled.cause(), pieces)));
    }

    static Decision takeBack(Event returned, Decision.State state) {
        Json payload = returned.payload();
        String name = payload.text("bucket");
        String note = Stock.countedKey(name, returned);
        if (state.get(note) != null) return Decision.skip("already counted");

        long quantity = payload.number("quantity");
        Json home = Stock.bucketIn(state, name);
        List<String> recalls = home.list("recalls");
        if (recalls != null) {
            recalls = recalls.stream().filter(other ->
                !payload.flag("answersRecall") || !other.equals(payload.text("from"))).toList();
        }
        Json filled = home.with("free", home.number("free") + quantity).with("recalls", recalls);
        Json change = Json.of("sku", payload.text("sku"), "bucket", name,
            "occurredAt", payload.text("occurredAt"));
        return Decision.of(List.of(new Decision.Put(note, Json.of("returned", quantity))),
            Serve.served(filled, change, returned.cause(), state));
    }
}
