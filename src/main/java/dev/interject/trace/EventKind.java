package dev.interject.trace;

/** The kinds of events, as the ring has them: a small number each. */
enum EventKind {
    CHECKED,
    INJECTED,
    REFUSED,
    KICKED,
    HEARD,
    SETTLED,
    LINE_DRIVEN,
    MESSAGE_SENT,
    EVENTFD_SIGNALLED,
    ACKNOWLEDGED,
    PIC_ENDED,
    IOAPIC_ENDED,
    RESAMPLED,
    MERGED,
    RAN,
    SLEPT,
    PORT_READ,
    PORT_WRITTEN,
    MEMORY_READ,
    MEMORY_WRITTEN,
    WINDOW_REQUESTED,
    VECTOR_QUEUED,
    NMI_ASKED,
    HANDLER_ENTERED,
    HANDLER_LEFT
}
