/** Tells the join that an order has waited long enough, at the time that the event says. */
final class ExpireOrder {
    private ExpireOrder() {
    }

    static Decision expireOrder(Event overdue) {
        String orderId = overdue.payload().text("orderId");
        return Decision.of(Event.caused(Topic.CHECKS, overdue.cause(), "CheckFailed", orderId,
            Json.of("orderId", orderId, "stage", OrderChecks.WATCHDOG,
                "reason", "not decided in time",
                "occurredAt", overdue.payload().text("occurredAt"))));
    }
}
