package dev.interject.kvm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.function.Function;

import dev.interject.bindings.NativeHeaders;
import dev.interject.bindings.kvm_enable_cap;
import dev.interject.bindings.kvm_irqchip;
import dev.interject.bindings.kvm_irqfd;
import dev.interject.bindings.kvm_pit_config;
import dev.interject.bindings.kvm_pit_state2;
import dev.interject.bindings.kvm_userspace_memory_region;
import dev.interject.device.IoapicState;
import dev.interject.device.PicState;
import dev.interject.device.PitState;
import dev.interject.kvm.state.GsiRoute;
import dev.interject.kvm.state.MsiMessage;
import dev.interject.kvm.state.PicChip;
import dev.interject.kvm.structure.KvmIoapicState;
import dev.interject.kvm.structure.KvmIrqRouting;
import dev.interject.kvm.structure.KvmPicState;
import dev.interject.kvm.structure.KvmPitState;
import dev.interject.linux.Failure;
import dev.interject.linux.Fd;
import dev.interject.linux.error.Errno;
import dev.interject.linux.error.SystemCallException;

/**
 * A VM's file descriptor (api.rst, "VM ioctls"). Its methods may be called from any thread. It is closed after its
 * vCPUs; any later use, also of its lines and messages, throws {@link IllegalStateException}.
 *
 * <p>A method that stands for an ioctl throws {@link SystemCallException}, which names it, if the kernel refuses.
 */
public final class VirtualMachine implements AutoCloseable {

    private final Fd fd;
    private final Structures structures;
    private final int vcpuMapBytes;
    private boolean hasPit;
    private boolean hasExceptionPayload;

    VirtualMachine(Fd fd, int vcpuMapBytes) {
        this.fd = fd;
        this.structures = new Structures(fd);
        this.vcpuMapBytes = vcpuMapBytes;
    }

    /**
     * {@code KVM_SET_TSS_ADDR}: where Intel hosts keep three pages for real mode, unused by the guest. Before any
     * vCPU.
     *
     * @param address guest-physical, below 4 GiB
     */
    public void setTssAddress(long address) {
        fd.ioctl(KvmRequest.KVM_SET_TSS_ADDR, address);
    }

    /**
     * {@code KVM_SET_IDENTITY_MAP_ADDR}: where Intel hosts keep one page for real mode, unused by the guest. Before
     * any vCPU.
     *
     * @param address guest-physical, below 4 GiB
     */
    public void setIdentityMapAddress(long address) {
        structures.set(KvmRequest.KVM_SET_IDENTITY_MAP_ADDR, ValueLayout.JAVA_LONG,
                segment -> segment.set(ValueLayout.JAVA_LONG, 0, address));
    }

    /** {@code KVM_CREATE_IRQCHIP}: two PICs, an IOAPIC, and a LAPIC for each vCPU created later. Before any vCPU. */
    public void createIrqchip() {
        fd.ioctl(KvmRequest.KVM_CREATE_IRQCHIP, 0);
    }

    /**
     * {@code KVM_ENABLE_CAP} of {@code KVM_CAP_SPLIT_IRQCHIP}: a LAPIC for each vCPU created later, and no other
     * controller. Before any vCPU.
     *
     * @param ioapicPins how many GSIs, from 0 on, belong to an IOAPIC in user space; the EOI of its level-triggered
     *                   interrupts is reported as {@link Exit.InterruptEnded}
     */
    public void enableSplitIrqchip(int ioapicPins) {
        enable(Capability.KVM_CAP_SPLIT_IRQCHIP, ioapicPins);
    }

    /**
     * {@code KVM_ENABLE_CAP} of {@code KVM_CAP_EXCEPTION_PAYLOAD}: {@link Vcpu#events} tells what a pending exception
     * writes into CR2 or DR6, which it can set as well. At any time.
     */
    public void enableExceptionPayload() {
        enable(Capability.KVM_CAP_EXCEPTION_PAYLOAD, 1);
        hasExceptionPayload = true;
    }

    /** Whether {@link #enableExceptionPayload} was called. */
    public boolean hasExceptionPayload() {
        return hasExceptionPayload;
    }

