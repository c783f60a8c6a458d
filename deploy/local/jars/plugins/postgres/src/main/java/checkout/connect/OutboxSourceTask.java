package checkout.connect;

import io.debezium.connector.postgresql.PostgresConnectorTask;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Debezium's task, without two things that cost a third of a core while nobody buys anything, and
 * without a wait that has no limit.
 *
 * 1. After every poll, also after an empty one, Debezium reads Connect's offsets topic to its end
 *    and confirms the position found there to the slot. That read waits for every Kafka
 *    transaction that is open on the topic, the other connectors' too, for as long as it takes,
 *    and no row is published meanwhile. Here the position is that of the last record of which
 *    Connect says that its Kafka transaction is committed, and it is confirmed once a second.
 * 2. A poll of Debezium's queue spins through its last millisecond. Here polls are further apart
 *    when no row has come for two seconds.
 *
 * Guarantee: unchanged. What has been published, and the position it came from, are in one Kafka
 * transaction that Connect itself commits; the next task starts from there. The slot's position
 * only tells PostgreSQL which log it may throw away, and never runs ahead of what is committed:
 * Connect calls commitRecord after the commit.
 * If the worker dies before a position was confirmed: PostgreSQL has kept a second more of its log.
 * Not promised: that the first row after two quiet seconds is as fast as the ones that follow it.
 */
public final class OutboxSourceTask extends PostgresConnectorTask {
    private static final long CONFIRM_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long QUIET_AFTER_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** A person hardly notices it, and it is ten times what a poll waits by itself. */
    private static final long QUIET_PAUSE_MILLIS = 200;

    /** Where the last committed record came from; null once it is confirmed. */
    private SourceRecord committed;
    private long confirmedAt = System.nanoTime();
    private long rowsAt = System.nanoTime();

    @Override
    public void commitRecord(SourceRecord record, RecordMetadata metadata) {
        committed = record;
    }

    /** Positions are confirmed between polls. */
    @Override
    public void commit() {
    }

    @Override
    public void performCommit() {
        if (committed == null || coordinator == null) return;
        coordinator.commitOffset(committed.sourcePartition(), committed.sourceOffset());
        committed = null;
    }

    @Override
    public List<SourceRecord> doPoll() throws InterruptedException {
        long now = System.nanoTime();
        if (now - confirmedAt > CONFIRM_EVERY_NANOS) {
            confirmedAt = now;
            performCommit();
        }
        if (now - rowsAt > QUIET_AFTER_NANOS) Thread.sleep(QUIET_PAUSE_MILLIS);
        List<SourceRecord> records = super.doPoll();
        if (containsChangeDataMessages(records)) rowsAt = System.nanoTime();
        return records;
    }
}
