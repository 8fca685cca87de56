package dev.interject.kvm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.OptionalLong;

import dev.interject.bindings.kvm_guest_debug;
import dev.interject.bindings.kvm_interrupt;
import dev.interject.bindings.kvm_lapic_state;
import dev.interject.bindings.kvm_mp_state;
import dev.interject.bindings.kvm_regs;
import dev.interject.bindings.kvm_run;
import dev.interject.bindings.kvm_sregs;
import dev.interject.bindings.kvm_translation;
import dev.interject.bindings.kvm_vcpu_events;
import dev.interject.kvm.state.CpuidEntry;
import dev.interject.kvm.state.GuestDebug;
import dev.interject.kvm.state.LapicRegisters;
import dev.interject.kvm.state.MpState;
import dev.interject.kvm.state.Registers;
import dev.interject.kvm.state.SpecialRegisters;
import dev.interject.kvm.state.VcpuEvents;
import dev.interject.kvm.structure.KvmCpuid;
import dev.interject.kvm.structure.KvmGuestDebug;
import dev.interject.kvm.structure.KvmRegs;
import dev.interject.kvm.structure.KvmSignalMask;
import dev.interject.kvm.structure.KvmSregs;
import dev.interject.kvm.structure.KvmVcpuEvents;
import dev.interject.linux.Failure;
import dev.interject.linux.Fd;
import dev.interject.linux.Mapping;
import dev.interject.linux.error.Errno;
import dev.interject.linux.error.SystemCallException;

/**
 * A vCPU's file descriptor and its {@code kvm_run} page (api.rst, "vcpu ioctls").
 *
 * <p>One thread at a time makes calls here, the one that runs it once it runs: from another, a call would block as long
 * as {@code KVM_RUN} lasts. The exceptions are {@link #setImmediateExit} and the statistics.
 */
public final class Vcpu implements AutoCloseable {

    private static final VarHandle FLAG = ValueLayout.JAVA_BYTE.varHandle();

    private final Fd fd;
    private final Mapping mapping;
    private final MemorySegment run;
    private final MemorySegment interrupt = Arena.ofAuto().allocate(kvm_interrupt.layout());

    private final Structures structures;
    private final TimeStampCounter timeStampCounter;
    private final NmiState nmiState;
    private final Exits exits;

    Vcpu(Fd fd, int mapBytes) {
        this.fd = fd;
        try {
            this.mapping = Mapping.shared(fd, mapBytes);
        } catch (SystemCallException failed) {
            fd.close();
            throw failed;
        }
        this.run = mapping.memory();
        this.structures = new Structures(fd);
        this.timeStampCounter = new TimeStampCounter(fd);
        this.nmiState = new NmiState(fd);
        this.exits = new Exits(run);
    }

    /**
     * {@code KVM_RUN}: runs the guest until something needs the host. Allocates nothing.
     *
     * @return a view that holds until the next call
     * @throws SystemCallException {@code KVM_RUN: …} for any error but EINTR, which is {@link Exit.Interrupted}, and
     *                             EAGAIN, which is {@link Exit.Woken}
     */
    public Exit run() {
        int result = fd.tryIoctl(KvmRequest.KVM_RUN, MemorySegment.NULL);
        if (result < 0) {
            if (result == -Errno.EINTR) {
                return exits.interrupted(); // exit_reason is that of an exit before
            }
            if (result == -Errno.EAGAIN) {
                return exits.woken();
            }
            throw Failure.of(KvmRequest.KVM_RUN.name(), -result);
        }
        return exits.current();
    }

    /**
     * {@code immediate_exit}: while set, {@link #run} completes a pending port or memory access and returns
     * {@link Exit.Interrupted} without running the guest on. From any thread; the kernel reads it once, at entry, so a
     * guest that runs already needs a signal as well.
     */
    public void setImmediateExit(boolean set) {
        FLAG.setVolatile(run, kvm_run.immediate_exit$offset(), (byte) (set ? 1 : 0));
    }

    /** Whether {@link #setImmediateExit} is in force. */
    public boolean immediateExit() {
        return (byte) FLAG.getVolatile(run, kvm_run.immediate_exit$offset()) != 0;
    }

