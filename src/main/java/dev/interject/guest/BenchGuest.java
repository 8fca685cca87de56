package dev.interject.guest;

/**
 * The guests that {@code bench} interrupts. For each kind of interrupt controller, one sleeps, one stays busy, and one
 * only counts.
 */
public enum BenchGuest {
    /** Programs both 8259s. */
    PIC("pic", "bench-pic-busy", 0x20),
    /** Programs IOAPIC and LAPIC. */
    APIC("apic", "bench-apic-busy", 0x30),
    /** Takes non-maskable interrupts with IF=0. */
    NMI("nmi", "bench-nmi-busy", 0);

    /** The image of a guest that programs both 8259s, has IF=0 most of the time, and records when it sets IF. */
    public static final String CLOSED = "bench-pic-closed";

    private final String halted;
    private final String busy;
    private final int base;

    /** @param base the vector of line 0 */
    BenchGuest(String halted, String busy, int base) {
        this.halted = halted;
        this.busy = busy;
        this.base = base;
    }

    /** The vector at which a line of its controllers arrives. */
    public int vectorOf(int line) {
        return base + line;
    }

    /** The image of the guest that sleeps in HLT. */
    public String halted() {
        return halted;
    }

    /** The image of the guest that never sleeps; {@link Mailbox#openedAt} shows that it runs. */
    public String busy() {
        return busy;
    }

    /** The image of the guest that sleeps and whose handlers only count, in memory. */
    public String quiet() {
        return "bench-" + halted + "-quiet";
    }
}
