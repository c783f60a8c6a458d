package checkout.connect;

import io.debezium.connector.postgresql.PostgresConnector;
import org.apache.kafka.connect.connector.Task;

/** Debezium's PostgreSQL connector, with tasks that cost less while nothing happens. */
public final class OutboxSource extends PostgresConnector {
    @Override
    public Class<? extends Task> taskClass() {
        return OutboxSourceTask.class;
    }
}