    /**
     * {@code ready_for_interrupt_injection}, as the last {@link #run} left it: the guest can take an external interrupt
     * now and none is queued. Always true with a PIC in the kernel, where it means nothing.
     */
    public boolean readyForInterruptInjection() {
        return kvm_run.ready_for_interrupt_injection(run) != 0;
    }

    /**
     * {@code if_flag}: RFLAGS.IF as the last {@link #run} left it; means something only without a LAPIC in the kernel.
     */
    public boolean interruptFlag() {
        return kvm_run.if_flag(run) != 0;
    }

    /**
     * {@code request_interrupt_window}: whether {@link #run} is to return as soon as the guest can take an interrupt.
     */
    public void requestInterruptWindow(boolean request) {
        kvm_run.request_interrupt_window(run, (byte) (request ? 1 : 0));
    }

    /**
     * {@code KVM_INTERRUPT}: queues an external interrupt. Without an irqchip in the kernel nothing protects the guest:
     * see {@link #readyForInterruptInjection}. Allocates nothing.
     *
     * @param vector 0–255
     * @throws SystemCallException {@code KVM_INTERRUPT: …}; ENXIO with a PIC in the kernel, EEXIST with a LAPIC
     *                             in the kernel while one is queued
     */
    public void interrupt(int vector) {
        kvm_interrupt.irq(interrupt, vector);
        fd.ioctl(KvmRequest.KVM_INTERRUPT, interrupt);
    }

    /**
     * {@code KVM_INTERRUPT} as above, where the LAPIC is in the kernel and the PIC is not (split): there it acts as the
     * PIC's ExtINT, which the kernel holds as long as the guest is closed.
     *
     * @return false if one is held already (EEXIST)
     */
    public boolean tryInterrupt(int vector) {
        kvm_interrupt.irq(interrupt, vector);
        int result = fd.tryIoctl(KvmRequest.KVM_INTERRUPT, interrupt);
        if (result < 0 && result != -Errno.EEXIST) {
            throw Failure.of(KvmRequest.KVM_INTERRUPT.name(), -result);
        }
        return result == 0;
    }

    /**
     * {@code KVM_NMI}: a non-maskable interrupt, whatever RFLAGS.IF says; wakes a halted vCPU. At most two wait, of
     * which one while another is handled; the rest collapse into them.
     */
    public void nmi() {
        fd.ioctl(KvmRequest.KVM_NMI, MemorySegment.NULL);
    }

    /** Whether one waits that would be taken at the next entry; {@link #events} tells more. Allocates nothing. */
    public boolean canTakeNmi() {
        return nmiState.canEnter();
    }

    /** {@code KVM_GET_REGS}. */
    public Registers registers() {
        return structures.get(KvmRequest.KVM_GET_REGS, kvm_regs.layout(), KvmRegs::read);
    }

    /** {@code KVM_SET_REGS}. */
    public void setRegisters(Registers values) {
        structures.set(KvmRequest.KVM_SET_REGS, kvm_regs.layout(), regs -> KvmRegs.write(values, regs));
    }

    /** {@code KVM_GET_SREGS}. */
    public SpecialRegisters specialRegisters() {
        return structures.get(KvmRequest.KVM_GET_SREGS, kvm_sregs.layout(), KvmSregs::read);
    }

    /** {@code KVM_SET_SREGS}. The kernel answers EINVAL, without saying which, for a combination that no CPU has. */
    public void setSpecialRegisters(SpecialRegisters values) {
        structures.set(KvmRequest.KVM_SET_SREGS, kvm_sregs.layout(), sregs -> KvmSregs.write(values, sregs));
    }

    /** {@code KVM_SET_CPUID2}: the leaves that the guest sees. Before the first {@link #run}. */
    public void setCpuid(List<CpuidEntry> leaves) {
        try (Arena arena = Arena.ofConfined()) {
            fd.ioctl(KvmRequest.KVM_SET_CPUID2, KvmCpuid.of(arena, leaves));
        }
    }

    /**
     * {@code KVM_SET_SIGNAL_MASK}: the thread's signal mask for as long as {@link #run} lasts.
     *
     * @param mask the kernel's 64-bit set: bit n−1 blocks signal n
     */
    public void setSignalMask(long mask) {
        try (Arena arena = Arena.ofConfined()) {
            fd.ioctl(KvmRequest.KVM_SET_SIGNAL_MASK, KvmSignalMask.of(arena, mask));
        }
    }

