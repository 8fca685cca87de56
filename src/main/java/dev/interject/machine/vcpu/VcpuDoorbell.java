package dev.interject.machine.vcpu;

import dev.interject.device.Doorbell;

/** The doorbell of one vCPU: adds the vCPU's number to each event. */
public record VcpuDoorbell(VcpuTrace trace, MachineListener listener) implements Doorbell.Listener {

    @Override
    public void ready() {
        listener.ready();
    }

    @Override
    public void taken(int vector) {
        trace.handlerRan(vector);
        listener.taken(trace.vcpu(), vector);
    }

    @Override
    public void fault(int vector) {
        trace.handlerRan(vector);
        listener.fault(trace.vcpu(), vector);
    }

    @Override
    public void spurious(int vector) {
        trace.handlerRan(vector);
        listener.spurious(trace.vcpu(), vector);
    }
}
