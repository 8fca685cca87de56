package dev.interject.experiment.probe;

import java.util.function.IntUnaryOperator;

import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.CpuException;

/** Probes of the error code that an interrupt causes whose entry of the IDT is not present. */
enum ErrorCodeProbe {
    EXT("EXT", code -> code & 1, 1, 0),
    INDEX("the index", code -> code >> 3, ErrorCodeProbe.BROKEN_VECTOR, 2 * ErrorCodeProbe.BROKEN_VECTOR);

    private static final int INTACT_VECTOR = 0x50;
    private static final int BROKEN_VECTOR = 0x51;
    private static final int GATE_BYTES = 16;
    private static final int GATE_ACCESS = 5;
    private static final byte ABSENT = 0x0e;

    private final String name;
    private final IntUnaryOperator field;
    private final int byTheManuals;
    private final int departing;

    ErrorCodeProbe(String name, IntUnaryOperator field, int byTheManuals, int departing) {
        this.name = name;
        this.field = field;
        this.byTheManuals = byTheManuals;
        this.departing = departing;
    }

    /** Has the guest take a vector through its gate, then sends another whose gate is not present. */
    Finding run() {
        try (ProbedGuest guest = ProbedGuest.of(BuiltinGuest.APIC.image())) {
            guest.start(1);
            guest.send(INTACT_VECTOR);
            guest.awaitTaken(INTACT_VECTOR);
            guest.machine().vcpu(0).freeze(vcpu -> {
                vcpu.write(vcpu.special().idt().base() + BROKEN_VECTOR * GATE_BYTES + GATE_ACCESS, ABSENT);
                return null;
            });
            guest.send(BROKEN_VECTOR);
            return finding(guest.awaitException(CpuException.SEGMENT_NOT_PRESENT));
        }
    }

    private Finding finding(int code) {
        int value = field.applyAsInt(code);
        String evidence = "error code 0x%x for vector 0x%x: %s is 0x%x".formatted(code, BROKEN_VECTOR, name, value);
        if (value == byTheManuals) {
            return new Finding.Kept(evidence);
        }
        if (value == departing) {
            return new Finding.Departs(evidence);
        }
        throw new ProbeFailedException(evidence);
    }
}
