package dev.interject.kvm.structure;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

import dev.interject.bindings.NativeHeaders;
import dev.interject.bindings.kvm_irq_routing;
import dev.interject.bindings.kvm_irqchip;
import dev.interject.bindings.kvm_lapic_state;
import dev.interject.bindings.kvm_mp_state;
import dev.interject.bindings.kvm_pit_state2;
import dev.interject.bindings.kvm_regs;
import dev.interject.bindings.kvm_sregs;
import dev.interject.bindings.kvm_vcpu_events;
import dev.interject.device.IoapicState;
import dev.interject.device.PicState;
import dev.interject.device.PitState;
import dev.interject.kvm.state.CpuidEntry;
import dev.interject.kvm.state.GsiRoute;
import dev.interject.kvm.state.LapicRegisters;
import dev.interject.kvm.state.MpState;
import dev.interject.kvm.state.Registers;
import dev.interject.kvm.state.SpecialRegisters;
import dev.interject.kvm.state.VcpuEvents;

/**
 * The bytes of KVM's structures, as they are passed to the kernel or were got from it.
 *
 * <p>Each method throws {@link IllegalArgumentException} if the bytes are too few or too many, or if a field has a
 * value that KVM does not give.
 */
public final class RawStructures {

    private RawStructures() {}

    /** {@code struct kvm_regs}. */
    public static Registers registers(byte[] bytes) {
        return read("kvm_regs", kvm_regs.sizeof(), bytes, KvmRegs::read);
    }

    /** {@code struct kvm_sregs}. */
    public static SpecialRegisters specialRegisters(byte[] bytes) {
        return read("kvm_sregs", kvm_sregs.sizeof(), bytes, KvmSregs::read);
    }

    /** {@code struct kvm_vcpu_events}. */
    public static VcpuEvents events(byte[] bytes) {
        return read("kvm_vcpu_events", kvm_vcpu_events.sizeof(), bytes, KvmVcpuEvents::read);
    }

    /** Whether a {@code struct kvm_vcpu_events} has the interrupt shadow. */
    public static boolean hasShadow(byte[] bytes) {
        return read("kvm_vcpu_events", kvm_vcpu_events.sizeof(), bytes,
                events -> (kvm_vcpu_events.flags(events) & NativeHeaders.KVM_VCPUEVENT_VALID_SHADOW()) != 0);
    }

    /** {@code struct kvm_cpuid2} with its leaves. */
    public static List<CpuidEntry> cpuid(byte[] bytes) {
        try (Arena arena = Arena.ofConfined()) {
            return KvmCpuid.read(KvmCpuid.of(arena, bytes));
        }
    }

    /** {@code struct kvm_lapic_state}. */
    public static LapicRegisters lapic(byte[] bytes) {
        return read("kvm_lapic_state", kvm_lapic_state.sizeof(), bytes, _ -> new LapicRegisters(bytes));
    }

    /** {@code struct kvm_mp_state}. */
    public static MpState mpState(byte[] bytes) {
        return read("kvm_mp_state", kvm_mp_state.sizeof(), bytes, state -> MpState.of(kvm_mp_state.mp_state(state)));
    }

    /** Of a {@code struct kvm_irqchip}: 0 the master 8259, 1 the slave, 2 the IOAPIC. */
    public static int chip(byte[] bytes) {
        return read("kvm_irqchip", kvm_irqchip.sizeof(), bytes, kvm_irqchip::chip_id);
    }

    /** A {@code struct kvm_irqchip} that is of an 8259. */
    public static PicState pic(byte[] bytes) {
        return read("kvm_irqchip", kvm_irqchip.sizeof(), bytes,
                irqchip -> KvmPicState.read(kvm_irqchip.chip.pic(kvm_irqchip.chip(irqchip))));
    }

    /** A {@code struct kvm_irqchip} that is of the IOAPIC. */
    public static IoapicState ioapic(byte[] bytes) {
        return read("kvm_irqchip", kvm_irqchip.sizeof(), bytes,
                irqchip -> KvmIoapicState.read(kvm_irqchip.chip.ioapic(kvm_irqchip.chip(irqchip))));
    }

    /** An 8259 as a {@code struct kvm_irqchip}. */
    public static byte[] pic(int chip, PicState state) {
        return write(kvm_irqchip.layout(), irqchip -> {
            kvm_irqchip.chip_id(irqchip, chip);
            KvmPicState.write(state, kvm_irqchip.chip.pic(kvm_irqchip.chip(irqchip)));
        });
    }

    /** An IOAPIC as a {@code struct kvm_irqchip}. */
    public static byte[] ioapic(IoapicState state) {
        return write(kvm_irqchip.layout(), irqchip -> {
            kvm_irqchip.chip_id(irqchip, NativeHeaders.KVM_IRQCHIP_IOAPIC());
            KvmIoapicState.write(state, kvm_irqchip.chip.ioapic(kvm_irqchip.chip(irqchip)));
        });
    }

    /** A routing table as a {@code struct kvm_irq_routing} with its entries. */
    public static byte[] routes(List<GsiRoute> routes) {
        try (Arena arena = Arena.ofConfined()) {
            return KvmIrqRouting.table(arena, routes).toArray(ValueLayout.JAVA_BYTE);
        }
    }

    /** {@code struct kvm_mp_state}. */
    public static byte[] mpState(MpState state) {
        return write(kvm_mp_state.layout(), to -> kvm_mp_state.mp_state(to, state.number()));
    }

    private static byte[] write(MemoryLayout layout, Consumer<MemorySegment> writer) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment structure = arena.allocate(layout);
            writer.accept(structure);
            return structure.toArray(ValueLayout.JAVA_BYTE);
        }
    }

    /** {@code struct kvm_pit_state2}. */
    public static PitState pit(byte[] bytes) {
        return read("kvm_pit_state2", kvm_pit_state2.sizeof(), bytes, KvmPitState::read);
    }

    /** {@code struct kvm_irq_routing} with its entries. */
    public static List<GsiRoute> routes(byte[] bytes) {
        if (bytes.length < kvm_irq_routing.sizeof()) {
            throw new IllegalArgumentException("struct kvm_irq_routing has %d bytes before its entries, not %d"
                    .formatted(kvm_irq_routing.sizeof(), bytes.length));
        }
        return KvmIrqRouting.read(aligned(bytes));
    }

    private static <T> T read(String name, long size, byte[] bytes, Function<MemorySegment, T> reader) {
        if (bytes.length != size) {
            throw new IllegalArgumentException(
                    "struct %s has %d bytes, not %d".formatted(name, size, bytes.length));
        }
        return reader.apply(aligned(bytes));
    }

    /** The fields of a structure are aligned, and the elements of an array of bytes are not. */
    private static MemorySegment aligned(byte[] bytes) {
        MemorySegment segment = MemorySegment.ofArray(new long[(bytes.length + Long.BYTES - 1) / Long.BYTES])
                .asSlice(0, bytes.length);
        MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return segment;
    }
}
