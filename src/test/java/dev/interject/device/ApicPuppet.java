package dev.interject.device;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import dev.interject.guest.BuiltinBoot;
import dev.interject.guest.MemoryMap;
import dev.interject.guest.boot.BootMode;
import dev.interject.guest.boot.Part;
import dev.interject.guest.boot.StartState;
import dev.interject.kvm.Exit;
import dev.interject.kvm.GuestMemory;
import dev.interject.kvm.Kvm;
import dev.interject.kvm.PortIo;
import dev.interject.kvm.Vcpu;
import dev.interject.kvm.VirtualMachine;
import dev.interject.kvm.state.LapicRegisters;
import net.fornwall.jelf.ElfFile;
import net.fornwall.jelf.ElfSegment;

/**
 * A guest with the kernel's IOAPIC and LAPIC that executes one load or store per command:
 * {@code src/test/guest/apic-puppet.S}. Its LAPIC is enabled, and has the logical ID 1.
 *
 * <p>Single-threaded, and without a watchdog: the guest exits every two dozen instructions and never halts.
 */
final class ApicPuppet implements AutoCloseable {

    /** What {@link #open} returns if no interrupt is pending. */
    static final int NOTHING = -1;

    // src/test/guest/apic-puppet.S has the same numbers
    private static final int COMMAND_PORT = 0x0b10;
    private static final int COMMAND_LOAD = 0x10;
    private static final int COMMAND_OPEN = 0x20;
    private static final long ADDRESS = MemoryMap.MAILBOX;
    private static final long VALUE = MemoryMap.MAILBOX + 0x08;
    private static final long TAKEN = MemoryMap.MAILBOX + 0x10;

    private static final long LAPIC_LOGICAL_ID = MemoryMap.LAPIC + 0xd0;
    private static final long LAPIC_SPURIOUS = MemoryMap.LAPIC + 0xf0;
    private static final int SPURIOUS_VECTOR = 0xff;
    private static final int SOFTWARE_ENABLED = 1 << 8;
    private static final long LAPIC_TRIGGER_MODE = MemoryMap.LAPIC + 0x180;

    private final Kvm kvm = Kvm.open();
    private final GuestMemory memory = GuestMemory.ofBytes(MemoryMap.RAM_BYTES);
    private final VirtualMachine vm = kvm.createVirtualMachine();
    private final Vcpu vcpu;
    private PortIo pendingRead;

    ApicPuppet() {
        vm.setIdentityMapAddress(MemoryMap.IDENTITY_MAP);
        vm.setTssAddress(MemoryMap.TSS);
        vm.setMemory(0, memory);
        vm.createIrqchip();
        vcpu = vm.createVcpu(0);
        List<Part> tables = new ArrayList<>();
        StartState start = BuiltinBoot.start(BootMode.LONG, load(), tables);
        tables.forEach(part -> memory.write(part.address(), part.content()));
        vcpu.setSpecialRegisters(start.specialRegisters(vcpu.specialRegisters()));
        vcpu.setRegisters(start.registers());
        runToNextCommand();
        store(LAPIC_LOGICAL_ID, 4, 1 << 24);
        enableLapic(true);
    }

    private long load() {
        try (InputStream file = ApicPuppet.class.getResourceAsStream("/dev/interject/guest/apic-puppet.elf")) {
            ElfFile elf = ElfFile.from(file.readAllBytes());
            for (ElfSegment segment : elf.segmentsOfType(ElfSegment.PT_LOAD)) {
                memory.write(segment.p_paddr, segment.getData());
            }
            return elf.e_entry;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    VirtualMachine virtualMachine() {
        return vm;
    }

    /** Makes the guest store 1, 2, 4 or 8 bytes. */
    void store(long address, int width, long value) {
        memory.writeLong(ADDRESS, address);
        memory.writeLong(VALUE, value);
        execute(width);
    }

    /** Makes the guest load 1, 2, 4 or 8 bytes. */
    long load(long address, int width) {
        memory.writeLong(ADDRESS, address);
        execute(COMMAND_LOAD | width);
        return memory.readLong(VALUE);
    }

    /** Makes the guest set IF for a moment; returns the vector that it takes, and ends, or {@link #NOTHING}. */
    int open() {
        execute(COMMAND_OPEN);
        return (int) memory.readLong(TAKEN);
    }

    /** Software-enables or disables the LAPIC; when disabled, it blocks every interrupt. */
    void enableLapic(boolean enabled) {
        store(LAPIC_SPURIOUS, 4, SPURIOUS_VECTOR | (enabled ? SOFTWARE_ENABLED : 0));
    }

    /** Whether the LAPIC last accepted the vector as a level (the TMR). */
    boolean cameAsLevel(int vector) {
        return (load(LAPIC_TRIGGER_MODE + vector / 32 * 16, 4) & 1L << vector % 32) != 0;
    }

    /** Returns the vectors in the LAPIC's IRR. */
    List<Integer> requested() {
        LapicRegisters lapic = vcpu.lapicRegisters();
        return IntStream.range(0, 256).filter(lapic::isRequested).boxed().toList();
    }

    /** Makes the guest take all pending interrupts, with the LAPIC enabled. The pins are low, so this ends. */
    void drain() {
        enableLapic(true);
        while (open() != NOTHING) {
            // another
        }
    }

    private void execute(int command) {
        pendingRead.answer(0, command);
        runToNextCommand();
    }

    private void runToNextCommand() {
        PortIo access = runToPortAccess();
        while (access.isWrite()) {
            access = runToPortAccess();
        }
        if (access.port() != COMMAND_PORT) {
            throw new IllegalStateException("the guest reads port 0x%x".formatted(access.port()));
        }
        pendingRead = access;
    }

    private PortIo runToPortAccess() {
        while (true) {
            switch (vcpu.run()) {
                case Exit.PortAccess(PortIo io) -> {
                    return io;
                }
                case Exit.Interrupted signalToTheJvm -> {
                    // continue
                }
                case Exit unexpected -> throw new IllegalStateException("unexpected exit: " + unexpected);
            }
        }
    }

    @Override
    public void close() {
        vcpu.close();
        vm.close();
        memory.close();
        kvm.close();
    }
}
