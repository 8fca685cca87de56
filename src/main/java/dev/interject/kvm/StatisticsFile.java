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
    /** Read when it is first needed: most machines' counters are never read. */
    private volatile Layout layout;

    private StatisticsFile(Fd fd) {
        this.fd = fd;
    }

    /**
     * Where the counters are in the file.
     *
     * @param dataOffset of the data block
     * @param dataBytes  from the start of the data block to the end of its last counter
     * @param offsets    of each single-valued counter in the data block
     */
    private record Layout(long dataOffset, long dataBytes, Map<String, Integer> offsets) {}

    private Layout layout() {
        if (layout == null) {
            layout = readLayout();
        }
        return layout;
    }

    private Layout readLayout() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment header = arena.allocate(kvm_stats_header.layout());
            fd.readAt(0, header);
            int nameBytes = kvm_stats_header.name_size(header);
            int count = kvm_stats_header.num_desc(header);
            long entryBytes = kvm_stats_desc.layout().byteSize() + nameBytes;
            MemorySegment entries = arena.allocate(entryBytes * count, kvm_stats_desc.layout().byteAlignment());
            fd.readAt(Integer.toUnsignedLong(kvm_stats_header.desc_offset(header)), entries);
            Map<String, Integer> offsets = new LinkedHashMap<>();
            for (int i = 0; i < count; i++) {
                MemorySegment entry = entries.asSlice(i * entryBytes, entryBytes);
                if (isCounter(entry)) {
                    offsets.put(entry.getString(kvm_stats_desc.layout().byteSize()), kvm_stats_desc.offset(entry));
                }
            }
            int last = offsets.values().stream().mapToInt(offset -> offset).max().orElse(-Long.BYTES);
            return new Layout(Integer.toUnsignedLong(kvm_stats_header.data_offset(header)), last + Long.BYTES,
                    offsets);
        }
    }

    /** Histograms, which have more than one value, are left out. */
    private static boolean isCounter(MemorySegment entry) {
        int type = kvm_stats_desc.flags(entry) & NativeHeaders.KVM_STATS_TYPE_MASK();
        boolean counter = type == NativeHeaders.KVM_STATS_TYPE_CUMULATIVE()
                || type == NativeHeaders.KVM_STATS_TYPE_INSTANT();
        return counter && kvm_stats_desc.size(entry) == 1;
    }

    static StatisticsFile open(Fd owner) {
        return new StatisticsFile(Fd.own(owner.ioctl(KvmRequest.KVM_GET_STATS_FD, 0), "statistics file"));
    }

    /**
     * The counters' current values, by the kernel's names, in the kernel's order.
     *
     * @throws IllegalStateException after {@link #close}
     */
    public Map<String, Long> read() {
        Layout where = layout();
        Map<String, Long> values = new LinkedHashMap<>();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocate(where.dataBytes, Long.BYTES);
            fd.readAt(where.dataOffset, data);
            where.offsets.forEach((name, offset) -> values.put(name, data.get(ValueLayout.JAVA_LONG, offset)));
        }
        return values;
    }

    /** Closes the file. A second call does nothing. */
    @Override
    public void close() {
        fd.close();
    }
}