    private void enable(Capability which, long argument) {
        structures.set(KvmRequest.KVM_ENABLE_CAP, kvm_enable_cap.layout(), capability -> {
            kvm_enable_cap.cap(capability, which.number());
            kvm_enable_cap.args(capability, 0, argument);
        });
    }

    /**
     * {@code KVM_CREATE_PIT2}: an 8254 in the kernel, whose channel 0 drives line 0, with port 0x61 for its channel 2
     * ({@code KVM_PIT_SPEAKER_DUMMY}). It needs an irqchip in the kernel.
     * Before any vCPU.
     */
    public void createPit() {
        structures.set(KvmRequest.KVM_CREATE_PIT2, kvm_pit_config.layout(),
                pit -> kvm_pit_config.flags(pit, NativeHeaders.KVM_PIT_SPEAKER_DUMMY()));
        hasPit = true;
    }

    /** Whether {@link #createPit} has made one. */
    public boolean hasPit() {
        return hasPit;
    }

    /**
     * {@code KVM_GET_PIT2}: the 8254 in the kernel.
     *
     * @throws SystemCallException {@code KVM_GET_PIT2: …}; ENXIO without one
     */
    public PitState pitState() {
        return structures.get(KvmRequest.KVM_GET_PIT2, kvm_pit_state2.layout(), KvmPitState::read);
    }

    /**
     * {@code KVM_SET_PIT2}: sets the 8254 in the kernel. Its channels load their counts, and channel 0 starts again.
     *
     * @throws SystemCallException {@code KVM_SET_PIT2: …}; ENXIO without one
     */
    public void setPitState(PitState state) {
        structures.set(KvmRequest.KVM_SET_PIT2, kvm_pit_state2.layout(), pit -> KvmPitState.write(state, pit));
    }

    /**
     * {@code KVM_SET_USER_MEMORY_REGION}: maps this RAM into the guest, from guest-physical address 0.
     *
     * @param slot the memory slot, from 0
     */
    public void setMemory(int slot, GuestMemory memory) {
        structures.set(KvmRequest.KVM_SET_USER_MEMORY_REGION, kvm_userspace_memory_region.layout(), region -> {
            kvm_userspace_memory_region.slot(region, slot);
            kvm_userspace_memory_region.guest_phys_addr(region, 0);
            kvm_userspace_memory_region.memory_size(region, memory.bytes());
            kvm_userspace_memory_region.userspace_addr(region, memory.hostAddress());
        });
    }

    /**
     * {@code KVM_CREATE_VCPU}. The vCPU with ID 0 is the bootstrap processor.
     *
     * @param id the vCPU's APIC ID, from 0
     */
    public Vcpu createVcpu(int id) {
        return new Vcpu(Fd.own(fd.ioctl(KvmRequest.KVM_CREATE_VCPU, id), "vCPU"), vcpuMapBytes);
    }

    /**
     * Whether the PICs and the IOAPIC of this VM are in the kernel. {@code KVM_GET_IRQCHIP} returns ENXIO if they
     * are not.
     */
    public boolean hasPicInKernel() {
        try (Arena arena = Arena.ofConfined()) {
            // of chip 0, the master
            int result = fd.tryIoctl(KvmRequest.KVM_GET_IRQCHIP, arena.allocate(kvm_irqchip.layout()));
            if (result == 0) {
                return true;
            }
            if (result == -Errno.ENXIO) {
                return false;
            }
            throw Failure.of(KvmRequest.KVM_GET_IRQCHIP.name(), -result);
        }
    }

    /** {@code KVM_GET_IRQCHIP} of one in-kernel 8259. */
    public PicState picState(PicChip chip) {
        return getIrqchip(chip.number(), union -> KvmPicState.read(kvm_irqchip.chip.pic(union)));
    }

    /** {@code KVM_SET_IRQCHIP} of one in-kernel 8259. */
    public void setPicState(PicChip chip, PicState state) {
        structures.set(KvmRequest.KVM_SET_IRQCHIP, kvm_irqchip.layout(), irqchip -> {
            kvm_irqchip.chip_id(irqchip, chip.number());
            KvmPicState.write(state, kvm_irqchip.chip.pic(kvm_irqchip.chip(irqchip)));
        });
    }

