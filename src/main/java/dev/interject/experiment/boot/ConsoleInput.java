package dev.interject.experiment.boot;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Sends what is typed to a guest. With an escape key, Ctrl-A and then x leave the console, and Ctrl-A
 * twice sends one.
 */
final class ConsoleInput {

    /** Ctrl-A, as in QEMU and screen. */
    static final int ESCAPE = 1;
    static final int LEAVE = 'x';

    private static final int CHUNK = 256;

    private final InputStream stream;
    private final boolean escape;
    private final OutputStream guest;
    private final Runnable left;
    private boolean escaped;

    /**
     * @param escape whether there is an escape key
     * @param left   runs when the user leaves
     */
    ConsoleInput(InputStream stream, boolean escape, OutputStream guest, Runnable left) {
        this.stream = stream;
        this.escape = escape;
        this.guest = guest;
        this.left = left;
    }

    /** Starts a thread, which ends with the input, the guest or the process: a read cannot be interrupted. */
    Thread start() {
        return Thread.ofPlatform().daemon().name("keys").start(this::read);
    }

    private void read() {
        byte[] typed = new byte[CHUNK];
        try {
            int length = stream.read(typed);
            while (length >= 0) {
                send(typed, length);
                length = stream.read(typed);
            }
        } catch (IOException ended) {
            // the input's, or the guest's
        }
    }

    private void send(byte[] typed, int length) throws IOException {
        if (!escape) {
            guest.write(typed, 0, length);
            return;
        }
        byte[] sent = new byte[length];
        int count = 0;
        for (int i = 0; i < length; i++) {
            boolean command = escaped;
            escaped = !command && typed[i] == ESCAPE;
            if (command && typed[i] == LEAVE) {
                left.run();
            } else if (!escaped && (!command || typed[i] == ESCAPE)) {
                sent[count] = typed[i];
                count++;
            }
        }
        guest.write(sent, 0, count);
    }
}
