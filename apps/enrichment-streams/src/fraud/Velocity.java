import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * How fast a customer orders, in event time. The rows of the store `velocity`:
 *
 *   customer id                 times: when this customer ordered lately
 *   customer id|order id        the verdict, with what it was based on
 */
final class Velocity {
    static final long WINDOW_MS = 60_000;
    private static final int MAX_ORDERS_IN_WINDOW = 20;
    private static final long MAX_TOTAL_MINOR_UNITS = 1_000_000;
    private static final long LATE_ARRIVAL_MS = 10 * 60_000;
    private static final int MAX_TIMES = 500;

    private Velocity() {
    }

    static Json judge(List<Long> times, Json order) {
        Json total = order.object("total");
        String occurredAt = order.text("occurredAt");
        long ordersInWindow = fullestWindow(times, millis(occurredAt));
        return Json.of("ordersInWindow", ordersInWindow, "total", total, "occurredAt", occurredAt,
            "refused", refusalOf(ordersInWindow, total));
    }

    /** Of all windows that begin with an order and hold this one: orders in the fullest. */
    private static long fullestWindow(List<Long> times, long at) {
        List<Long> near = Stream.concat(
            times.stream().filter(time -> Math.abs(time - at) <= WINDOW_MS), Stream.of(at))
            .sorted().toList();
        int fullest = 0;
        int end = 0;
        for (int begin = 0; begin < near.size() && near.get(begin) <= at; begin++) {
            while (end < near.size() && near.get(end) <= near.get(begin) + WINDOW_MS) end++;
            fullest = Math.max(fullest, end - begin);
        }
        return fullest;
    }

    /** The amount first: it does not depend on what else the customer did. */
    private static String refusalOf(long ordersInWindow, Json total) {
        if (Long.parseLong(total.text("amount")) > MAX_TOTAL_MINOR_UNITS) return "amount-too-large";
        return ordersInWindow > MAX_ORDERS_IN_WINDOW ? "too-many-orders" : null;
    }

    static Json withOrder(List<Long> times, String occurredAt) {
        List<Long> sorted = new ArrayList<>(times);
        sorted.add(millis(occurredAt));
        sorted.sort(null);
        long oldest = sorted.get(sorted.size() - 1) - WINDOW_MS - LATE_ARRIVAL_MS;
        List<Long> kept = sorted.stream().filter(time -> time >= oldest).toList();
        return Json.of("times", kept.subList(Math.max(0, kept.size() - MAX_TIMES), kept.size()));
    }

    private static long millis(String occurredAt) {
        return Instant.parse(occurredAt).toEpochMilli();
    }
}