    private <T> T getIrqchip(int chip, Function<MemorySegment, T> reader) {
        return structures.exchange(KvmRequest.KVM_GET_IRQCHIP, kvm_irqchip.layout(),
                irqchip -> kvm_irqchip.chip_id(irqchip, chip),
                irqchip -> reader.apply(kvm_irqchip.chip(irqchip)));
    }

    /** The line of a GSI to the in-kernel controllers; creating it makes no system call. */
    public IrqLine irqLine(int gsi) {
        return new IrqLine(fd, gsi);
    }

    /** {@code KVM_GET_IRQCHIP} of the in-kernel IOAPIC. */
    public IoapicState ioapicState() {
        return getIrqchip(NativeHeaders.KVM_IRQCHIP_IOAPIC(),
                union -> KvmIoapicState.read(kvm_irqchip.chip.ioapic(union)));
    }

    /**
     * {@code KVM_SET_IRQCHIP} of the in-kernel IOAPIC. Each pin that requests an interrupt is raised again; the
     * IOAPIC's address, index register and ID do not change.
     */
    public void setIoapicState(IoapicState state) {
        structures.exchange(KvmRequest.KVM_GET_IRQCHIP, kvm_irqchip.layout(),
                irqchip -> kvm_irqchip.chip_id(irqchip, NativeHeaders.KVM_IRQCHIP_IOAPIC()), irqchip -> {
                    KvmIoapicState.write(state, kvm_irqchip.chip.ioapic(kvm_irqchip.chip(irqchip)));
                    return fd.ioctl(KvmRequest.KVM_SET_IRQCHIP, irqchip);
                });
    }

    /**
     * {@code KVM_IRQFD}: makes each signal of the eventfd a pulse of the GSI, until the eventfd is closed. An unknown
     * GSI is not an error.
     *
     * @throws SystemCallException {@code KVM_IRQFD: …}; EINVAL without an irqchip in the kernel, EBUSY if the
     *                             eventfd is bound already
     */
    public void bindIrqfd(EventFd event, int gsi) {
        bindIrqfd(event, gsi, 0, 0);
    }

    /**
     * {@code KVM_IRQFD} with a resample eventfd, for level-triggered lines: a signal raises the line, and the guest's
     * EOI lowers it and signals {@code resample}.
     */
    public void bindIrqfd(EventFd event, int gsi, EventFd resample) {
        bindIrqfd(event, gsi, NativeHeaders.KVM_IRQFD_FLAG_RESAMPLE(), resample.number());
    }

    /** Undoes {@link #bindIrqfd}. Returns when every earlier signal has become a pulse. */
    public void unbindIrqfd(EventFd event, int gsi) {
        bindIrqfd(event, gsi, NativeHeaders.KVM_IRQFD_FLAG_DEASSIGN(), 0);
    }

    private void bindIrqfd(EventFd event, int gsi, int flags, int resampleFd) {
        structures.set(KvmRequest.KVM_IRQFD, kvm_irqfd.layout(), irqfd -> {
            kvm_irqfd.fd(irqfd, event.number());
            kvm_irqfd.gsi(irqfd, gsi);
            kvm_irqfd.flags(irqfd, flags);
            kvm_irqfd.resamplefd(irqfd, resampleFd);
        });
    }

    /** A message-signalled interrupt that can be sent repeatedly; creating it makes no system call. */
    public Msi msi(MsiMessage message) {
        return new Msi(fd, message);
    }

    /**
     * {@code KVM_SET_GSI_ROUTING}: replaces the whole routing table.
     *
     * @param routes all routes; a GSI without one is connected to nothing
     */
    public void setRoutes(List<GsiRoute> routes) {
        try (Arena arena = Arena.ofConfined()) {
            fd.ioctl(KvmRequest.KVM_SET_GSI_ROUTING, KvmIrqRouting.table(arena, routes));
        }
    }

    /** The VM's state in KVM's own structures. */
    public VmStructures structures() {
        return new VmStructures(fd);
    }

    /** Closes the descriptor. The VM ends when its vCPUs are closed too. A second call does nothing. */
    @Override
    public void close() {
        fd.close();
    }
}
