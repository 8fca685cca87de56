package dev.interject.machine.snapshot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;

import dev.interject.interrupt.Irqchip;
import dev.interject.kvm.Capability;
import dev.interject.kvm.Kvm;
import dev.interject.kvm.UnsupportedKvmException;
import dev.interject.kvm.Vcpu;
import dev.interject.kvm.VcpuStructure;
import dev.interject.kvm.VcpuStructures;
import dev.interject.kvm.state.LapicRegisters;
import dev.interject.kvm.state.LapicTimerMode;
import dev.interject.kvm.state.MpState;
import dev.interject.kvm.structure.RawStructures;
import dev.interject.machine.vcpu.VcpuActor;

/** The pieces of one vCPU. On the vCPU's thread, and before it starts. */
final class VcpuPieces {

    private static final int IA32_TSC = 0x10;
    private static final int IA32_TSC_ADJUST = 0x3b;
    private static final int IA32_TSC_DEADLINE = 0x6e0;
    /** Of {@code asm/kvm_para.h}: the first two have older numbers as well. */
    private static final Set<Integer> KVMCLOCK = Set.of(0x11, 0x12, 0x4b564d00, 0x4b564d01, 0x4b564d02, 0x4b564d03,
            0x4b564d04, 0x4b564d05, 0x4b564d06, 0x4b564d07);

    /** As many cycles as a CPU's counter takes minutes for. */
    private static final long FAR = 1L << 40;

    /** How many ticks that come while it is looked are waited for; of a faster timer, one can be lost. */
    private static final int MOST_TICKS = 100;

    /** How many registers a message names. */
    private static final int MOST_NAMED = 4;

    private final boolean isFirst;
    private final Kvm kvm;
    private final Irqchip irqchip;
    private final Vcpu vcpu;
    private final VcpuActor actor;
    private final VcpuStructures structures;
    /** The LAPIC after {@link #deliverHidden}. */
    private Optional<LapicRegisters> settled = Optional.empty();
    private boolean hasTicked;
    /** The registers while an access was open, which has been completed since. */
    private Optional<byte[]> beforeAccess = Optional.empty();

    /** @param isFirst whether this vCPU's time-stamp counter is set before those of others */
    VcpuPieces(boolean isFirst, Kvm kvm, Irqchip irqchip, Vcpu vcpu, VcpuActor actor) {
        this.isFirst = isFirst;
        this.kvm = kvm;
        this.irqchip = irqchip;
        this.vcpu = vcpu;
        this.actor = actor;
        this.structures = vcpu.structures();
    }

    /** Empty if the vCPU has no such piece. */
    Optional<byte[]> read(Piece piece) {
        return switch (piece) {
            case CPUID -> Optional.of(structures.cpuid());
            case TSC_KHZ -> vcpu.timeStampCounter()
                    .kilohertz()
                    .stream()
                    .mapToObj(kilohertz -> buffer(Integer.BYTES).putInt(kilohertz).array())
                    .findFirst();
            case SREGS -> read(has(Capability.KVM_CAP_SREGS2) ? VcpuStructure.SREGS2 : VcpuStructure.SREGS, true);
            case XCRS -> read(VcpuStructure.XCRS, has(Capability.KVM_CAP_XCRS));
            case XSAVE -> xsave();
            case REGS -> read(VcpuStructure.REGS, true);
            case ACCESS -> beforeAccess;
            case DEBUGREGS -> read(VcpuStructure.DEBUGREGS, has(Capability.KVM_CAP_DEBUGREGS));
            case MSRS -> msrs(kvm.msrNumbers().stream().filter(number -> !isPiece(number)).toList());
            case TSC -> msrs(List.of(IA32_TSC));
            case TSC_ADJUST -> msrs(List.of(IA32_TSC_ADJUST));
            case KVMCLOCK -> msrs(kvm.msrNumbers().stream().filter(KVMCLOCK::contains).toList());
            case LAPIC -> irqchip.hasLapicInKernel() ? Optional.of(lapic()) : Optional.empty();
            case TSC_DEADLINE -> irqchip.hasLapicInKernel() ? msrs(List.of(IA32_TSC_DEADLINE)) : Optional.empty();
            case EVENTS -> {
                actor.nmis().request(); // those that were requested meanwhile
                yield read(VcpuStructure.EVENTS, true);
            }
            case MP_STATE -> irqchip.hasLapicInKernel()
                    ? read(VcpuStructure.MP_STATE, true)
                    : Optional.of(RawStructures.mpState(actor.sleep().isHalted() ? MpState.HALTED : MpState.RUNNABLE));
            case MEMORY, PAYLOAD, CLOCK, ROUTES, PIC_MASTER, PIC_SLAVE, IOAPIC, PIT, LINES, IRQFDS, WINDOW ->
                throw new IllegalArgumentException(piece + " is not of a vCPU");
        };
    }

