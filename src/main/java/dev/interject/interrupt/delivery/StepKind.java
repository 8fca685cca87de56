package dev.interject.interrupt.delivery;

/**
 * The steps of a delivery.
 *
 * <p>Some hosts do not follow the rule of a step that is {@link #isNotUniversal}. So that a host's departure can be
 * allowed for, a delivery is followed beyond such a step also where it fails.
 */
public enum StepKind {
    /** The vector's entry in the interrupt table. */
    ENTRY(false),
    /** The entry's type. */
    GATE_TYPE(true),
    /** In real mode, the limit of the vector table. */
    REAL_MODE_LIMIT(true),
    /** The selector of the handler's code segment. */
    CODE_SEGMENT(false),
    /** The type and privilege of the handler's code segment. */
    SEGMENT_RIGHTS(true),
    /** The task to which a task gate switches. */
    TASK(false),
    /** The limit of the TSS that holds the handler's stack. */
    TSS_LIMIT(true),
    /** The stack that the TSS holds for the handler. */
    STACK_OF_TSS(false),
    /** The limit of the stack segment, which has no effect in long mode. */
    STACK_LIMIT(true),
    /** The room for what the CPU pushes. */
    FRAME(false),
    /** The handler's first instruction. */
    HANDLER(false),
    /** The types of the segments that the handler's IRET loads. */
    RETURN_RIGHTS(true),
    /** The handler's IRET. */
    RETURN(false);

    private final boolean isNotUniversal;

    StepKind(boolean isNotUniversal) {
        this.isNotUniversal = isNotUniversal;
    }

    /** Whether some hosts are known not to check it. */
    public boolean isNotUniversal() {
        return isNotUniversal;
    }
}
