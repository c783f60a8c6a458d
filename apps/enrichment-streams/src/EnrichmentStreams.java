import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;

/**
 * Enrichment on Kafka Streams: what apps/enrichment does, in its place.
 *
 * Guarantee: what a stage writes, what it remembers and how far it has read become visible together
 * (`exactly_once_v2`). A stop asked for ends within 5 s; what a stage cannot survive ends the
 * process, so that a supervisor starts a clean one. Staying alive without working would look
 * healthy and be silent.
 */
final class EnrichmentStreams {
    private static final int EXIT_CODE_CONFIG = 78;
    /** Another process has our place in the group: a restart would only take it away again. */
    private static final int EXIT_CODE_FENCED = 75;
    /** Of the 5 s; whoever supervises kills after them, and a busy machine needs the rest. */
    private static final Duration CLOSE_WITHIN = Duration.ofMillis(3_500);

    private final Map<Stage, KafkaStreams> running = new LinkedHashMap<>();
    private final List<Figures> figures;
    private final Log log;

    public static void main(String[] none) {
        List<String> faults = new ArrayList<>();
        Settings settings = Settings.of(System.getenv(), faults);
        if (!faults.isEmpty()) {
            System.err.println(String.join("\n", faults));
            System.exit(EXIT_CODE_CONFIG);
        }
        try {
            new EnrichmentStreams(settings).start(settings);
        } catch (IOException | RuntimeException e) {
            new Log(settings.logFormat()).error("cannot start, the process ends", e);
            Runtime.getRuntime().halt(1);
        }
    }

    private EnrichmentStreams(Settings settings) {
        log = new Log(settings.logFormat());
        figures = Stage.ALL.stream().map(stage -> new Figures(stage.group())).toList();
        for (int i = 0; i < Stage.ALL.size(); i++) {
            Stage stage = Stage.ALL.get(i);
            KafkaStreams streams = new KafkaStreams(
                stage.topology(settings.shadowPrefix(), figures.get(i)), settings.streams(stage),
                figures.get(i));
            streams.setUncaughtExceptionHandler(error -> end(stage, error));
            running.put(stage, streams);
        }
    }

    private void start(Settings settings) throws IOException {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop));
        int port = new Http(settings.port(), this::notRunning, () -> Figures.text(figures),
            new KnownFacts(settings.brokers()), log).listen();
        log.info("listening on http://127.0.0.1:" + port);
        for (KafkaStreams streams : running.values()) streams.start();
    }

    /** What is missing before the service is ready; nothing when it is. */
    private String notRunning() {
        return running.entrySet().stream()
            .filter(one -> one.getValue().state() != KafkaStreams.State.RUNNING)
            .map(one -> one.getKey().group() + " is " + one.getValue().state())
            .collect(Collectors.joining("; "));
    }

    /** Without the hooks: they would wait for the thread that is asking. */
    private StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse end(Stage stage,
            Throwable error) {
        log.error(stage.group() + " cannot go on, the process ends", error);
        boolean isFenced = false;
        for (Throwable e = error; e != null; e = e.getCause()) {
            isFenced |= e instanceof FencedInstanceIdException;
        }
        Runtime.getRuntime().halt(isFenced ? EXIT_CODE_FENCED : 1);
        throw new IllegalStateException("halted");
    }

    /** What is in hand is committed, or left to whoever comes next. */
    private void stop() {
        log.info("stopping");
        // A thread for each: a broker that does not answer keeps every one of them for all of it.
        List<Thread> closing = running.entrySet().stream()
            .map(one -> new Thread(() -> close(one.getKey(), one.getValue()))).toList();
        closing.forEach(Thread::start);
        try {
            for (Thread one : closing) one.join();
        } catch (InterruptedException e) {
            log.error("not everything is closed", e);
        }
        Runtime.getRuntime().halt(0);
    }

    private void close(Stage stage, KafkaStreams streams) {
        boolean closed = streams.close(CloseOptions.timeout(CLOSE_WITHIN)
            .withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
        if (!closed) log.info(stage.group()
            + " stopped in the middle: what is open will be aborted by its successor");
    }
}
