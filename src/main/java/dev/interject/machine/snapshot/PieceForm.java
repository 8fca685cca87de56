package dev.interject.machine.snapshot;

import java.util.List;

import dev.interject.interrupt.Irqchip;
import dev.interject.kvm.VcpuStructure;
import dev.interject.kvm.VmStructure;
import dev.interject.kvm.structure.RawStructures;

/** Which content a piece can have. A piece that comes from a file may have any. */
public final class PieceForm {

    private static final int MSR_BYTES = Integer.BYTES + Long.BYTES;
    private static final int MOST_MSRS = 1024;
    private static final int LARGEST_XSAVE = 1 << 16;
    private static final int LAST_GSI = 4095;
    private static final int LAST_VECTOR = 255;
    private static final int MOST_VECTORS = 1024;

    private PieceForm() {}

    /**
     * Checks a piece's content.
     *
     * @param memoryBytes the size of the machine's RAM
     * @throws IllegalArgumentException if no machine with this irqchip has such a piece
     */
    public static void require(SavedPiece saved, Irqchip irqchip, long memoryBytes) {
        byte[] content = saved.content();
        switch (saved.piece()) {
            case MEMORY -> MemoryPages.require(content, memoryBytes);
            case CPUID -> RawStructures.cpuid(content);
            case TSC_KHZ, PAYLOAD, LINES -> requireBytes(content, Integer.BYTES);
            case SREGS -> require(content.length == VcpuStructure.SREGS.bytes()
                    || content.length == VcpuStructure.SREGS2.bytes(), content);
            case XCRS -> requireBytes(content, VcpuStructure.XCRS.bytes());
            case XSAVE -> require(content.length >= VcpuStructure.XSAVE.bytes() && content.length <= LARGEST_XSAVE,
                    content);
            case REGS, ACCESS -> RawStructures.registers(content);
            case DEBUGREGS -> requireBytes(content, VcpuStructure.DEBUGREGS.bytes());
            case MSRS, KVMCLOCK -> require(content.length > 0 && content.length % MSR_BYTES == 0
                    && content.length / MSR_BYTES <= MOST_MSRS, content);
            case TSC, TSC_ADJUST, TSC_DEADLINE -> requireBytes(content, MSR_BYTES);
            case CLOCK -> requireBytes(content, VmStructure.CLOCK.bytes());
            case LAPIC -> RawStructures.lapic(content);
            case EVENTS -> RawStructures.events(content);
            case MP_STATE -> RawStructures.mpState(content);
            case ROUTES -> RawStructures.routes(content);
            case PIC_SLAVE, PIC_MASTER -> RawStructures.pic(content);
            case IOAPIC -> RawStructures.ioapic(content);
            case PIT -> RawStructures.pit(content);
            case IRQFDS -> requireIrqfds(content);
            case WINDOW -> require(content.length / Integer.BYTES <= MOST_VECTORS && IntBytes.read(content)
                    .stream()
                    .allMatch(vector -> vector >= 0 && vector <= LAST_VECTOR), content);
        }
        if (!saved.piece().isOf(irqchip)) {
            throw new IllegalArgumentException("a machine with irqchip %s has no such piece".formatted(irqchip));
        }
    }

    /** Pairs of a GSI, and whether a device has signalled it meanwhile. */
    private static void requireIrqfds(byte[] content) {
        List<Integer> pairs = IntBytes.read(content);
        require(pairs.size() % 2 == 0, content);
        for (int i = 0; i + 1 < pairs.size(); i += 2) {
            require(pairs.get(i) >= 0 && pairs.get(i) <= LAST_GSI && pairs.get(i + 1) >= 0 && pairs.get(i + 1) <= 1,
                    content);
        }
    }

    private static void requireBytes(byte[] content, int bytes) {
        if (content.length != bytes) {
            throw new IllegalArgumentException("it has %d bytes, not %d".formatted(content.length, bytes));
        }
    }

    private static void require(boolean holds, byte[] content) {
        if (!holds) {
            throw new IllegalArgumentException("its %d bytes are not such a piece".formatted(content.length));
        }
    }
}
