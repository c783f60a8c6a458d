import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** What the known facts amount to: a function of the set of facts, not of their order. */
record Outcome(String decided, String decidedAt, Json payload) {
    private static final Json UNREADABLE = reason("check-failed",
        "The order could not be checked; nothing was charged.");
    private static final Json TOO_LATE = reason("check-failed",
        "The order could not be checked in time; nothing was charged.");
    private static final Map<String, String> FRAUD_TEXTS = Map.of(
        "too-many-orders", "Too many orders in a short time. Wait a minute, then order again.",
        "amount-too-large", "The total is above the largest amount we accept.");

    private static Json reason(String code, String text) {
        return Json.of("code", code, "text", text);
    }

    /** Null while answers are missing. */
    static Outcome of(String orderId, Json known) {
        Json order = known.object("order");
        Json fraud = known.object("fraud");
        if (known.has("failed")) return unchecked(orderId, known.object("failed"), order);
        if (order == null || fraud == null || !everyLineAnswered(order, known)) return null;

        List<Json> reasons = new ArrayList<>(stockReasons(order, known));
        if (fraud.has("reason")) {
            reasons.add(reason("fraud", FRAUD_TEXTS.get(fraud.text("reason"))));
        }
        String occurredAt = order.text("occurredAt");
        if (!reasons.isEmpty()) {
            return rejected(orderId, order.text("customerId"), reasons, occurredAt);
        }
        return new Outcome("approved", occurredAt, order.with("fraud",
            Json.of("ordersInWindow", fraud.number("ordersInWindow"))));
    }

    private static Outcome rejected(String orderId, String customerId, List<Json> reasons,
            String occurredAt) {
        return new Outcome("rejected", occurredAt, Json.of("orderId", orderId,
            "customerId", customerId, "reasons", reasons, "occurredAt", occurredAt));
    }

    private static boolean everyLineAnswered(Json order, Json known) {
        return order.<Json>list("lines").stream().allMatch(line -> {
            String number = String.valueOf(line.number("lineNumber"));
            return answer(known, "held", number) != null
                || answer(known, "refused", number) != null;
        });
    }

    private static Json answer(Json known, String answers, String lineNumber) {
        return known.has(answers) ? known.object(answers).object(lineNumber) : null;
    }

    private static Outcome unchecked(String orderId, Json failed, Json order) {
        String customerId = order == null ? null : order.text("customerId");
        String occurredAt = failed.text("occurredAt");
        if (failed.text("stage").equals(OrderChecks.WATCHDOG)) {
            return rejected(orderId, customerId, List.of(TOO_LATE), occurredAt);
        }
        return rejected(orderId, customerId, List.of(UNREADABLE),
            order == null ? occurredAt : order.text("occurredAt"));
    }

    /** In order of line number, and the same words once. */
    private static List<Json> stockReasons(Json order, Json known) {
        return order.<Json>list("lines").stream()
            .sorted(Comparator.comparingLong(line -> line.number("lineNumber")))
            .filter(line -> refusalOf(known, line) != null)
            .map(line -> missingWords(refusalOf(known, line), line.number("quantity")))
            .distinct().map(text -> reason("out-of-stock", text)).toList();
    }

    private static Json refusalOf(Json known, Json line) {
        return answer(known, "refused", String.valueOf(line.number("lineNumber")));
    }

    /** A line is refused whole: what is left may be something, and is less than was asked for. */
    private static String missingWords(Json refused, long quantity) {
        long available = refused.number("available");
        String name = spoken(refused.text("sku"));
        if (available == 0) return name + " is out of stock.";
        String left = available == 1 ? "1 is left" : available + " are left";
        return name + ": you asked for " + quantity + ", " + left + ".";
    }

    /** `espresso-cup` is said "Espresso cup". */
    private static String spoken(String sku) {
        String words = sku.replace('-', ' ');
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }
}
