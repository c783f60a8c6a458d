import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** A record as it was read; the topic goes by its name in the registry. */
record Input(Topic topic, int partition, long offset, byte[] key, byte[] value, Headers headers,
    long timestamp) {

    /** As JavaScript writes a date: milliseconds always, and Z. */
    private static final DateTimeFormatter TIME =
        DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);

    /** Null when it is absent, or has no bytes. */
    String header(String name) {
        Header last = headers.lastHeader(name);
        return last == null ? null : text(last.value());
    }

    String keyText() {
        return text(key);
    }

    /** When it was written, as the broker keeps it. */
    String time() {
        return TIME.format(Instant.ofEpochMilli(timestamp));
    }

    private static String text(byte[] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }
}
