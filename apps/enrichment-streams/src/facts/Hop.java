import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What one record says of an order's way through this service, in words and by its place. */
final class Hop {
    static final List<String> EVENTS = Stream.of(Topic.CHECKS, Topic.APPROVED, Topic.REJECTED)
        .flatMap(topic -> topic.events().stream()).toList();

    private Hop() {
    }

    static Json of(Event event, Input record) {
        return Json.of("at", record.time(), "what", what(event.type()),
            "text", text(event.type(), event.payload()), "details", place(record)
                .with("type", event.type()).with("eventId", event.cause().id())
                .with("causationId", event.causationId())
                .with("occurredAt", event.payload().text("occurredAt")));
    }

    static Json place(Input record) {
        return Json.of("topic", record.topic().name(), "partition", record.partition(),
            "offset", String.valueOf(record.offset()));
    }

    private static String what(String type) {
        return switch (type) {
            case "OrderOpened" -> "split";
            case "StockReserved", "StockRefused" -> "stock";
            case "FraudCleared", "FraudRefused" -> "fraud";
            case "CheckFailed" -> "check";
            case "PaymentClosed" -> "closed";
            default -> "decision";
        };
    }

    private static String text(String type, Json payload) {
        return switch (type) {
            case "OrderOpened" -> {
                int count = payload.list("lines").size();
                String lines = count == 1 ? "one line" : count + " lines";
                yield "Asked about " + lines + " of stock, and about fraud.";
            }
            case "StockReserved" -> "Stock reserved: " + payload.number("quantity") + " × "
                + payload.text("sku") + ", of bucket " + payload.text("bucket") + ".";
            case "StockRefused" -> "Stock refused: " + payload.number("quantity") + " × "
                + payload.text("sku") + " were asked for, " + payload.number("available")
                + " are left.";
            case "FraudCleared" -> "Fraud checked: nothing found. " + inWindow(payload);
            case "FraudRefused" -> "Fraud checked: refused. " + inWindow(payload);
            case "CheckFailed" -> "No answer from " + payload.text("stage") + ": "
                + payload.text("reason") + ".";
            case "PaymentClosed" -> "The payment was " + payload.text("outcome")
                + ": stock is given back.";
            case "OrderApproved" -> "All answers are in: approved.";
            default -> "Rejected. " + payload.<Json>list("reasons").stream()
                .map(reason -> reason.text("text")).collect(Collectors.joining(" "));
        };
    }

    private static String inWindow(Json payload) {
        return "Orders of this customer within a minute: " + payload.number("ordersInWindow") + ".";
    }
}