    /** {@code KVM_SET_GUEST_DEBUG}: how the guest is debugged from the next {@link #run} on. */
    public void setDebug(GuestDebug debug) {
        structures.set(KvmRequest.KVM_SET_GUEST_DEBUG, kvm_guest_debug.layout(),
                structure -> KvmGuestDebug.write(debug, structure));
    }

    /** {@code KVM_GET_VCPU_EVENTS}. */
    public VcpuEvents events() {
        return structures.get(KvmRequest.KVM_GET_VCPU_EVENTS, kvm_vcpu_events.layout(), KvmVcpuEvents::read);
    }

    /**
     * {@code KVM_SET_VCPU_EVENTS}: the shadow among them, but not how many NMIs wait, for which {@link #nmi} asks; what
     * {@link VcpuEvents} does not tell stays as it is.
     */
    public void setEvents(VcpuEvents values) {
        structures.get(KvmRequest.KVM_GET_VCPU_EVENTS, kvm_vcpu_events.layout(), events -> {
            KvmVcpuEvents.write(values, events);
            fd.ioctl(KvmRequest.KVM_SET_VCPU_EVENTS, events);
            return null;
        });
    }

    /** {@code KVM_GET_MP_STATE}; without a LAPIC in the kernel it always says {@link MpState#RUNNABLE}. */
    public MpState mpState() {
        return structures.get(KvmRequest.KVM_GET_MP_STATE, kvm_mp_state.layout(),
                state -> MpState.of(kvm_mp_state.mp_state(state)));
    }

    /** {@code KVM_SET_MP_STATE}; without a LAPIC in the kernel EINVAL for all but {@link MpState#RUNNABLE}. */
    public void setMpState(MpState value) {
        structures.set(KvmRequest.KVM_SET_MP_STATE, kvm_mp_state.layout(),
                state -> kvm_mp_state.mp_state(state, value.number()));
    }

    /** Whether this vCPU's LAPIC is in the kernel, as it says: {@code KVM_GET_LAPIC} is EINVAL where it is not. */
    public boolean hasLapicInKernel() {
        try (Arena arena = Arena.ofConfined()) {
            int result = fd.tryIoctl(KvmRequest.KVM_GET_LAPIC, arena.allocate(kvm_lapic_state.layout()));
            if (result < 0 && result != -Errno.EINVAL) {
                throw Failure.of(KvmRequest.KVM_GET_LAPIC.name(), -result);
            }
            return result == 0;
        }
    }

    /** {@code KVM_GET_LAPIC}. Only with a LAPIC in the kernel: see {@link #hasLapicInKernel}. */
    public LapicRegisters lapicRegisters() {
        return structures.get(KvmRequest.KVM_GET_LAPIC, kvm_lapic_state.layout(),
                lapic -> new LapicRegisters(kvm_lapic_state.regs(lapic).toArray(ValueLayout.JAVA_BYTE)));
    }

    /** {@code KVM_SET_LAPIC}; a timer that runs starts anew from the count that is set. */
    public void setLapicRegisters(LapicRegisters values) {
        structures.set(KvmRequest.KVM_SET_LAPIC, kvm_lapic_state.layout(),
                lapic -> kvm_lapic_state.regs(lapic).copyFrom(MemorySegment.ofArray(values.page())));
    }

    /** What the guest's RDTSC reads, and how fast it runs. */
    public TimeStampCounter timeStampCounter() {
        return timeStampCounter;
    }

    /** {@code KVM_GET_STATS_FD}: what KVM counts of this vCPU. */
    public StatisticsFile statistics() {
        return StatisticsFile.open(fd);
    }

    /**
     * {@code KVM_TRANSLATE}: where the guest's page tables, as they are now, put a linear address.
     *
     * @return the guest-physical address, or empty where nothing is mapped
     */
    public OptionalLong translate(long linearAddress) {
        return structures.exchange(KvmRequest.KVM_TRANSLATE, kvm_translation.layout(),
                translation -> kvm_translation.linear_address(translation, linearAddress),
                translation -> kvm_translation.valid(translation) == 0
                        ? OptionalLong.empty()
                        : OptionalLong.of(kvm_translation.physical_address(translation)));
    }

    @Override
    public void close() {
        try {
            mapping.close();
        } finally {
            fd.close();
        }
    }
}
