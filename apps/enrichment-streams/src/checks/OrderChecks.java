import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * What is known of one order: facts, each once, in any order of arrival. The row of the store
 * `checks` has the members order, fraud, refused, failed until the decision; held, released,
 * decided, decidedAt and closedAt stay. Why: apps/enrichment/src/checks/order-checks.ts.
 */
final class OrderChecks {
    static final String WATCHDOG = "watchdog";

    private OrderChecks() {
    }

    /** The same object when the fact says nothing new: the first word on a question stands. */
    static Json learn(Json known, Event fact) {
        Json payload = fact.payload();
        if (fact.type().equals("StockReserved")) return withReservation(known, payload);
        if (fact.type().equals("PaymentClosed")) {
            return once(known, "closedAt", payload.text("occurredAt"));
        }
        if (known.has("decided")) return known;

        return switch (fact.type()) {
            case "OrderOpened" -> once(known, "order", payload);
            case "StockRefused" -> withRefusal(known, payload);
            case "FraudCleared", "FraudRefused" -> once(known, "fraud", Json.of(
                "ordersInWindow", payload.number("ordersInWindow"),
                "reason", payload.text("reason")));
            case "CheckFailed" -> once(known, "failed", Json.of(
                "stage", payload.text("stage"), "occurredAt", payload.text("occurredAt")));
            default -> throw new IllegalStateException("no fact for the join: " + fact.type());
        };
    }

    private static Json once(Json known, String name, Object value) {
        return known.has(name) ? known : known.with(name, value);
    }

    private static Json withReservation(Json known, Json line) {
        Json held = known.has("held") ? known.object("held") : Json.of();
        long number = line.number("lineNumber");
        boolean isReleased = known.has("released") && known.<Long>list("released").contains(number);
        if (held.has(String.valueOf(number)) || isReleased) return known;
        return known.with("held", withLine(held, number, Json.of("sku", line.text("sku"),
            "bucket", line.text("bucket"), "quantity", line.number("quantity"))));
    }

    private static Json withRefusal(Json known, Json line) {
        Json refused = known.has("refused") ? known.object("refused") : Json.of();
        long number = line.number("lineNumber");
        if (refused.has(String.valueOf(number))) return known;
        return known.with("refused", withLine(refused, number,
            Json.of("sku", line.text("sku"), "available", line.number("available"))));
    }

    /** Members that are numbers stand in order of number, as JavaScript keeps them. */
    private static Json withLine(Json lines, long number, Json line) {
        TreeMap<Long, Object> sorted = new TreeMap<>();
        lines.members().forEach((name, value) -> sorted.put(Long.valueOf(name), value));
        sorted.put(number, line);
        Json all = Json.of();
        for (var one : sorted.entrySet()) all = all.with(one.getKey().toString(), one.getValue());
        return all;
    }

    /** The lines to give back now: all held ones, once it is rejected or its payment closed. */
    static List<Json> releasable(Json known) {
        String occurredAt = releaseTime(known);
        List<Json> lines = new ArrayList<>();
        if (occurredAt == null || !known.has("held")) return lines;
        known.object("held").members().forEach((number, held) -> {
            Json line = (Json) held;
            lines.add(Json.of("lineNumber", Long.valueOf(number), "sku", line.text("sku"),
                "bucket", line.text("bucket"), "quantity", line.number("quantity"),
                "occurredAt", occurredAt));
        });
        return lines;
    }

    private static String releaseTime(Json known) {
        if (!known.has("decided")) return null;
        return known.text(known.text("decided").equals("rejected") ? "decidedAt" : "closedAt");
    }

    static Json withReleased(Json known, List<Long> lineNumbers) {
        if (lineNumbers.isEmpty()) return known;
        Json held = known.object("held");
        for (long number : lineNumbers) held = held.without(String.valueOf(number));
        List<Long> released = new ArrayList<>();
        if (known.has("released")) released.addAll(known.list("released"));
        released.addAll(lineNumbers);
        return known.with("held", held).with("released", released);
    }

    /** From here on only what a release needs. */
    static Json withDecision(Json known, Outcome outcome) {
        return Json.of("held", known.object("held"), "released", known.list("released"),
            "closedAt", known.text("closedAt"), "decided", outcome.decided(),
            "decidedAt", outcome.decidedAt());
    }
}
