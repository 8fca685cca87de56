package dev.interject.machine.vcpu;

import java.util.ArrayList;

import dev.interject.guest.BuiltinBoot;
import dev.interject.guest.MemoryMap;
import dev.interject.guest.boot.BootMode;
import dev.interject.guest.boot.StartState;
import dev.interject.kvm.Exit;
import dev.interject.kvm.GuestMemory;
import dev.interject.kvm.Kvm;
import dev.interject.kvm.Vcpu;
import dev.interject.kvm.VirtualMachine;
import dev.interject.kvm.state.GuestDebug;

/** Tests whether breakpoints in DR0 to DR3 stop a guest on this host. QEMU's TCG emulates an SVM where they do not. */
public final class DebugRegisters {

    private static final int RAM_BYTES = 0x4000;
    private static final int CODE = 0x1000;
    private static final int BREAKPOINT = CODE + 1;
    /** Real mode: {@code nop; nop; out %al, $0x10}. The access to the port is an exit. */
    private static final byte[] PROGRAM = {(byte) 0x90, (byte) 0x90, (byte) 0xe6, 0x10};

    private DebugRegisters() {}

    /** Runs a guest of a few bytes over a breakpoint, and returns whether it stopped there. */
    public static boolean work(Kvm kvm) {
        try (VirtualMachine vm = kvm.createVirtualMachine(); GuestMemory memory = GuestMemory.ofBytes(RAM_BYTES)) {
            vm.setIdentityMapAddress(MemoryMap.IDENTITY_MAP);
            vm.setTssAddress(MemoryMap.TSS);
            vm.setMemory(0, memory);
            memory.write(CODE, PROGRAM);
            try (Vcpu vcpu = vm.createVcpu(0)) {
                StartState start = BuiltinBoot.start(BootMode.REAL, CODE, new ArrayList<>());
                vcpu.setSpecialRegisters(start.specialRegisters(vcpu.specialRegisters()));
                vcpu.setRegisters(start.registers());
                vcpu.setDebug(GuestDebug.breakAt(BREAKPOINT));
                return vcpu.run() instanceof Exit.Debugged(var trap) && trap.pc() == BREAKPOINT;
            }
        }
    }
}
