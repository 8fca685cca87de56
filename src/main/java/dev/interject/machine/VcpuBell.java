package dev.interject.machine;

import dev.interject.device.Doorbell;

/** The doorbell of one vCPU: says which one rang. */
record VcpuBell(int vcpu, MachineListener listener) implements Doorbell.Listener {

    @Override
    public void ready() {
        listener.ready();
    }

    @Override
    public void taken(int vector) {
        listener.taken(vcpu, vector);
    }

    @Override
    public void fault(int vector) {
        listener.fault(vcpu, vector);
    }

    @Override
    public void spurious(int vector) {
        listener.spurious(vcpu, vector);
    }
}
