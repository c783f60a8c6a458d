import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the service says of itself, to programs on this machine only. */
final class Http {
    private static final Pattern FACTS = Pattern.compile("/internal/orders/([^/]+)/facts");
    private static final String JSON = "application/json; charset=utf-8";
    private static final String PROBLEM = "application/problem+json";
    /** A look at the topics must not keep a supervisor waiting who asks for the health. */
    private static final int THREADS = 4;

    private final int port;
    private final Supplier<String> missing;
    private final Supplier<String> metrics;
    private final KnownFacts knownFacts;
    private final Log log;

    Http(int port, Supplier<String> missing, Supplier<String> metrics, KnownFacts knownFacts,
         Log log) {
        this.log = log;
        this.port = port;
        this.missing = missing;
        this.metrics = metrics;
        this.knownFacts = knownFacts;
    }

    /** Returns the port, which is a free one when 0 was asked for. */
    int listen() throws IOException {
        InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        HttpServer server = HttpServer.create(loopback, 0);
        server.setExecutor(Executors.newFixedThreadPool(THREADS, work -> {
            Thread thread = new Thread(work, "http");
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/", this::answer);
        server.start();
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        Matcher facts = FACTS.matcher(path);
        try {
            if (!exchange.getRequestMethod().equals("GET")) {
                problem(exchange, 404, "not-found", "There is nothing here");
            } else if (path.equals("/health/live")) {
                json(exchange, 200, Json.of("live", true));
            } else if (path.equals("/health/ready")) {
                String detail = missing.get();
                boolean ready = detail.isEmpty();
                json(exchange, ready ? 200 : 503,
                    Json.of("ready", ready, "detail", ready ? "ready" : detail));
            } else if (path.equals("/metrics")) {
                send(exchange, 200, "text/plain; version=0.0.4; charset=utf-8",
                    Event.utf8(metrics.get()));
            } else if (facts.matches()) {
                facts(exchange, facts.group(1));
            } else {
                problem(exchange, 404, "not-found", "There is nothing here");
            }
        } catch (RuntimeException e) {
            // What happened is for whoever runs this, not for whoever asks.
            log.error("could not answer " + path, e);
            problem(exchange, 500, "internal", "The log of this process says what happened");
        } finally {
            exchange.close();
        }
    }

    private void facts(HttpExchange exchange, String id) throws IOException {
        if (Ids.isUuid(id)) json(exchange, 200, knownFacts.of(id.toLowerCase()));
        else problem(exchange, 400, "bad-request", "expected the id of an order");
    }

    private static void problem(HttpExchange exchange, int status, String type, String detail)
            throws IOException {
        send(exchange, status, PROBLEM, Json.of("type", "/problems/" + type, "status", status,
            "detail", detail).bytes());
    }

    private static void json(HttpExchange exchange, int status, Json body) throws IOException {
        send(exchange, status, JSON, body.bytes());
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body)
            throws IOException {
        exchange.getResponseHeaders().set("content-type", type);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }
}
