import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * The environment as one value, read once at the start, and what it means for Kafka Streams. A
 * fault names the variable and what was expected, never the value, and all of them are told.
 */
record Settings(String brokers, int port, int ordinal, String logFormat, String stateDir,
    String shadowPrefix) {

    /** Faults are added to the list; what is returned beside some is not to be used. */
    static Settings of(Map<String, String> env, List<String> faults) {
        Settings settings = new Settings(
            matching(env.get("KAFKA_BROKERS"), "[^\\s,:]+:\\d+(,[^\\s,:]+:\\d+)*",
                "KAFKA_BROKERS: expected host:port, separated by commas", faults),
            number(env.get("PORT"), 65_535,
                "PORT: expected the HTTP port: a whole number from 0 to 65535", faults),
            number(env.getOrDefault("INSTANCE_ORDINAL", "0"), 999,
                "INSTANCE_ORDINAL: expected the number of this replica: from 0 to 999", faults),
            // Lenient on purpose: whoever reports a fault of the configuration needs a log.
            "text".equals(env.get("LOG_FORMAT")) ? "text" : "json",
            matching(env.get("STATE_DIR"), ".+", "STATE_DIR: expected a folder", faults),
            matching(env.getOrDefault("SHADOW_PREFIX", ""), "[a-z0-9.-]*",
                "SHADOW_PREFIX: expected what names of topics begin with", faults));
        matching(env.getOrDefault("RUN_MODE", "production"), "production|local|test|lab",
            "RUN_MODE: expected production, local, test or lab", faults);
        return settings;
    }

    private static String matching(String value, String form, String fault, List<String> faults) {
        if (value == null || !value.matches(form)) faults.add(fault);
        return value;
    }

    private static int number(String value, int most, String fault, List<String> faults) {
        boolean isNumber = value != null && value.matches("\\d{1,9}");
        int number = isNumber ? Integer.parseInt(value) : -1;
        if (number < 0 || number > most) faults.add(fault);
        return number;
    }

    Properties streams(Stage stage) {
        Properties streams = new Properties();
        streams.putAll(Map.of(
            // The group's name, and the beginning of transactional ids and changelogs.
            "application.id", shadowPrefix + stage.group(),
            "bootstrap.servers", brokers,
            "state.dir", stateDir,
            "processing.guarantee", "exactly_once_v2",
            // A reader of committed records waits half of it on average, for each of three hops.
            // At a tenth of it an order would be decided a sixth of a second sooner, and the broker
            // would write ten times as many ends of Kafka transactions.
            "commit.interval.ms", "100",
            "num.stream.threads", "1"));
        streams.putAll(Map.of(
            // As libs/eos: static members, and a Kafka transaction ends before the session does.
            "main.consumer.group.instance.id", shadowPrefix + stage.group() + "-" + ordinal,
            "main.consumer.session.timeout.ms", "15000",
            "main.consumer.heartbeat.interval.ms", "1000",
            "producer.transaction.timeout.ms", "10000",
            // A parked record is an input as large as a topic takes, and says why it is parked.
            "producer.max.request.size", "2097152",
            // kafkajs reads no other.
            "producer.compression.type", "none"));
        return streams;
    }
}
