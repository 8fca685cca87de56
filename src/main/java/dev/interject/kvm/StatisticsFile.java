package dev.interject.kvm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.interject.bindings.NativeHeaders;
import dev.interject.bindings.kvm_stats_desc;
import dev.interject.bindings.kvm_stats_header;
import dev.interject.linux.Fd;

/** KVM's own counters of a VM or a vCPU ({@code KVM_GET_STATS_FD}, api.rst 4.137). Read from any thread. */
public final class StatisticsFile implements AutoCloseable {

    private final Fd fd;
    private final long dataOffset;
    /** The offset of each single-valued counter in the data block. */
    private final Map<String, Integer> offsets = new LinkedHashMap<>();
    /** From the start of the data block to the end of its last counter. */
    private long dataBytes;

    private StatisticsFile(Fd fd) {
        this.fd = fd;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment header = arena.allocate(kvm_stats_header.layout());
            fd.readAt(0, header);
            this.dataOffset = Integer.toUnsignedLong(kvm_stats_header.data_offset(header));
            int nameBytes = kvm_stats_header.name_size(header);
            int count = kvm_stats_header.num_desc(header);
            long entryBytes = kvm_stats_desc.layout().byteSize() + nameBytes;
            MemorySegment entries = arena.allocate(entryBytes * count, kvm_stats_desc.layout().byteAlignment());
            fd.readAt(Integer.toUnsignedLong(kvm_stats_header.desc_offset(header)), entries);
            for (int i = 0; i < count; i++) {
                add(entries.asSlice(i * entryBytes, entryBytes));
            }
        }
    }

    /** Histograms, which have more than one value, are left out. */
    private void add(MemorySegment entry) {
        int type = kvm_stats_desc.flags(entry) & NativeHeaders.KVM_STATS_TYPE_MASK();
        boolean counter = type == NativeHeaders.KVM_STATS_TYPE_CUMULATIVE()
                || type == NativeHeaders.KVM_STATS_TYPE_INSTANT();
        if (counter && kvm_stats_desc.size(entry) == 1) {
            int offset = kvm_stats_desc.offset(entry);
            offsets.put(entry.getString(kvm_stats_desc.layout().byteSize()), offset);
            dataBytes = Math.max(dataBytes, offset + Long.BYTES);
        }
    }

    static StatisticsFile open(Fd owner) {
        Fd fd = Fd.own(owner.ioctl(KvmRequest.KVM_GET_STATS_FD, 0), "statistics file");
        try {
            return new StatisticsFile(fd);
        } catch (RuntimeException | Error failed) {
            fd.close();
            throw failed;
        }
    }

    /**
     * The counters' current values, by the kernel's names, in the kernel's order.
     *
     * @throws IllegalStateException after {@link #close}
     */
    public Map<String, Long> read() {
        Map<String, Long> values = new LinkedHashMap<>();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocate(dataBytes, Long.BYTES);
            fd.readAt(dataOffset, data);
            offsets.forEach((name, offset) -> values.put(name, data.get(ValueLayout.JAVA_LONG, offset)));
        }
        return values;
    }

    /** Closes the file. A second call does nothing. */
    @Override
    public void close() {
        fd.close();
    }
}
