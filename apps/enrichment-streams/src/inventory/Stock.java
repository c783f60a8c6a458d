/**
 * The rows of the store `stock`; what they mean says apps/enrichment/src/inventory/stock.ts.
 *
 *   bucket                      free, closed, recalls, queue
 *   bucket|order id/line        held, settled, sentTo or waits
 *   bucket|event id             counted or returned
 *   bucket#number               line and cause of who waits at home
 */
final class Stock {
    private Stock() {
    }

    private static String lineKey(Json line) {
        return line.text("bucket") + "|" + line.text("orderId") + "/" + line.number("lineNumber");
    }

    static String countedKey(String bucket, Event counted) {
        return bucket + "|" + counted.cause().id();
    }

    static String waitingKey(String bucket, long number) {
        return bucket + "#" + number;
    }

    /** One that was never filled is empty: an order may ask before the first delivery. */
    static Json bucketIn(Decision.State state, String name) {
        Json row = state.get(name);
        return row != null && row.has("free") ? row : Json.of("free", 0);
    }

    static Json lineIn(Decision.State state, Json line) {
        return state.get(lineKey(line));
    }

    static Decision.Put lineBecomes(Json line, Json row) {
        return new Decision.Put(lineKey(line), row);
    }
}
