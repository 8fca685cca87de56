package dev.interject.kvm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

import dev.interject.bindings.NativeHeaders;
import dev.interject.bindings.kvm_enable_cap;
import dev.interject.bindings.kvm_irqchip;
import dev.interject.bindings.kvm_irqfd;
import dev.interject.bindings.kvm_pit_config;
import dev.interject.bindings.kvm_userspace_memory_region;
import dev.interject.kvm.state.GsiRoute;
import dev.interject.kvm.state.IoapicRegisters;
import dev.interject.kvm.state.MsiMessage;
import dev.interject.kvm.state.PicChip;
import dev.interject.kvm.state.PicRegisters;
import dev.interject.kvm.structure.KvmIoapicState;
import dev.interject.kvm.structure.KvmIrqRouting;
import dev.interject.kvm.structure.KvmPicState;
import dev.interject.linux.EventFd;
import dev.interject.linux.Failure;
import dev.interject.linux.Fd;
import dev.interject.linux.error.Errno;
import dev.interject.linux.error.SystemCallException;

/**
 * A VM's file descriptor (api.rst, "VM ioctls"). Its methods may be called from any thread; it is closed after its
 * vCPUs.
 */
public final class VirtualMachine implements AutoCloseable {

    private final Fd fd;
    private final int vcpuMapBytes;

    VirtualMachine(Fd fd, int vcpuMapBytes) {
        this.fd = fd;
        this.vcpuMapBytes = vcpuMapBytes;
    }

    /**
     * {@code KVM_SET_TSS_ADDR}: three pages, unused by the guest, that Intel hosts take for real mode. Before any vCPU.
     *
     * @param address guest-physical, below 4 GiB
     */
    public void setTssAddress(long address) {
        fd.ioctl(KvmRequest.KVM_SET_TSS_ADDR, address);
    }

    /**
     * {@code KVM_SET_IDENTITY_MAP_ADDR}: one page, unused by the guest, that Intel hosts take for real mode. Before any
     * vCPU.
     *
     * @param address guest-physical, below 4 GiB
     */
    public void setIdentityMapAddress(long address) {
        try (Arena arena = Arena.ofConfined()) {
            fd.ioctl(KvmRequest.KVM_SET_IDENTITY_MAP_ADDR, arena.allocateFrom(ValueLayout.JAVA_LONG, address));
        }
    }

    /** {@code KVM_CREATE_IRQCHIP}: two PICs, an IOAPIC, and a LAPIC for each vCPU made later. Before any vCPU. */
    public void createIrqchip() {
        fd.ioctl(KvmRequest.KVM_CREATE_IRQCHIP, 0);
    }

