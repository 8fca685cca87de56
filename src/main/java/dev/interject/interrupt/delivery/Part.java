package dev.interject.interrupt.delivery;

/** The steps of a delivery. */
public enum Part {
    /** The vector's entry in the interrupt table. */
    ENTRY,
    CODE_SEGMENT,
    /** The task to which a task gate switches. */
    TASK,
    /** The stack that the TSS holds for the handler. */
    STACK_OF_TSS,
    /** The room for what the CPU pushes. */
    FRAME,
    /** The handler's first instruction. */
    HANDLER,
    /** The handler's IRET. */
    RETURN
}
