package dev.interject.interrupt.inject;

/** A source of vectors for {@code KVM_INTERRUPT}, with the roles of the INT and INTA pins. Thread-safe. */
public interface ExternalInterrupts {

    /** INT: whether an interrupt waits to be acknowledged. */
    boolean isPending();

    /** INTA: takes the most urgent one. Only when one is pending. */
    int acknowledge();
}
