import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Echo in Java: a thread per connection, plain java.io streams.  What Jython could reach. */
public final class JavaThreadsEcho {
    private static final int SIZE = 16384;
    private static final int BACKLOG = 4096;

    private static void serve(Socket client) {
        byte[] buffer = new byte[SIZE];
        try (Socket socket = client) {
            socket.setTcpNoDelay(true);
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            int n;
            while ((n = in.read(buffer)) > 0) {
                out.write(buffer, 0, n);
            }
        } catch (IOException gone) {
            // a client that went away
        }
    }

    private static void endWithInput() {
        try {
            while (System.in.read() >= 0) {
                // nothing is meant for us
            }
        } catch (IOException closed) {
            // the same as its end
        }
        Runtime.getRuntime().halt(0);
    }

    public static void main(String[] arguments) throws IOException {
        int port = arguments.length > 1 && arguments[0].equals("--port")
                ? Integer.parseInt(arguments[1]) : 0;
        try (ServerSocket listener = new ServerSocket()) {
            listener.setReuseAddress(true);
            listener.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), BACKLOG);
            System.out.println("listening on 127.0.0.1:" + listener.getLocalPort());
            Thread watcher = new Thread(JavaThreadsEcho::endWithInput);
            watcher.setDaemon(true);
            watcher.start();
            while (true) {
                Socket client = listener.accept();
                Thread thread = new Thread(() -> serve(client));
                thread.setDaemon(true);
                thread.start();
            }
        }
    }
}
