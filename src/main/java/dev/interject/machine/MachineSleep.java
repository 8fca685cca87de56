package dev.interject.machine;

/** Whether a guest as a whole has come to rest. */
public final class MachineSleep {

    private final Machine machine;

    /** Of a machine that has been started. */
    public MachineSleep(Machine machine) {
        this.machine = machine;
    }

    /**
     * Whether each vCPU sleeps, or waits to be started, and nothing that is pending ends that. The vCPUs are asked one
     * after the other: what one of them sends to one that was asked before is seen the next time.
     *
     * @throws dev.interject.machine.vcpu.VcpuEndedException if a vCPU has ended
     */
    public boolean lasts() {
        boolean inKernel = machine.irqchip().hasLapicInKernel();
        for (int number = 0; number < machine.vcpus(); number++) {
            VcpuContext vcpu = machine.vcpu(number).context();
            if (!vcpu.actor().commands().call(() -> vcpu.actor().sleep().lasts(inKernel))) {
                return false;
            }
        }
        return true;
    }
}
