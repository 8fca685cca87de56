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
 * <p>One thread at a time makes calls: once the vCPU runs, the thread that runs it. A call from another thread blocks
 * as long as {@code KVM_RUN} lasts, except for {@link #setImmediateExit} and the statistics. Every use after
 * {@link #close} throws {@link IllegalStateException}. A method that stands for an ioctl throws
 * {@link SystemCallException}, which names it, if the kernel refuses.
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
     * {@code KVM_RUN}: runs the guest until it exits.
     *
     * @return a view of {@code kvm_run} that is valid until the next call
     * @throws SystemCallException {@code KVM_RUN: …} for any error but EINTR, which is {@link Exit.Interrupted}, and
     *                             EAGAIN, which is {@link Exit.Woken}
     */
    public Exit run() {
        int result = fd.tryIoctl(KvmRequest.KVM_RUN, MemorySegment.NULL);
        if (result < 0) {
            if (result == -Errno.EINTR) {
                return exits.interrupted(); // exit_reason is that of an earlier exit
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
     * {@link Exit.Interrupted} without executing another instruction. From any thread. The kernel reads it once, at
     * entry, so a guest that already runs needs a signal as well.
     */
    public void setImmediateExit(boolean set) {
        FLAG.setVolatile(run, kvm_run.immediate_exit$offset(), (byte) (set ? 1 : 0));
    }

    /** Whether {@code immediate_exit} is set. */
    public boolean immediateExit() {
        return (byte) FLAG.getVolatile(run, kvm_run.immediate_exit$offset()) != 0;
    }

    /**
     * {@code ready_for_interrupt_injection} after the last {@link #run}: the guest can take an external interrupt now
     * and none is queued. With a PIC in the kernel it is always true and means nothing.
     */
    public boolean readyForInterruptInjection() {
        return kvm_run.ready_for_interrupt_injection(run) != 0;
    }

    /** {@code if_flag}: RFLAGS.IF after the last {@link #run}; defined only without a LAPIC in the kernel. */
    public boolean interruptFlag() {
        return kvm_run.if_flag(run) != 0;
    }

    /** {@code request_interrupt_window}: whether {@link #run} returns as soon as the guest can take an interrupt. */
    public void requestInterruptWindow(boolean request) {
        kvm_run.request_interrupt_window(run, (byte) (request ? 1 : 0));
    }

    /**
     * {@code KVM_INTERRUPT}: queues an external interrupt. Without an irqchip in the kernel KVM does not check whether
     * the guest can take it: see {@link #readyForInterruptInjection}.
     *
     * @param vector 0–255
     * @throws SystemCallException {@code KVM_INTERRUPT: …}; ENXIO with a PIC in the kernel, EEXIST with a LAPIC
     *                             in the kernel while one is queued
     */
    public void interrupt(int vector) {
        if (!tryInterrupt(vector)) {
            throw Failure.of(KvmRequest.KVM_INTERRUPT.name(), Errno.EEXIST);
        }
    }

    /**
     * {@code KVM_INTERRUPT} where the LAPIC is in the kernel and the PIC is not (split irqchip): it acts as the PIC's
     * ExtINT, which the kernel holds until the guest can take it.
     *
     * @param vector 0–255
     * @return false if the kernel holds one already (EEXIST)
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
     * {@code KVM_NMI}: injects a non-maskable interrupt, whatever RFLAGS.IF is; wakes a halted vCPU. At most two are
     * pending, one while another is being handled; further ones are merged into them.
     */
    public void nmi() {
        fd.ioctl(KvmRequest.KVM_NMI, MemorySegment.NULL);
    }

    /** {@code KVM_SET_VCPU_EVENTS} of the number of pending NMIs, 0 to 2. */
    public void setPendingNmis(int pending) {
        nmiState.setPending(pending);
    }

    /** Whether a non-maskable interrupt is pending that is taken at the next entry. {@link #events} reports more. */
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

    /** {@code KVM_SET_SREGS}. EINVAL, without the register's name, for a combination that no CPU has. */
    public void setSpecialRegisters(SpecialRegisters values) {
        structures.set(KvmRequest.KVM_SET_SREGS, kvm_sregs.layout(), sregs -> KvmSregs.write(values, sregs));
    }

    /** {@code KVM_SET_CPUID2}: sets the leaves that the guest sees. Before the first {@link #run}. */
    public void setCpuid(List<CpuidEntry> leaves) {
        try (Arena arena = Arena.ofConfined()) {
            fd.ioctl(KvmRequest.KVM_SET_CPUID2, KvmCpuid.of(arena, leaves));
        }
    }

    /** {@code KVM_SET_SIGNAL_MASK}: which signals are blocked during {@link #run}; bit n−1 blocks signal n. */
    public void setSignalMask(long mask) {
        try (Arena arena = Arena.ofConfined()) {
            fd.ioctl(KvmRequest.KVM_SET_SIGNAL_MASK, KvmSignalMask.of(arena, mask));
        }
    }

    /** {@code KVM_SET_GUEST_DEBUG}: sets how the guest is debugged from the next {@link #run} on. */
    public void setDebug(GuestDebug debug) {
        structures.set(KvmRequest.KVM_SET_GUEST_DEBUG, kvm_guest_debug.layout(), to -> KvmGuestDebug.write(debug, to));
    }

    /** {@code KVM_GET_VCPU_EVENTS}. */
    public VcpuEvents events() {
        return structures.get(KvmRequest.KVM_GET_VCPU_EVENTS, kvm_vcpu_events.layout(), KvmVcpuEvents::read);
    }

    /**
     * {@code KVM_SET_VCPU_EVENTS}, including the interrupt shadow. The number of pending NMIs is not set, and what
     * {@link VcpuEvents} does not contain does not change.
     */
    public void setEvents(VcpuEvents values) {
        structures.get(KvmRequest.KVM_GET_VCPU_EVENTS, kvm_vcpu_events.layout(), events -> {
            KvmVcpuEvents.write(values, events);
            fd.ioctl(KvmRequest.KVM_SET_VCPU_EVENTS, events);
            return null;
        });
    }

    /** {@code KVM_GET_MP_STATE}; without a LAPIC in the kernel it is always {@link MpState#RUNNABLE}. */
    public MpState mpState() {
        return structures.get(KvmRequest.KVM_GET_MP_STATE, kvm_mp_state.layout(),
                state -> MpState.of(kvm_mp_state.mp_state(state)));
    }

    /** {@code KVM_SET_MP_STATE}; EINVAL without a LAPIC in the kernel, except for {@link MpState#RUNNABLE}. */
    public void setMpState(MpState value) {
        structures.set(KvmRequest.KVM_SET_MP_STATE, kvm_mp_state.layout(),
                state -> kvm_mp_state.mp_state(state, value.number()));
    }

    /** Whether this vCPU's LAPIC is in the kernel; {@code KVM_GET_LAPIC} returns EINVAL if it is not. */
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

    /** {@code KVM_SET_LAPIC}; a running timer restarts from the count that is set. */
    public void setLapicRegisters(LapicRegisters values) {
        structures.set(KvmRequest.KVM_SET_LAPIC, kvm_lapic_state.layout(),
                lapic -> kvm_lapic_state.regs(lapic).copyFrom(MemorySegment.ofArray(values.page())));
    }

    /** The counter that the guest reads with RDTSC, and its frequency. */
    public TimeStampCounter timeStampCounter() {
        return timeStampCounter;
    }

    /** The vCPU's state in KVM's own structures. */
    public VcpuStructures structures() {
        return new VcpuStructures(fd);
    }

    /** {@code KVM_GET_STATS_FD}: KVM's own counters of this vCPU. */
    public StatisticsFile statistics() {
        return StatisticsFile.open(fd);
    }

    /** {@code KVM_TRANSLATE}: the guest-physical address of a linear one; empty if nothing is mapped there. */
    public OptionalLong translate(long linearAddress) {
        return structures.exchange(KvmRequest.KVM_TRANSLATE, kvm_translation.layout(),
                translation -> kvm_translation.linear_address(translation, linearAddress),
                translation -> kvm_translation.valid(translation) == 0
                        ? OptionalLong.empty()
                        : OptionalLong.of(kvm_translation.physical_address(translation)));
    }

    /** Unmaps {@code kvm_run} and closes the descriptor. A second call does nothing. */
    @Override
    public void close() {
        try {
            mapping.close();
        } finally {
            fd.close();
        }
    }
}
