import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Into which parts a product's stock is divided: part of the data, as partitions are. */
final class Buckets {
    private static final int BUCKETS = 8;
    private static final Set<String> UNDIVIDED = Set.of("limited-print");

    private Buckets() {
    }

    private static int countOf(String sku) {
        return UNDIVIDED.contains(sku) ? 1 : BUCKETS;
    }

    static String bucketOf(String sku, String orderId) {
        return sku + "/" + Topic.partitionOf(orderId, countOf(sku));
    }

    static String homeBucketOf(String sku) {
        return sku + "/0";
    }

    static List<String> otherBucketsOf(String sku) {
        return IntStream.range(1, countOf(sku)).mapToObj(n -> sku + "/" + n).toList();
    }
}
