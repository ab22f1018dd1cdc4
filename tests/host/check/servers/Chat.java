// A right chat server in Java: a thread that reads and one that writes for each client, one lock.
import java.io.*;
import java.net.*;
import java.nio.charset.StandardCharsets;
import java.util.*;
import java.util.concurrent.*;

public class Chat {
    static final int LIMIT = 5000, BEHIND = 1000;
    static final Map<String, Chat> MEMBERS = new TreeMap<>();
    static final String END = new String("end");
    final Socket socket;
    final BlockingQueue<String> queue = new ArrayBlockingQueue<>(BEHIND);
    String name;

    Chat(Socket socket) { this.socket = socket; }

    void put(String line) {
        if (!queue.offer(line)) {
            try { socket.setSoLinger(true, 0); socket.close(); } catch (IOException ignored) { }
        }
    }

    static void tell(String line, Chat but) {
        for (Chat member : MEMBERS.values()) if (member != but) member.put(line);
    }

    void write() {
        try (OutputStream out = new BufferedOutputStream(socket.getOutputStream())) {
            for (String line = queue.take(); line != END; line = queue.take()) {
                out.write((line + "\n").getBytes(StandardCharsets.ISO_8859_1));
                if (queue.isEmpty()) out.flush();
            }
        } catch (IOException | InterruptedException ignored) { }
        try { socket.close(); } catch (IOException ignored) { }
    }

    String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) return null;
            if (line.length() > LIMIT) { put("! a line has at most " + LIMIT + " characters"); return null; }
            line.append((char) c);
        }
        int length = line.length();
        return length > 0 && line.charAt(length - 1) == '\r' ? line.substring(0, length - 1) : line.toString();
    }

    boolean join(String asked) {
        synchronized (MEMBERS) {
            if (!asked.matches("[A-Za-z0-9]{1,20}") || MEMBERS.containsKey(asked)) {
                put("! illegal or taken: goodbye");
                return false;
            }
            put("* present: " + String.join("; ", MEMBERS.keySet()));
            tell("* " + asked + " appears", null);
            MEMBERS.put(asked, this);
            name = asked;
            return true;
        }
    }

    void read() {
        Thread writer = new Thread(this::write);
        writer.start();
        put("Hello! And who might you be?");
        try {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            String line = line(in);
            if (line != null && join(line))
                while ((line = line(in)) != null)
                    synchronized (MEMBERS) { tell("[" + name + "] " + line, this); }
        } catch (IOException ignored) { }
        synchronized (MEMBERS) {
            if (name != null) { MEMBERS.remove(name); tell("* " + name + " vanishes", null); }
        }
        try { queue.put(END); writer.join(); } catch (InterruptedException ignored) { }
    }

    public static void main(String[] words) throws IOException {
        try (ServerSocket server = new ServerSocket(Integer.parseInt(words[0]), 100)) {
            while (true) {
                Socket socket = server.accept();
                new Thread(() -> new Chat(socket).read()).start();
            }
        }
    }
}
