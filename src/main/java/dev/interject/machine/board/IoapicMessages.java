package dev.interject.machine.board;

import dev.interject.device.Ioapic;
import dev.interject.device.IoapicOutput;
import dev.interject.device.Redirection;
import dev.interject.kvm.Msi;
import dev.interject.kvm.VirtualMachine;
import dev.interject.kvm.state.MsiMessage;
import dev.interject.trace.Recorder;

/**
 * Sends the interrupts of the IOAPIC in this process to the LAPICs in the kernel as messages, and updates the kernel's
 * routing table. The kernel learns from the table which vectors are level triggered, so that it reports their EOIs, and
 * where an eventfd that is bound to a pin leads.
 */
final class IoapicMessages implements IoapicOutput {

    private final VirtualMachine vm;
    private final RoutingTable routes;
    private final Recorder recorder;
    private final Msi[] messages = new Msi[Ioapic.PINS];

    IoapicMessages(VirtualMachine vm, RoutingTable routes, Recorder recorder) {
        this.recorder = recorder;
        this.vm = vm;
        this.routes = routes;
    }

    @Override
    public int deliver(int pin, Redirection entry) {
        long since = recorder.now();
        int status = messages[pin].signal();
        recorder.messageSent(since, status);
        return status;
    }

    @Override
    public void entryChanged(int pin, Redirection entry) {
        MsiMessage message = new MsiMessage(entry.messageAddress(), entry.messageData());
        messages[pin] = vm.msi(message);
        // A level keeps its route: its EOI may be sent while it is masked, and the kernel reports only routed EOIs.
        if (entry.isMasked() && !entry.isLevel()) {
            routes.remove(pin);
        } else {
            routes.replace(pin, message);
        }
    }
}
