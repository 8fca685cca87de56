package dev.interject.cli.boot;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file for what a console shows. It keeps an earlier content until the guest runs, since the image may be refused.
 * Not thread-safe.
 */
final class SerialFile extends OutputStream {

    private final Path file;
    private final boolean isNew;
    private final FileChannel channel;
    private final OutputStream out;
    private boolean ran;

    /** @throws IOException if it cannot be written */
    SerialFile(Path file) throws IOException {
        this.file = file;
        this.isNew = Files.notExists(file);
        this.channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
        this.out = Channels.newOutputStream(channel);
    }

    /** The guest runs, or did: what was in the file goes. */
    void ran() throws IOException {
        if (!ran && Files.isRegularFile(file)) {
            channel.truncate(0);
        }
        ran = true;
    }

    @Override
    public void write(int character) throws IOException {
        write(new byte[]{(byte) character}, 0, 1);
    }

    @Override
    public void write(byte[] shown, int offset, int length) throws IOException {
        ran();
        out.write(shown, offset, length);
    }

    @Override
    public void close() throws IOException {
        out.close();
        if (isNew && !ran) {
            Files.deleteIfExists(file);
        }
    }
}
