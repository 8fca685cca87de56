package dev.interject;

import dev.interject.kvm.Kvm;
import dev.interject.machine.vcpu.DebugRegisters;

/** Whether breakpoints in the debug registers stop a guest on this host; what replaces them takes one vCPU. */
public final class Breakpoints {

    private Breakpoints() {}

    public static boolean work() {
        try (Kvm kvm = Kvm.open()) {
            return DebugRegisters.work(kvm);
        }
    }
}
