package dev.interject.device;

import java.util.List;
import java.util.Map;

/** Applies the same sequences to two pairs of 8259As, and compares both after every operation. */
final class PicComparison {

    /** Where {@link #report} puts its mark before the first operation. */
    private static final int START = -1;

    private final PicSubject ours;
    private final PicSubject kernels;
    private long operations;
    private long interrupts;

    /** The result of an operation, and the registers after it. */
    private record Outcome(int answer, PicPairRegisters registers) {}

    PicComparison(PicSubject ours, PicSubject kernels) {
        this.ours = ours;
        this.kernels = kernels;
    }

    /**
     * Applies one sequence.
     *
     * @throws AssertionError at the first difference, with the sequence, both states, and how to play it again
     */
    void play(PicSequence sequence) {
        ours.restore(sequence.master(), sequence.slave());
        kernels.restore(sequence.master(), sequence.slave());
        Outcome before = new Outcome(0, new PicPairRegisters(sequence.master(), sequence.slave()));
        before = compare(sequence, START, before, new Outcome(0, ours.registers()),
                new Outcome(0, kernels.registers()));
        List<PicOperation> list = sequence.operations();
        for (int i = 0; i < list.size(); i++) {
            before = compare(sequence, i, before, perform(list.get(i), ours), perform(list.get(i), kernels));
            count(list.get(i), before.answer());
        }
    }

    private static Outcome perform(PicOperation operation, PicSubject pic) {
        int answer = operation.on(pic);
        return new Outcome(answer, pic.registers());
    }

    private static Outcome compare(PicSequence sequence, int at, Outcome before, Outcome our, Outcome kernel) {
        if (!our.equals(kernel)) {
            throw new AssertionError(report(sequence, at, before, our, kernel));
        }
        return our;
    }

    private void count(PicOperation operation, int answer) {
        operations++;
        if (operation instanceof PicOperation.TakeInterrupt && answer != PicSubject.NO_INTERRUPT) {
            interrupts++;
        }
    }

    /** The number of operations with the same result and the same state after them. */
    long operations() {
        return operations;
    }

    /** The number of interrupts that both delivered. */
    long interrupts() {
        return interrupts;
    }

    private static String report(PicSequence sequence, int at, Outcome before, Outcome our, Outcome kernel) {
        StringBuilder text = new StringBuilder("""
                our 8259s and the kernel's differ after the operation marked >
                play it again: ./mvnw test -Dtest=Pic8259AgainstKvmTest -Dinterject.seed=%d

                %s     start
                """.formatted(sequence.seed(), marker(at == START)));
        for (int i = 0; i < sequence.operations().size(); i++) {
            text.append("%s %2d  %s\n".formatted(marker(i == at), i, sequence.operations().get(i)));
        }
        text.append("\n  in hexadecimal                 start before   ours kernel's\n");
        text.append(row("the answer", "", "", hex(our.answer()), hex(kernel.answer())));
        Map<String, Integer> start = new PicPairRegisters(sequence.master(), sequence.slave()).byName();
        Map<String, Integer> previous = before.registers().byName();
        Map<String, Integer> ours = our.registers().byName();
        Map<String, Integer> kernels = kernel.registers().byName();
        for (String field : kernels.keySet()) {
            text.append(row(field, hex(start.get(field)), hex(previous.get(field)), hex(ours.get(field)),
                    hex(kernels.get(field))));
        }
        return text.toString();
    }

    private static String row(String what, String start, String before, String ours, String kernels) {
        return "%s %-30s %5s %6s %6s %8s\n".formatted(marker(!ours.equals(kernels)), what, start, before, ours,
                kernels);
    }

    /** In decimal if it is negative: a status is -1 or above. */
    private static String hex(int value) {
        return Integer.toString(value, 16);
    }

    private static String marker(boolean here) {
        return here ? ">" : " ";
    }
}
