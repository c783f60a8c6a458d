import java.util.Map;

/** Tells the join that nothing will be sold after all. */
final class ClosePayment {
    private static final Map<String, String> OUTCOMES = Map.of("PaymentDeclined", "declined",
        "PaymentCancelled", "cancelled", "PaymentRefunded", "refunded");

    private ClosePayment() {
    }

    static Decision closePayment(Event closing) {
        String orderId = closing.payload().text("orderId");
        return Decision.of(Event.caused(Topic.CHECKS, closing.cause(), "PaymentClosed", orderId,
            Json.of("orderId", orderId, "outcome", OUTCOMES.get(closing.type()),
                "occurredAt", closing.payload().text("occurredAt"))));
    }
}
