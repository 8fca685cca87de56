package dev.interject.experiment;

import java.util.List;

import dev.interject.interrupt.state.CpuState;
import dev.interject.machine.Machine;

/** Tells whether a vCPU of a built-in guest is in a handler: from the CPU's acceptance until its IRET is executed. */
public final class HandlerWatch {

    /** The symbols between which every handler begins and ends. */
    private static final String BEGIN = "stubs";
    private static final String END = "stopped";

    private final Machine machine;
    private final long begin;
    private final long end;

    /** Of the guest of a machine. */
    public HandlerWatch(Machine machine) {
        this.machine = machine;
        this.begin = machine.addressOf(BEGIN).orElse(0);
        this.end = machine.addressOf(END).orElse(0);
    }

    /**
     * Whether a vCPU is in a handler, or about to enter one.
     *
     * @param vectors those whose handlers may call something that lies elsewhere in the guest
     */
    public boolean isInHandler(int vcpu, List<Integer> vectors) {
        CpuState cpu = machine.vcpu(vcpu).inspectCpu();
        if (!cpu.isStarted()) {
            return false;
        }
        long address = cpu.special().cs().base() + cpu.registers().rip();
        boolean isInCode = address >= begin && address < end;
        boolean isAccepted = cpu.events().interruptInjected() || cpu.events().nmiInjected()
                || cpu.events().exception().isPresent();
        return isInCode || isAccepted || vectors.stream().anyMatch(vector -> hasNotLeft(vcpu, vector));
    }

    private boolean hasNotLeft(int vcpu, int vector) {
        return machine.vcpu(vcpu).mailbox().leftAt(vector) < machine.vcpu(vcpu).mailbox().enteredAt(vector);
    }
}
