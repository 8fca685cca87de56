package dev.interject.experiment.probe;

import dev.interject.guest.BuiltinGuest;
import dev.interject.guest.image.GuestImage;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.inject.Injector;
import dev.interject.kvm.Capability;
import dev.interject.kvm.Kvm;
import dev.interject.machine.vcpu.DebugRegisters;

/** Probes of how the vCPU takes interrupts. */
final class CpuProbe {

    private static final int LINE = 10;
    private static final int LINE_VECTOR = 0x2a;

    // the same numbers as in guest/probe-sti-window.S and guest/probe-int-n.S
    /** Several, since a host may miss only some of them: QEMU's TCG does. */
    static final int WINDOWS = 128;
    static final int SOFTWARE_VECTOR = 0x50;

    private static final int INTACT_VECTOR = 0x50;
    private static final int BROKEN_VECTOR = 0x51;
    private static final int GATE_BYTES = 16;
    private static final int GATE_ACCESS = 5;
    /** Present, DPL 0, and a type that an IDT cannot have (Intel SDM vol. 3A, "IDT Descriptors"). */
    private static final byte CALL_GATE = (byte) 0x8c;

    private CpuProbe() {}

    /**
     * Pulses the line before each window, while the guest has IF=0. An interrupt that no window takes must be taken at
     * the final HLT; otherwise the line was never pending, and the probe fails.
     */
    static Finding takesAfterSti(GuestImage image) {
        try (ProbedGuest guest = ProbedGuest.of(image, LINE, Trigger.EDGE)) {
            Injector line = guest.machine().injectors().kernelLine(LINE, Trigger.EDGE);
            guest.atReady(line::inject);
            guest.start(WINDOWS + 1);
            guest.awaitTaken(LINE_VECTOR);
            guest.lookAsleep();
            int inWindows = guest.takenBeforeReady();
            if (guest.count(LINE_VECTOR) != inWindows + 1) {
                throw new ProbeFailedException("the pending interrupt was not taken at HLT either");
            }
            String evidence = "taken in %d of %d windows of sti; nop; nop".formatted(inWindows, WINDOWS);
            return inWindows == WINDOWS ? new Finding.Kept(evidence) : new Finding.Departs(evidence);
        }
    }

    /** Has the guest take a vector through its gate, then sends another whose entry was changed to a call gate. */
    static Finding checksGateType() {
        try (ProbedGuest guest = ProbedGuest.of(BuiltinGuest.APIC.image())) {
            guest.start(1);
            guest.send(INTACT_VECTOR);
            guest.awaitTaken(INTACT_VECTOR);
            guest.machine().vcpu(0).freeze(vcpu -> {
                vcpu.write(vcpu.state().cpu().special().idt().base() + BROKEN_VECTOR * GATE_BYTES + GATE_ACCESS,
                        CALL_GATE);
                return null;
            });
            guest.send(BROKEN_VECTOR);
            if (guest.isTakenBeforeEnd(BROKEN_VECTOR)) {
                return new Finding.Departs("vector 0x%x was taken through a call gate".formatted(BROKEN_VECTOR));
            }
            return new Finding.Kept("vector 0x%x through a call gate: %s".formatted(BROKEN_VECTOR, guest.end()));
        }
    }

    static Finding stopsAtBreakpoint() {
        try (Kvm kvm = Kvm.open()) {
            kvm.require(Capability.KVM_CAP_SET_GUEST_DEBUG);
            return DebugRegisters.work(kvm)
                    ? new Finding.Kept("a guest of three instructions stopped at the second")
                    : new Finding.Departs("a guest of three instructions ran through the second");
        }
    }

    /** The guest has already reported READY, so any result other than a run of the handler is a departure. */
    static Finding callsBySoftwareInterrupt(GuestImage image) {
        try (ProbedGuest guest = ProbedGuest.of(image)) {
            guest.start(1);
            return guest.isTakenBeforeEnd(SOFTWARE_VECTOR)
                    ? new Finding.Kept("int 0x%x reached its handler".formatted(SOFTWARE_VECTOR))
                    : new Finding.Departs("int 0x%x: %s".formatted(SOFTWARE_VECTOR, guest.end()));
        }
    }
}
