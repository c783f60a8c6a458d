import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** One line an event, in the two forms of the other services. */
final class Log {
    private static final DateTimeFormatter TIME =
        DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

    private final boolean isText;

    Log(String format) {
        isText = format.equals("text");
    }

    void info(String message) {
        line(30, "", message);
    }

    void error(String message, Throwable cause) {
        line(50, "ERROR ", message + " (" + cause + ")");
        cause.printStackTrace();
    }

    private synchronized void line(int level, String alarm, String message) {
        Instant now = Instant.now();
        String json = new String(Json.of("level", level, "time", now.toEpochMilli(),
            "name", "enrichment", "msg", message).bytes(), java.nio.charset.StandardCharsets.UTF_8);
        System.out.println(isText ? TIME.format(now) + " enrichment " + alarm + message : json);
    }
}
