import java.util.ArrayList;
import java.util.List;

/**
 * Brings together what is known of an order, decides it once, and gives its stock back when it
 * comes to nothing. Outcome and releases have the order's first event as their cause, not the fact
 * that happened to come last.
 */
final class JoinChecks {
    private JoinChecks() {
    }

    static Decision joinChecks(Event fact, Decision.State state) {
        String orderId = fact.payload().text("orderId");
        Json row = state.get(orderId);
        Json before = row == null ? Json.of() : row;
        Json learned = OrderChecks.learn(before, fact);
        if (learned == before) return Decision.skip("already known");

        Outcome outcome = learned.has("decided") ? null : Outcome.of(orderId, learned);
        Json decided = outcome == null ? learned : OrderChecks.withDecision(learned, outcome);
        List<Json> lines = OrderChecks.releasable(decided);
        Json after = OrderChecks.withReleased(decided,
            lines.stream().map(line -> line.number("lineNumber")).toList());

        Event.Cause cause = new Event.Cause(Ids.orderPlaced(orderId), fact.cause().traceparent());
        List<Decision.Effect> effects = new ArrayList<>();
        effects.add(new Decision.Put(orderId, after));
        if (outcome != null) effects.add(outcomeEvent(cause, orderId, outcome));
        for (Json line : lines) effects.add(releaseEvent(cause, orderId, line));
        return new Decision(effects);
    }

    private static Decision.Emit outcomeEvent(Event.Cause cause, String orderId, Outcome outcome) {
        return outcome.decided().equals("approved")
            ? Event.caused(Topic.APPROVED, cause, "OrderApproved", orderId, outcome.payload())
            : Event.caused(Topic.REJECTED, cause, "OrderRejected", orderId, outcome.payload());
    }

    private static Decision.Emit releaseEvent(Event.Cause cause, String orderId, Json line) {
        Json payload = Json.of("orderId", orderId);
        for (var member : line.members().entrySet()) {
            payload = payload.with(member.getKey(), member.getValue());
        }
        return Event.caused(Topic.INVENTORY, cause, "StockReleaseRequested", line.text("bucket"),
            String.valueOf(line.number("lineNumber")), payload);
    }
}
