import java.util.List;

/** Says once whether an order looks like fraud; the verdict is stored and never computed again. */
final class CheckFraud {
    private CheckFraud() {
    }

    static Decision checkFraud(Event requested, Decision.State state) {
        Json order = requested.payload();
        String orderId = order.text("orderId");
        String customerId = order.text("customerId");
        String occurredAt = order.text("occurredAt");
        String verdictKey = customerId + "|" + orderId;
        if (state.get(verdictKey) != null) return Decision.skip("already judged");

        Json recent = state.get(customerId);
        List<Long> times = recent != null && recent.has("times") ? recent.list("times") : List.of();
        Json verdict = Velocity.judge(times, order);
        Json answer = Json.of("orderId", orderId,
            "ordersInWindow", verdict.number("ordersInWindow"),
            "reason", verdict.text("refused"), "occurredAt", occurredAt);
        return Decision.of(new Decision.Put(verdictKey, verdict),
            new Decision.Put(customerId, Velocity.withOrder(times, occurredAt)),
            Event.caused(Topic.CHECKS, requested.cause(),
                verdict.has("refused") ? "FraudRefused" : "FraudCleared", orderId, answer));
    }
}
