package dev.interject.experiment.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The guest memory that a state has: ranges of bytes, and parts of files. The rest of a guest's memory is unknown; if
 * the state says where RAM is, what lies elsewhere is not RAM.
 */
final class FileMemory implements KnownMemory, AutoCloseable {

    private static final long LARGEST = 1L << 52;

    /** Where bytes come from. */
    private interface Content {
        void read(long offset, ByteBuffer into) throws IOException;
    }

    private record Range(long size, Content content) {}

    private record Span(long start, long size) {}

    private final TreeMap<Long, Range> ranges = new TreeMap<>();
    private final List<FileChannel> files = new ArrayList<>();
    private final Optional<List<Span>> ram;

    private FileMemory(Optional<List<Span>> ram) {
        this.ram = ram;
    }

    /**
     * The memory of a state.
     *
     * @param  directory             from which relative paths lead
     * @throws InvalidStateException if ranges overlap, or a file cannot be read
     */
    static FileMemory of(Fields state, Path directory) {
        Optional<List<Span>> ram = state.objects("ram").map(all -> all.stream().map(FileMemory::span).toList());
        FileMemory memory = new FileMemory(ram);
        try {
            state.objects("memory").orElse(List.of()).forEach(range -> memory.add(range, directory));
        } catch (RuntimeException invalid) {
            memory.close();
            throw invalid;
        }
        return memory;
    }

    private static Span span(Fields span) {
        long start = address(span);
        long size = span.number("size").orElseThrow(() -> span.invalid("size", "is missing", "write how many bytes"));
        if (size <= 0 || size > LARGEST - start) {
            throw span.invalid("size", "is not a size of guest-physical memory",
                    "write one from 1 that ends below 2^52");
        }
        return new Span(start, size);
    }

    private static long address(Fields range) {
        long address = range.number("address")
                .orElseThrow(() -> range.invalid("address", "is missing", "write the guest-physical address"));
        if (address < 0 || address >= LARGEST) {
            throw range.invalid("address", "is not a guest-physical address", "write one below 2^52");
        }
        return address;
    }

    private void add(Fields range, Path directory) {
        long address = address(range);
        Optional<byte[]> bytes = range.bytes("bytes");
        Optional<String> file = range.text("file");
        if (bytes.isPresent() == file.isPresent()) {
            throw new InvalidStateException(range.pointer(), "has not exactly one of bytes and file",
                    "write bytes as hexadecimal digits, or the path of a raw image of memory");
        }
        Range added = bytes.map(all -> new Range(all.length, (offset, into) -> into.put(all, (int) offset,
                into.remaining()))).orElseGet(() -> ofFile(range, directory, file.orElseThrow()));
        if (added.size() == 0 || added.size() > LARGEST - address) {
            throw new InvalidStateException(range.pointer(), "has no bytes, or ends above 2^52",
                    "leave it out, or correct its address");
        }
        Map.Entry<Long, Range> before = upTo(address);
        Map.Entry<Long, Range> after = ranges.ceilingEntry(address);
        if (before != null && before.getKey() + before.getValue().size() > address
                || after != null && address + added.size() > after.getKey()) {
            throw new InvalidStateException(range.pointer(), "overlaps another range of memory",
                    "give each byte once");
        }
        ranges.put(address, added);
    }

    private Range ofFile(Fields range, Path directory, String name) {
        long offset = range.number("offset").orElse(0);
        try {
            Path path = directory.resolve(name);
            if (!Files.isRegularFile(path)) {
                throw range.invalid("file", "%s is not a file".formatted(path), "write the path of an image of memory");
            }
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
            files.add(channel);
            long rest = channel.size() - offset;
            long size = range.number("size").orElse(rest);
            if (offset < 0 || size < 0 || size > rest) {
                throw range.invalid("size", "%s has %d bytes only".formatted(path, channel.size()),
                        "correct offset and size");
            }
            return new Range(size, (at, into) -> {
                long position = offset + at;
                while (into.hasRemaining()) {
                    int read = channel.read(into, position);
                    if (read < 0) {
                        throw new IOException("the file became shorter");
                    }
                    position += read;
                }
            });
        } catch (InvalidPathException impossible) {
            throw range.invalid("file", "no file can be named so", "write the path of an image of memory");
        } catch (IOException unreadable) {
            throw range.invalid("file", "cannot be read: " + unreadable.getMessage(), "check the file");
        }
    }

    /** The last range that begins at an address, or before. */
    private Map.Entry<Long, Range> upTo(long address) {
        return ranges.headMap(address, true).lastEntry();
    }

    @Override
    public boolean isEmpty() {
        return ranges.isEmpty();
    }

    @Override
    public boolean isDecided(long address) {
        return ram.isPresent() || known(address) > 0;
    }

    /** How many bytes from an address are known. */
    private long known(long address) {
        Map.Entry<Long, Range> range = upTo(address);
        return range == null ? 0 : Math.max(0, range.getKey() + range.getValue().size() - address);
    }

    /** False only for what is known not to be RAM. */
    @Override
    public boolean contains(long address, long length) {
        if (address < 0 || length < 0 || address > LARGEST - length) {
            return false;
        }
        return known(address) >= length || ram.isEmpty() || ram.get()
                .stream()
                .anyMatch(span -> address >= span.start() && address + length <= span.start() + span.size());
    }

    /** @throws UnknownMemoryException if the state lacks the first of them; fewer bytes if it lacks others */
    @Override
    public byte[] read(long address, int length) {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining() && known(address + bytes.position()) > 0) {
            long at = address + bytes.position();
            Map.Entry<Long, Range> range = upTo(at);
            ByteBuffer part = bytes.slice(bytes.position(), (int) Math.min(bytes.remaining(), known(at)));
            try {
                range.getValue().content().read(at - range.getKey(), part);
            } catch (IOException failed) {
                throw new InvalidStateException("/memory", "cannot be read: " + failed.getMessage(), "check the file");
            }
            bytes.position(bytes.position() + part.position());
        }
        if (bytes.position() == 0 && length > 0) {
            throw new UnknownMemoryException();
        }
        byte[] read = new byte[bytes.position()];
        bytes.get(0, read);
        return read;
    }

    @Override
    public int readInt(long address) {
        return whole(address, Integer.BYTES).getInt();
    }

    @Override
    public long readLong(long address) {
        return whole(address, Long.BYTES).getLong();
    }

    private ByteBuffer whole(long address, int length) {
        byte[] bytes = read(address, length);
        if (bytes.length < length) {
            throw new UnknownMemoryException();
        }
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void close() {
        for (FileChannel file : files) {
            try {
                file.close();
            } catch (IOException _) {
                // it was read only
            }
        }
    }
}
