package dev.interject.kvm.state;

/**
 * A LAPIC's register of 32 bits (Intel SDM vol. 3A, "Local APIC Register Address Map"); ISR, TMR and IRR have 256 bits.
 */
public enum LapicRegister {
    /** The ID register. */
    ID("id", 0x20),
    /** The version register. */
    VERSION("version", 0x30),
    /** TPR. */
    TASK_PRIORITY("tpr", 0x80),
    /** APR. */
    ARBITRATION_PRIORITY("apr", 0x90),
    /** PPR. */
    PROCESSOR_PRIORITY("ppr", 0xa0),
    /** LDR. */
    LOGICAL_DESTINATION("ldr", 0xd0),
    /** DFR. */
    DESTINATION_FORMAT("dfr", 0xe0),
    /** SVR. */
    SPURIOUS("svr", 0xf0),
    /** ESR. */
    ERROR_STATUS("esr", 0x280),
    /** The local-vector-table entry of corrected machine checks. */
    LVT_CMCI("lvtCmci", 0x2f0),
    /** ICR, bits 31:0. */
    ICR_LOW("icrLow", 0x300),
    /** ICR, bits 63:32. */
    ICR_HIGH("icrHigh", 0x310),
    /** The local-vector-table entry of the timer. */
    LVT_TIMER("lvtTimer", 0x320),
    /** The local-vector-table entry of the thermal sensor. */
    LVT_THERMAL("lvtThermal", 0x330),
    /** The local-vector-table entry of the performance counters. */
    LVT_PERFORMANCE("lvtPerformance", 0x340),
    /** The local-vector-table entry of LINT0. */
    LVT_LINT0("lvt0", 0x350),
    /** The local-vector-table entry of LINT1. */
    LVT_LINT1("lvt1", 0x360),
    /** The local-vector-table entry of errors. */
    LVT_ERROR("lvtError", 0x370),
    /** The timer's initial count. */
    TIMER_INITIAL_COUNT("timerInitialCount", 0x380),
    /** The timer's current count. */
    TIMER_CURRENT_COUNT("timerCurrentCount", 0x390),
    /** The timer's divide configuration. */
    TIMER_DIVIDE("timerDivide", 0x3e0);

    private final String label;
    private final int offset;

    LapicRegister(String label, int offset) {
        this.label = label;
        this.offset = offset;
    }

    /** The name used in text and JSON. */
    public String label() {
        return label;
    }

    /** Its offset in the register page. */
    public int offset() {
        return offset;
    }
}
