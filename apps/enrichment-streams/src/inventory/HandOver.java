/** Pieces on their way from a bucket to its home, which counts them when it hears of them. */
final class HandOver {
    private HandOver() {
    }

    static Decision.Emit handOver(Event.Cause cause, Json pieces) {
        String home = Buckets.homeBucketOf(pieces.text("sku"));
        Json returned = Json.of("answersRecall", pieces.flag("answersRecall"));
        for (var member : pieces.members().entrySet()) {
            returned = returned.with(member.getKey(), member.getValue());
        }
        return Event.caused(Topic.INVENTORY, cause, "StockReturned", home, pieces.text("from"),
            returned.with("bucket", home));
    }
}
