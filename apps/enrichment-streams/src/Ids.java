import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/** Ids are derived, never drawn: those of libs/events/src/ids.ts, to the letter. */
final class Ids {
    private static final String FORM =
        "(?i)[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
        + "|00000000-0000-0000-0000-000000000000|ffffffff-ffff-ffff-ffff-ffffffffffff";

    private Ids() {
    }

    static String event(String causeId, String type, String subject) {
        return version5(causeId, type + "/" + subject);
    }

    /** The first event of an order has no cause but the order; joins have it as their cause. */
    static String orderPlaced(String orderId) {
        return event(orderId, "OrderPlaced", "");
    }

    static boolean isUuid(String text) {
        return Schema.matches(text, FORM);
    }

    private static String version5(String namespace, String name) {
        if (!isUuid(namespace)) throw new IllegalArgumentException("an id that is no UUID");
        UUID space = UUID.fromString(namespace);
        ByteBuffer hashed = ByteBuffer.wrap(sha1(
            ByteBuffer.allocate(16).putLong(space.getMostSignificantBits())
                .putLong(space.getLeastSignificantBits()).array(),
            Event.utf8(name)));
        long most = hashed.getLong() & ~0xF000L | 0x5000L;
        long least = hashed.getLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L;
        return new UUID(most, least).toString();
    }

    private static byte[] sha1(byte[] namespace, byte[] name) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            digest.update(namespace);
            return digest.digest(name);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }
}
