package dev.interject.experiment.probe;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import dev.interject.guest.BuiltinGuest;
import dev.interject.guest.ProbeGuest;
import dev.interject.guest.boot.BootMode;
import dev.interject.interrupt.CpuException;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.delivery.TaskState;
import dev.interject.kvm.state.DescriptorTable;
import dev.interject.machine.FrozenVcpu;

/** Probes of what the CPU checks when it delivers an interrupt, and when its handler returns. */
final class DeliveryProbe {

    private static final int LINE = 10;
    private static final int LINE_VECTOR = 0x2a;
    private static final int INTACT_VECTOR = 0x50;
    private static final int BROKEN_VECTOR = 0x51;
    private static final int LAST_VECTOR = 0x52;
    private static final int GATE_BYTES = 16;
    private static final int GATE_SELECTOR = 2;
    private static final int GATE_STACK = 4;

    /** Memory that the guest does not use. */
    private static final long FREE = 0x1e0000;
    private static final long STACK = 0x1f0000;
    private static final int DESCRIPTOR_ACCESS = 5;
    private static final int DATA_SELECTOR = 0x10;
    private static final byte READ_ONLY_DATA = (byte) 0x91;
    private static final byte ABSENT_DATA = 0x13;
    private static final int NULL_OF_RING_1 = 1;
    private static final int FOUR_DESCRIPTORS = 0x1f;
    private static final byte FOURTH_SELECTOR = 0x18;
    /** A limit of the vector table that ends before the line's vector. */
    private static final int SHORT_LIMIT = 0x9f;

    private DeliveryProbe() {}

    /** Has guests take a vector through gates to segments of a wrong type, ring, presence and size. */
    static Finding checksSegmentRights() {
        SequencedMap<String, Finding> findings = new LinkedHashMap<>();
        findings.put("that is not present", takesThrough((byte) 0x1b, (byte) 0xaf));
        findings.put("of ring 3", takesThrough((byte) 0xfb, (byte) 0xaf));
        findings.put("of data", takesThrough((byte) 0x93, (byte) 0xaf));
        findings.put("of 64 and of 32 bits", takesThrough((byte) 0x9b, (byte) 0xef));
        String departing = findings.entrySet()
                .stream()
                .filter(entry -> entry.getValue() instanceof Finding.Departs)
                .map(Map.Entry::getKey)
                .collect(Collectors.joining(", "));
        boolean areAll = findings.values().stream().allMatch(Finding.Departs.class::isInstance);
        if (departing.isEmpty() || areAll) {
            return findings.firstEntry().getValue();
        }
        throw new ProbeFailedException("taken only through a segment " + departing);
    }

    private static Finding takesThrough(byte access, byte attributes) {
        return takes("through a segment that is not present", vcpu -> {
            byte[] tables = vcpu.state().cpu().tables().gdt();
            vcpu.write(FREE, tables);
            vcpu.write(FREE + FOURTH_SELECTOR, (byte) 0xff, (byte) 0xff, (byte) 0, (byte) 0, (byte) 0, access,
                    attributes, (byte) 0);
            vcpu.special(special -> special.withGdt(new DescriptorTable(FREE, FOUR_DESCRIPTORS)));
            vcpu.write(gate(vcpu) + GATE_SELECTOR, FOURTH_SELECTOR);
        });
    }

    /** Has the guest take a vector on a stack beyond the limit of its TSS. */
    static Finding checksTssLimit() {
        return takes("on a stack beyond the limit of the TSS", vcpu -> {
            vcpu.write(FREE + TaskState.FIRST_TABLE, (byte) STACK, (byte) (STACK >> 8), (byte) (STACK >> 16));
            vcpu.special(special -> special.withTr(special.tr().withBase(FREE).withLimit(TaskState.FIRST_TABLE - 1)));
            vcpu.write(gate(vcpu) + GATE_STACK, (byte) 1);
        });
    }

    private static long gate(FrozenVcpu vcpu) {
        return vcpu.special().idt().base() + BROKEN_VECTOR * GATE_BYTES;
    }

    private static Finding takes(String how, Consumer<FrozenVcpu> change) {
        try (ProbedGuest guest = ProbedGuest.of(BuiltinGuest.APIC.image())) {
            guest.start(1);
            guest.send(INTACT_VECTOR);
            guest.awaitTaken(INTACT_VECTOR);
            freeze(guest, change);
            guest.send(BROKEN_VECTOR);
            return guest.isTakenBeforeEnd(BROKEN_VECTOR)
                    ? new Finding.Departs("vector 0x%x was taken %s".formatted(BROKEN_VECTOR, how))
                    : new Finding.Kept("vector 0x%x %s: %s".formatted(BROKEN_VECTOR, how, guest.end()));
        }
    }

