package dev.interject.device;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.OptionalInt;

import dev.interject.guest.BuiltinBoot;
import dev.interject.guest.MemoryMap;
import dev.interject.guest.boot.BootMode;
import dev.interject.guest.boot.StartState;
import dev.interject.kvm.Exit;
import dev.interject.kvm.GuestMemory;
import dev.interject.kvm.Kvm;
import dev.interject.kvm.PortIo;
import dev.interject.kvm.Vcpu;
import dev.interject.kvm.VirtualMachine;
import net.fornwall.jelf.ElfFile;
import net.fornwall.jelf.ElfSegment;

/**
 * A guest with the kernel's interrupt controllers that executes one port access per command:
 * {@code src/test/guest/puppet.S}.
 *
 * <p>Single-threaded, and without a watchdog: the guest exits every dozen instructions and never halts, so
 * nothing in it can make the test wait, whatever KVM's 8259s do.
 */
final class PuppetGuest implements AutoCloseable {

    // src/test/guest/puppet.S has the same numbers
    private static final int COMMAND_PORT = 0x0b10;
    private static final int WRITE = 0 << 24;
    private static final int READ = 1 << 24;
    private static final int OPEN = 2 << 24;
    private static final int VALUE_SHIFT = 16;
    private static final int REPORT_OPEN = 0xffff;

    private final Kvm kvm = Kvm.open();
    private final GuestMemory memory = GuestMemory.ofBytes(MemoryMap.RAM_BYTES);
    private final VirtualMachine vm = kvm.createVirtualMachine();
    private final Vcpu vcpu;
    private PortIo pendingRead;

    PuppetGuest() {
        vm.setIdentityMapAddress(MemoryMap.IDENTITY_MAP);
        vm.setTssAddress(MemoryMap.TSS);
        vm.setMemory(0, memory);
        vm.createIrqchip();
        vcpu = vm.createVcpu(0);
        StartState start = BuiltinBoot.start(BootMode.REAL, load(), new ArrayList<>());
        vcpu.setSpecialRegisters(start.specialRegisters(vcpu.specialRegisters()));
        vcpu.setRegisters(start.registers());
        runToNextCommand();
    }

    private long load() {
        try (InputStream file = PuppetGuest.class.getResourceAsStream("/dev/interject/guest/puppet.elf")) {
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

    /** Makes the guest write a byte to a port. */
    void out(int port, int value) {
        execute(WRITE | value << VALUE_SHIFT | port);
    }

    /** Makes the guest read a byte from a port. */
    int in(int port) {
        return execute(READ | port);
    }

    /** Makes the guest set IF for a moment; returns the vector that it takes, if one is pending. */
    OptionalInt open() {
        int report = execute(OPEN);
        return report == REPORT_OPEN ? OptionalInt.empty() : OptionalInt.of(report);
    }

    private int execute(int command) {
        pendingRead.answer(0, command);
        return runToNextCommand();
    }

    /** Returns the last value that the guest reported. */
    private int runToNextCommand() {
        int report = 0;
        PortIo access = runToPortAccess();
        while (access.isWrite()) {
            report = access.value(0);
            access = runToPortAccess();
        }
        if (access.port() != COMMAND_PORT) {
            throw new IllegalStateException("the guest reads port 0x%x".formatted(access.port()));
        }
        pendingRead = access;
        return report;
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
