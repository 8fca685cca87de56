package dev.interject.experiment.qemu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.interject.experiment.state.KnownMemory;
import dev.interject.experiment.state.UnknownMemoryException;

/** A guest's memory, of which QEMU prints a page where one is looked at ({@code xp}). Devices are never read. */
final class QemuMemory implements KnownMemory {

    private static final int PAGE = 4096;
    private static final Pattern WORD = Pattern.compile("\\b0x([0-9a-f]{16})\\b");

    private final QemuMonitor monitor;
    private final MemoryTree tree;
    private final Map<Long, byte[]> pages = new HashMap<>();

    QemuMemory(QemuMonitor monitor, MemoryTree tree) {
        this.monitor = monitor;
        this.tree = tree;
    }

    @Override
    public boolean isEmpty() {
        return tree.memory().isEmpty();
    }

    @Override
    public boolean isDecided(long address) {
        return true;
    }

    @Override
    public boolean contains(long address, long length) {
        return tree.contains(address, length);
    }

    @Override
    public byte[] read(long address, int length) {
        byte[] bytes = new byte[length];
        int done = 0;
        while (done < length) {
            long at = address + done;
            int offset = (int) (at & PAGE - 1);
            int part = Math.min(length - done, PAGE - offset);
            System.arraycopy(page(at - offset), offset, bytes, done, part);
            done += part;
        }
        return bytes;
    }

    private byte[] page(long address) {
        if (!contains(address, PAGE)) {
            throw new UnknownMemoryException();
        }
        return pages.computeIfAbsent(address, this::fetch);
    }

    private byte[] fetch(long address) {
        ByteBuffer page = ByteBuffer.allocate(PAGE).order(ByteOrder.LITTLE_ENDIAN);
        Matcher word = WORD.matcher(monitor.human("xp /%dxg 0x%x".formatted(PAGE / Long.BYTES, address)));
        while (word.find() && page.hasRemaining()) {
            page.putLong(Long.parseUnsignedLong(word.group(1), 16));
        }
        if (page.hasRemaining()) {
            throw new UnknownMemoryException();
        }
        return page.array();
    }

    @Override
    public int readInt(long address) {
        return ByteBuffer.wrap(read(address, Integer.BYTES)).order(ByteOrder.LITTLE_ENDIAN).getInt();
    }

    @Override
    public long readLong(long address) {
        return ByteBuffer.wrap(read(address, Long.BYTES)).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }
}