    /** Makes the guest's stack segment read-only; the handler that runs then cannot return to it. */
    static Finding checksReturnRights() {
        try (ProbedGuest guest = ProbedGuest.of(BuiltinGuest.APIC.image())) {
            return returns(guest, vcpu -> vcpu.write(accessOfStack(vcpu), READ_ONLY_DATA))
                    ? new Finding.Departs("a handler returned to a read-only stack segment")
                    : new Finding.Kept("IRETQ to a read-only stack segment: " + guest.end());
        }
    }

    /** Makes the guest's stack segment absent; the handler that runs then cannot return to it. */
    static Finding raisesStackFaultOnReturn() {
        try (ProbedGuest guest = ProbedGuest.of(BuiltinGuest.APIC.image())) {
            if (returns(guest, vcpu -> vcpu.write(accessOfStack(vcpu), ABSENT_DATA))) {
                throw new ProbeFailedException("a handler returned to a stack segment that is not present");
            }
            int exception = guest.awaitException();
            String evidence = "IRETQ to a stack segment that is not present raised %s"
                    .formatted(CpuException.mnemonic(exception));
            return switch (exception) {
                case CpuException.STACK_FAULT -> new Finding.Kept(evidence);
                case CpuException.SEGMENT_NOT_PRESENT -> new Finding.Departs(evidence);
                default -> throw new ProbeFailedException(evidence);
            };
        }
    }

    /** Gives the guest a null stack segment of ring 1; the handler that runs then cannot return to it. */
    static Finding checksNullStackOnReturn() {
        try (ProbedGuest guest = ProbedGuest.of(BuiltinGuest.APIC.image())) {
            if (returns(guest, vcpu -> vcpu.special(
                    special -> special.withSs(special.ss().withSelector(NULL_OF_RING_1))))) {
                return new Finding.Departs("a handler in ring 0 returned to SS 0x%x".formatted(NULL_OF_RING_1));
            }
            guest.awaitException(CpuException.GENERAL_PROTECTION);
            return new Finding.Kept("IRETQ to ring 0 and SS 0x%x raised #GP".formatted(NULL_OF_RING_1));
        }
    }

    private static long accessOfStack(FrozenVcpu vcpu) {
        return vcpu.special().gdt().base() + DATA_SELECTOR + DESCRIPTOR_ACCESS;
    }

    /** Has the guest take a vector after a change, and returns whether it takes another after that. */
    private static boolean returns(ProbedGuest guest, Consumer<FrozenVcpu> change) {
        guest.start(1);
        guest.send(INTACT_VECTOR);
        guest.awaitTaken(INTACT_VECTOR);
        freeze(guest, change);
        guest.send(BROKEN_VECTOR);
        guest.awaitTaken(BROKEN_VECTOR);
        guest.send(LAST_VECTOR);
        return guest.isTakenBeforeEnd(LAST_VECTOR);
    }

    /** Shortens the vector table of a guest in real mode. */
    static Finding checksRealModeLimit() {
        return takesInRealMode("with limit 0x%x".formatted(SHORT_LIMIT),
                vcpu -> vcpu.special(special -> special.withIdt(special.idt().withLimit(SHORT_LIMIT))));
    }

    /** Has a guest in real mode push a word at SP - 2 = 0xffff, of which one byte is in its stack segment. */
    static Finding checksStackLimit() {
        return takesInRealMode("with SP = 1", vcpu -> vcpu.registers(registers -> registers.withRsp(1)));
    }

    private static Finding takesInRealMode(String how, Consumer<FrozenVcpu> change) {
        try (ProbedGuest guest = ProbedGuest.of(BuiltinGuest.REAL.image(), BootMode.REAL, Set.of(LINE))) {
            guest.start(1);
            freeze(guest, change);
            guest.machine().injectors().kernelLine(LINE, Trigger.EDGE).inject();
            return guest.isTakenBeforeEnd(LINE_VECTOR)
                    ? new Finding.Departs("vector 0x%x was taken %s".formatted(LINE_VECTOR, how))
                    : new Finding.Kept("vector 0x%x %s: %s".formatted(LINE_VECTOR, how, guest.end()));
        }
    }

    /** The guest has reported READY once already. */
    static Finding returnsIn32Bits() {
        try (ProbedGuest guest = ProbedGuest.of(ProbeGuest.IRET_32.image(), BootMode.REAL, Set.of())) {
            guest.start(1);
            return guest.isReadyBeforeEnd(2)
                    ? new Finding.Kept("the guest ran on after its IRET")
                    : new Finding.Departs("IRET: " + guest.end());
        }
    }

    /** Changes a guest that is asleep: on its way there it needs its stack. */
    private static void freeze(ProbedGuest guest, Consumer<FrozenVcpu> change) {
        guest.lookAsleep();
        guest.machine().vcpu(0).freeze(vcpu -> {
            change.accept(vcpu);
            return null;
        });
    }
}
