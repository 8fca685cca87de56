package dev.interject.device;

import java.util.List;

/** Applies the same sequences to two IOAPICs, and compares both and their LAPICs after every operation. */
final class IoapicComparison {

    private final IoapicSubject ours;
    private final IoapicSubject kernels;
    private long operations;
    private long interrupts;

    /** The result of an operation, and the visible state after it. */
    private record Outcome(long answer, IoapicSight sight) {}

    IoapicComparison(IoapicSubject ours, IoapicSubject kernels) {
        this.ours = ours;
        this.kernels = kernels;
    }

    /**
     * Applies one sequence.
     *
     * @throws AssertionError at the first difference, with the sequence, both states, and how to play it again
     */
    void play(IoapicSequence sequence) {
        ours.restore(sequence.start());
        kernels.restore(sequence.start());
        Outcome before = compare(sequence, -1, null, new Outcome(0, ours.sight()), new Outcome(0, kernels.sight()));
        List<IoapicOperation> list = sequence.operations();
        for (int i = 0; i < list.size(); i++) {
            before = compare(sequence, i, before, perform(list.get(i), ours), perform(list.get(i), kernels));
            operations++;
            if (list.get(i) instanceof IoapicOperation.TakeInterrupt && before.answer() != ApicPuppet.NOTHING) {
                interrupts++;
            }
        }
    }

    private static Outcome perform(IoapicOperation operation, IoapicSubject ioapic) {
        long answer = operation.on(ioapic);
        return new Outcome(answer, ioapic.sight());
    }

    private static Outcome compare(IoapicSequence sequence, int at, Outcome before, Outcome our, Outcome kernel) {
        if (!our.equals(kernel)) {
            throw new AssertionError(report(sequence, at, before, our, kernel));
        }
        return our;
    }

    /** The number of operations with the same result and the same state after them. */
    long operations() {
        return operations;
    }

    /** The number of interrupts that both delivered. */
    long interrupts() {
        return interrupts;
    }

    private static String report(IoapicSequence sequence, int at, Outcome before, Outcome our, Outcome kernel) {
        StringBuilder text = new StringBuilder("""
                our IOAPIC and the kernel's differ after the operation marked >
                play it again: ./mvnw test -Dtest=IoapicAgainstKvmTest -Dinterject.seed=%d

                %s     start %s
                """.formatted(sequence.seed(), at < 0 ? ">" : " ", new IoapicSight(sequence.start(), List.of())));
        for (int i = 0; i < sequence.operations().size(); i++) {
            text.append("%s %2d  %s\n".formatted(i == at ? ">" : " ", i, sequence.operations().get(i)));
        }
        return text.append("\nbefore    %s\nours      %s\nkernel's  %s\n".formatted(before, our, kernel)).toString();
    }
}
