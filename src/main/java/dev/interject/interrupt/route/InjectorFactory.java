package dev.interject.interrupt.route;

import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.inject.Injector;
import dev.interject.kvm.state.Icr;
import dev.interject.kvm.state.MsiMessage;

/** Makes injectors for one machine. */
public interface InjectorFactory {

    /** Pulses or holds a line of the controllers in the kernel ({@code KVM_IRQ_LINE_STATUS}). */
    Injector kernelLine(int gsi, Trigger trigger);

    /**
     * Binds an eventfd to a line of the controllers in the kernel ({@code KVM_IRQFD}) and signals it. For a level
     * trigger a resample eventfd is bound as well.
     */
    Injector irqfd(int gsi, Trigger trigger);

    /** Sends a message to a LAPIC in the kernel ({@code KVM_SIGNAL_MSI}). */
    Injector message(MsiMessage message);

    /** Routes a new GSI to the message ({@code KVM_SET_GSI_ROUTING}) and pulses it as a line. */
    Injector routedMessage(MsiMessage message);

    /** Routes a new GSI to the message and binds an eventfd to it. */
    Injector routedMessageByIrqfd(MsiMessage message);

    /** Makes vCPU 0 write its ICR; the guest must execute commands, as the APIC guests do. */
    Injector ipi(Icr icr);

    /** Requests non-maskable interrupts for a vCPU ({@code KVM_NMI}). */
    Injector nmi(int vcpu);

    /** Drives a line of the 8259 pair in user space. */
    Injector userspaceLine(int line, Trigger trigger);

    /** Drives a pin of the IOAPIC in user space, which only a split irqchip has. */
    Injector ioapicPin(int pin, Trigger trigger);

    /** Queues a vector for vCPU 0's next injection window ({@code KVM_INTERRUPT}). */
    Injector vector(int vector);

    /** Calls {@code KVM_INTERRUPT} on vCPU 0 at once, whether its window is open or not. */
    Injector forcedVector(int vector);
}