    /**
     * {@code KVM_SET_LAPIC} starts a one-shot timer whose count is 0, which then ticks at once: also one whose tick has
     * been taken. So such a timer is saved as one that was never started.
     */
    private byte[] lapic() {
        byte[] content = structures.read(VcpuStructure.LAPIC, VcpuStructure.LAPIC.bytes());
        LapicRegisters registers = RawStructures.lapic(content);
        hasTicked = settled.isPresent() && endsPeriod(settled.get(), registers);
        boolean done = registers.timerMode() == LapicTimerMode.ONE_SHOT && registers.timerCurrentCount() == 0;
        return done ? registers.withTimerCount(0).page() : content;
    }

    /** Whether a timer whose ticks are hidden has ticked between two readings; its count goes down. */
    private static boolean endsPeriod(LapicRegisters before, LapicRegisters after) {
        return before.timerMode() != LapicTimerMode.DEADLINE && (before.timerCurrentCount() != 0
                && after.timerCurrentCount() == 0
                || Integer.compareUnsigned(after.timerCurrentCount(), before.timerCurrentCount()) > 0);
    }

    /** Whether a tick came after {@link #deliverHidden}, so that all has to be read again. */
    boolean hasTicked() {
        return hasTicked;
    }

    /** The access that the last save completed is not one of the next. */
    void forgetAccess() {
        beforeAccess = Optional.empty();
    }

    /**
     * Completes an access that is open, and brings into KVM's structures what no ioctl reads while the vCPU is stopped.
     * A tick that has come since the vCPU ran is not in the LAPIC's IRR yet: one of a periodic timer would be lost, one
     * of a one-shot timer would look like one that was taken. With a split irqchip, a LAPIC keeps a vector of
     * {@code KVM_INTERRUPT}, and an EOI for the IOAPIC in user space, until the vCPU runs.
     */
    void deliverHidden() {
        if (actor.access().isOpen()) {
            beforeAccess = read(VcpuStructure.REGS, true);
        }
        while (actor.access().isOpen()) { // an instruction can have several
            actor.access().complete();
        }
        if (!irqchip.hasLapicInKernel()) {
            return;
        }
        LapicRegisters before = vcpu.lapicRegisters();
        boolean again = irqchip == Irqchip.SPLIT || before.timerInitialCount() != 0;
        for (int ticks = 0; again && ticks < MOST_TICKS; ticks++) {
            actor.sleep().deliverPending();
            LapicRegisters after = vcpu.lapicRegisters();
            again = endsPeriod(before, after); // it may have ticked after the kernel looked
            before = after;
        }
        settled = Optional.of(before);
    }

    private static boolean isPiece(int msr) {
        return msr == IA32_TSC || msr == IA32_TSC_ADJUST || msr == IA32_TSC_DEADLINE || KVMCLOCK.contains(msr);
    }

    private boolean has(Capability capability) {
        return kvm.check(capability) != 0;
    }

    private Optional<byte[]> read(VcpuStructure structure, boolean present) {
        return present ? Optional.of(structures.read(structure, structure.bytes())) : Optional.empty();
    }

