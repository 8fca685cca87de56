package dev.interject.kvm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import dev.interject.bindings.NativeHeaders;
import dev.interject.bindings.kvm_irqchip;
import dev.interject.bindings.kvm_userspace_memory_region;
import dev.interject.linux.Errno;
import dev.interject.linux.Fd;
import dev.interject.linux.SystemCallException;

/**
 * A VM's file descriptor (api.rst, "VM ioctls"). Its methods may be called from any thread; it is closed after its vCPUs.
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
     * Whether the PICs and the IOAPIC of this VM are in the kernel, by asking the kernel ({@code KVM_GET_IRQCHIP} answers
     * ENXIO where they are not).
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
            throw new SystemCallException(KvmRequest.KVM_GET_IRQCHIP.name(), -result);
        }
    }

    /** {@code KVM_GET_IRQCHIP} of one in-kernel 8259. */
    public PicRegisters picRegisters(PicChip chip) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment irqchip = irqchip(arena, chip.number());
            fd.ioctl(KvmRequest.KVM_GET_IRQCHIP, irqchip);
            return PicRegisters.read(kvm_irqchip.chip.pic(kvm_irqchip.chip(irqchip)));
        }
    }

    /** {@code KVM_SET_IRQCHIP} of one in-kernel 8259. */
    public void setPicRegisters(PicChip chip, PicRegisters registers) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment irqchip = irqchip(arena, chip.number());
            registers.write(kvm_irqchip.chip.pic(kvm_irqchip.chip(irqchip)));
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

    @Override
    public void close() {
        fd.close();
    }

    /** How many pins the in-kernel IOAPIC has; GSIs run from 0 to one less. */
    public static int ioapicPins() {
        return NativeHeaders.KVM_IOAPIC_NUM_PINS();
    }
}