    /**
     * {@code KVM_ENABLE_CAP} of {@code KVM_CAP_SPLIT_IRQCHIP}: a LAPIC for each vCPU made later, and nothing else.
     * Before any vCPU.
     *
     * @param ioapicPins how many GSIs, from 0 on, belong to an IOAPIC outside the kernel; it learns of the end of its
     *                   level-triggered interrupts ({@link Exit.InterruptEnded})
     */
    public void enableSplitIrqchip(int ioapicPins) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment capability = arena.allocate(kvm_enable_cap.layout());
            kvm_enable_cap.cap(capability, NativeHeaders.KVM_CAP_SPLIT_IRQCHIP());
            kvm_enable_cap.args(capability, 0, ioapicPins);
            fd.ioctl(KvmRequest.KVM_ENABLE_CAP, capability);
        }
    }

    /**
     * {@code KVM_CREATE_PIT2}: an 8254 in the kernel, whose channel 0 drives line 0. With an irqchip in the kernel;
     * before any vCPU.
     */
    public void createPit() {
        try (Arena arena = Arena.ofConfined()) {
            fd.ioctl(KvmRequest.KVM_CREATE_PIT2, arena.allocate(kvm_pit_config.layout()));
        }
    }

    /**
     * {@code KVM_SET_USER_MEMORY_REGION}: gives the guest this RAM, from guest-physical address 0.
     *
     * @param slot which memory slot, from 0
     */
    public void setMemory(int slot, GuestMemory memory) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment region = arena.allocate(kvm_userspace_memory_region.layout());
            kvm_userspace_memory_region.slot(region, slot);
            kvm_userspace_memory_region.guest_phys_addr(region, 0);
            kvm_userspace_memory_region.memory_size(region, memory.bytes());
            kvm_userspace_memory_region.userspace_addr(region, memory.hostAddress());
            fd.ioctl(KvmRequest.KVM_SET_USER_MEMORY_REGION, region);
        }
    }

    /** {@code KVM_CREATE_VCPU}; the vCPU with ID 0 is the bootstrap processor. */
    public Vcpu createVcpu(int id) {
        return new Vcpu(Fd.own(fd.ioctl(KvmRequest.KVM_CREATE_VCPU, id)), vcpuMapBytes);
    }

    /**
     * Whether the PICs and the IOAPIC of this VM are in the kernel, by asking the kernel ({@code KVM_GET_IRQCHIP}
     * answers ENXIO where they are not).
     */
    public boolean hasPicInKernel() {
        try (Arena arena = Arena.ofConfined()) {
            int result = fd.tryIoctl(KvmRequest.KVM_GET_IRQCHIP, irqchip(arena, PicChip.MASTER.number()));
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
    public PicRegisters picRegisters(PicChip chip) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment irqchip = irqchip(arena, chip.number());
            fd.ioctl(KvmRequest.KVM_GET_IRQCHIP, irqchip);
            return KvmPicState.read(kvm_irqchip.chip.pic(kvm_irqchip.chip(irqchip)));
        }
    }

    /** {@code KVM_SET_IRQCHIP} of one in-kernel 8259. */
    public void setPicRegisters(PicChip chip, PicRegisters registers) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment irqchip = irqchip(arena, chip.number());
            KvmPicState.write(registers, kvm_irqchip.chip.pic(kvm_irqchip.chip(irqchip)));
            fd.ioctl(KvmRequest.KVM_SET_IRQCHIP, irqchip);
        }
    }

    private static MemorySegment irqchip(Arena arena, int chip) {
        MemorySegment irqchip = arena.allocate(kvm_irqchip.layout());
        kvm_irqchip.chip_id(irqchip, chip);
        return irqchip;
    }

    /** The wire of a GSI into the in-kernel controllers; making it asks the kernel nothing. */
    public IrqLine irqLine(int gsi) {
        return new IrqLine(fd, gsi);
    }

    /** {@code KVM_GET_IRQCHIP} of the in-kernel IOAPIC. */
    public IoapicRegisters ioapicRegisters() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment irqchip = irqchip(arena, NativeHeaders.KVM_IRQCHIP_IOAPIC());
            fd.ioctl(KvmRequest.KVM_GET_IRQCHIP, irqchip);
            return KvmIoapicState.read(kvm_irqchip.chip.ioapic(kvm_irqchip.chip(irqchip)));
        }
    }

    /**
     * {@code KVM_SET_IRQCHIP} of the in-kernel IOAPIC. Each pin that asks is raised anew; its address, index register
     * and ID stay as they are.
     */
    public void setIoapicRegisters(IoapicRegisters registers) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment irqchip = irqchip(arena, NativeHeaders.KVM_IRQCHIP_IOAPIC());
            fd.ioctl(KvmRequest.KVM_GET_IRQCHIP, irqchip);
            KvmIoapicState.write(registers, kvm_irqchip.chip.ioapic(kvm_irqchip.chip(irqchip)));
            fd.ioctl(KvmRequest.KVM_SET_IRQCHIP, irqchip);
        }
    }

    /**
     * {@code KVM_IRQFD}: from now on each signal of the eventfd is a pulse of the GSI. It ends with the eventfd.
     *
     * @throws SystemCallException {@code KVM_IRQFD: …}; EINVAL without an irqchip in the kernel, EBUSY where the
     *                             eventfd is bound already. An unknown GSI is no error
     */
    @SuppressWarnings("exports") // the machine makes them: Injectors.irqfd
    public void bindIrqfd(EventFd event, int gsi) {
        bindIrqfd(event, gsi, 0, 0);
    }

    /**
     * {@code KVM_IRQFD} with a resample eventfd: a signal takes the line high, the guest's EOI takes it low and signals
     * {@code resample}. For level-triggered lines.
     */
    @SuppressWarnings("exports") // the machine makes them: Injectors.irqfd
    public void bindIrqfd(EventFd event, int gsi, EventFd resample) {
        bindIrqfd(event, gsi, NativeHeaders.KVM_IRQFD_FLAG_RESAMPLE(), resample.number());
    }

    /** {@code KVM_IRQFD} undone. Returns when every signal sent before has become a pulse. */
    @SuppressWarnings("exports") // the machine makes them: Injectors.irqfd
    public void unbindIrqfd(EventFd event, int gsi) {
        bindIrqfd(event, gsi, NativeHeaders.KVM_IRQFD_FLAG_DEASSIGN(), 0);
    }

    private void bindIrqfd(EventFd event, int gsi, int flags, int resampleFd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment irqfd = arena.allocate(kvm_irqfd.layout());
            kvm_irqfd.fd(irqfd, event.number());
            kvm_irqfd.gsi(irqfd, gsi);
            kvm_irqfd.flags(irqfd, flags);
            kvm_irqfd.resamplefd(irqfd, resampleFd);
            fd.ioctl(KvmRequest.KVM_IRQFD, irqfd);
        }
    }

    /** A message-signalled interrupt that can be sent again and again; making it asks the kernel nothing. */
    public Msi msi(MsiMessage message) {
        return new Msi(fd, message);
    }

    /**
     * {@code KVM_SET_GSI_ROUTING}: replaces the whole routing table.
     *
     * @param routes no route for a GSI: its line leads nowhere
     */
    public void setRoutes(List<GsiRoute> routes) {
        try (Arena arena = Arena.ofConfined()) {
            fd.ioctl(KvmRequest.KVM_SET_GSI_ROUTING, KvmIrqRouting.table(arena, routes));
        }
    }

    @Override
    public void close() {
        fd.close();
    }
}