    private Optional<byte[]> xsave() {
        int bytes = kvm.check(Capability.KVM_CAP_XSAVE2);
        return bytes > 0
                ? Optional.of(structures.read(VcpuStructure.XSAVE2, bytes))
                : read(VcpuStructure.XSAVE, has(Capability.KVM_CAP_XSAVE));
    }

    private Optional<byte[]> msrs(List<Integer> numbers) {
        Map<Integer, Long> values = structures.msrs().read(numbers);
        return values.isEmpty() ? Optional.empty() : Optional.of(MsrBytes.write(values));
    }

    /** @throws RuntimeException if KVM refuses it, or it is not what such a piece is */
    void write(Piece piece, byte[] content) {
        switch (piece) {
            case CPUID -> structures.setCpuid(content);
            case TSC_KHZ -> vcpu.timeStampCounter().setKilohertz(IntBytes.read(content).getFirst());
            case SREGS -> structures.write(content.length == VcpuStructure.SREGS.bytes()
                    ? VcpuStructure.SREGS
                    : VcpuStructure.SREGS2, content);
            case XCRS -> structures.write(VcpuStructure.XCRS, content);
            case XSAVE -> structures.write(VcpuStructure.XSAVE, content);
            case REGS -> structures.write(VcpuStructure.REGS, content);
            case ACCESS -> {
                // the other pieces were read after it was completed
            }
            case DEBUGREGS -> structures.write(VcpuStructure.DEBUGREGS, content);
            case TSC -> writeTsc(content);
            case MSRS, TSC_ADJUST, KVMCLOCK, TSC_DEADLINE -> writeMsrs(content);
            case LAPIC -> structures.write(VcpuStructure.LAPIC, content);
            case EVENTS -> {
                structures.write(VcpuStructure.EVENTS, content);
                actor.nmis().set(RawStructures.events(content).nmisPending());
            }
            case MP_STATE -> writeMpState(content);
            case MEMORY, PAYLOAD, CLOCK, ROUTES, PIC_MASTER, PIC_SLAVE, IOAPIC, PIT, LINES, IRQFDS, WINDOW ->
                throw new IllegalArgumentException(piece + " is not of a vCPU");
        }
    }

    private void writeMpState(byte[] content) {
        if (irqchip.hasLapicInKernel()) {
            structures.write(VcpuStructure.MP_STATE, content);
        } else {
            actor.sleep().setHalted(RawStructures.mpState(content) == MpState.HALTED);
        }
    }

    /**
     * KVM takes a value that is within a second of what the counters of the VM would show for an attempt to set all of
     * them alike, and then keeps that; before Linux 6.8 also right after the VM was made. So the counter of the first
     * vCPU is first set to a far time, and the others follow it.
     */
    private void writeTsc(byte[] content) {
        if (isFirst) {
            SortedMap<Integer, Long> far = MsrBytes.read(content);
            far.replaceAll((_, counter) -> counter + FAR);
            writeMsrs(MsrBytes.write(far));
        }
        writeMsrs(content);
    }

    /** Sets the time-stamp counter of a vCPU that has not run. */
    void writeTsc(long counter) {
        writeTsc(MsrBytes.write(Map.of(IA32_TSC, counter)));
    }

    private void writeMsrs(byte[] content) {
        Map<Integer, Long> values = MsrBytes.read(content);
        Set<Integer> refused = structures.msrs().write(values);
        if (!refused.isEmpty()) {
            throw new UnsupportedKvmException("KVM_SET_MSRS: this KVM does not let a guest have "
                    + refused.stream()
                            .limit(MOST_NAMED)
                            .map(number -> "0x%x = 0x%x".formatted(number, values.get(number)))
                            .collect(Collectors.joining(", "))
                    + (refused.size() > MOST_NAMED ? ", and %d more".formatted(refused.size() - MOST_NAMED) : ""));
        }
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
