package dev.interject.experiment.qemu;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CancellationException;

import dev.interject.experiment.Cancellation;

/** A socket that carries lines. Everything on it is done within a time, and ends when the user wants it to. */
final class QmpChannel implements AutoCloseable {

    private static final int LARGEST_LINE = 16 << 20;
    private static final int PART = 1 << 16;
    /** How long a cancellation may go unnoticed. */
    private static final long SLICE_MILLIS = 50;

    private final QmpAddress address;
    private final Cancellation cancellation;
    private final SocketChannel socket;
    private final Selector selector;
    private final ByteBuffer received = ByteBuffer.allocate(PART).limit(0);
    /** A line's beginning. It outlives a reading that ended early, since the rest of the line still comes. */
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private Duration time;
    private long end;
    private boolean isLast;

    private QmpChannel(QmpAddress address, Cancellation cancellation, SocketChannel socket, Selector selector) {
        this.address = address;
        this.cancellation = cancellation;
        this.socket = socket;
        this.selector = selector;
    }

    /**
     * Connects.
     *
     * @throws QemuException         if nothing listens there, or does not within the time
     * @throws CancellationException if the user ends it
     */
    static QmpChannel open(QmpAddress address, Duration time, Cancellation cancellation) {
        try {
            SocketChannel socket = address.newChannel();
            try {
                socket.configureBlocking(false);
                QmpChannel channel = new QmpChannel(address, cancellation, socket, Selector.open());
                return channel.connected(time);
            } catch (IOException | RuntimeException failed) {
                socket.close();
                throw failed;
            }
        } catch (IOException failed) {
            throw new QemuException("cannot connect to %s: %s".formatted(address.text(), failed.getMessage()),
                    "start QEMU with -qmp unix:PATH,server=on,wait=off, and name that path");
        }
    }

    private QmpChannel connected(Duration allowed) throws IOException {
        allow(allowed);
        try {
            if (!socket.connect(address.socket())) {
                await(SelectionKey.OP_CONNECT);
                socket.finishConnect();
            }
            return this;
        } catch (IOException | RuntimeException failed) {
            close();
            throw failed;
        }
    }

    /** From now on, everything is done within this time. */
    void allow(Duration allowed) {
        time = allowed;
        end = System.nanoTime() + allowed.toNanos();
    }

    /** What follows is done although the user has ended the rest. */
    void finish(Duration allowed) {
        isLast = true;
        allow(allowed);
    }

    private void await(int operation) throws IOException {
        if (!socket.isRegistered()) {
            socket.register(selector, operation);
        }
        socket.keyFor(selector).interestOps(operation);
        while (true) {
            if (cancellation.isRequested() && !isLast) {
                throw new CancellationException();
            }
            long rest = (end - System.nanoTime()) / Duration.ofMillis(1).toNanos();
            if (rest < 0) {
                throw new QemuException("%s gave no answer within %s ms".formatted(address.text(), time.toMillis()),
                        "wait until it is not busy, or allow more time; QMP serves one client at a time");
            }
            selector.select(Math.clamp(rest, 1, SLICE_MILLIS));
            boolean isReady = !selector.selectedKeys().isEmpty();
            selector.selectedKeys().clear();
            if (isReady) {
                return;
            }
        }
    }

    /**
     * Writes a line.
     *
     * @throws QemuException if the other side has gone, or does not read within the time
     */
    void write(String line) {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(line + "\n");
        try {
            while (bytes.hasRemaining()) {
                if (socket.write(bytes) == 0) {
                    await(SelectionKey.OP_WRITE);
                }
            }
        } catch (IOException failed) {
            throw gone(failed.getMessage());
        }
    }

    /**
     * Reads a line.
     *
     * @throws QemuException if the other side has gone, or writes none within the time
     */
    String readLine() {
        try {
            while (true) {
                while (received.hasRemaining()) {
                    byte next = received.get();
                    if (next == '\n') {
                        String whole = line.toString(StandardCharsets.UTF_8);
                        line.reset();
                        return whole;
                    }
                    line.write(next);
                }
                if (line.size() > LARGEST_LINE) {
                    throw new QemuException("%s: an answer has more than %d bytes".formatted(address.text(),
                            LARGEST_LINE), "name the socket of QEMU's -qmp");
                }
                await(SelectionKey.OP_READ);
                received.clear();
                int count = socket.read(received);
                received.flip();
                if (count < 0) {
                    throw gone("the connection was closed");
                }
            }
        } catch (IOException failed) {
            throw gone(failed.getMessage());
        }
    }

    private QemuException gone(String why) {
        return new QemuException("%s: %s".formatted(address.text(), why), "see whether that QEMU still runs");
    }

    @Override
    public void close() {
        try (socket) {
            selector.close();
        } catch (IOException _) {
            // nothing is sent any more
        }
    }
}
