package dev.interject.guest;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

import dev.interject.kvm.Capability;

/** The guests that come with Interject: one assembly file each in {@code guest/}. */
public enum BuiltinGuest {
    PIC(Family.PIC, "64-bit; programs both 8259s, opens the lines, sleeps in sti; hlt",
            "the main job: an interrupt reaches a handler, modern and legacy"),
    REAL(Family.REAL, "the same in real mode, with an IVT instead of an IDT",
            "that the way in does not depend on the CPU's mode"),
    APIC(Family.APIC, "64-bit; 8259s masked, opens the GSIs at the IOAPIC, sleeps in sti; hlt",
            "the way of a newer PC: IOAPIC, LAPIC, messages (MSI), IPIs"),
    X2APIC(Family.APIC, "as apic, with the LAPIC's registers as MSRs (x2APIC mode)", "that messages find both"),
    SMP(Family.SMP, "as apic, on several vCPUs, which the first starts by INIT and SIPI",
            "interrupts for one vCPU and not another, and IPIs between them"),
    NMI(Family.NMI, "sleeps with IF=0 and takes non-maskable interrupts", "an interrupt that IF does not hold"),
    PIT(Family.PIT, "has the kernel's PIT tick on line 0", "a device in the kernel that interrupts by itself"),
    ONE_SHOT(Family.LAPIC_TIMER, "arms the LAPIC timer for each tick anew (one-shot mode)", "how late a timer may be"),
    PERIODIC(Family.LAPIC_TIMER, "arms the LAPIC timer once (periodic mode)", "ticks that come by themselves"),
    DEADLINE(Family.LAPIC_TIMER, "arms the LAPIC timer for a value of the TSC (TSC-deadline mode)",
            "the timer that systems of today use"),
    SLOW(Family.SLOW, "a handler that works for some hundredths of a second with IF=0",
            "what coalesces while a handler runs, NMIs too"),
    NESTED(Family.PIC, "a handler that works as long with IF=1", "which line may interrupt the handler of another"),
    NO_EOI(Family.PIC, "a handler that sends no EOI", "that the first is taken, and only higher lines after it"),
    APIC_NO_EOI(Family.APIC, "as apic, but never sends the LAPIC an EOI",
            "that a vector in service holds what is not above it"),
    EVENTS(Family.PIC, "causes exceptions in ring 0 and software interrupts in ring 3, then goes on as pic",
            "that events of every kind find their handlers through one IDT"),
    BUSY(Family.PIC, "never sleeps: computes with IF=1, then with IF=0, in turn",
            "the injection window of a guest that does not wait for anything"),
    LATE(Family.PIC, "keeps IF=0 for some tenths of a second after it is ready, then sleeps",
            "a refusal because of IF=0, and what --wait is for"),
    DEAF(Family.PIC, "sleeps with IF=0 (cli; hlt)", "an interrupt that is held, and a guest that nothing wakes"),
    SPIN(Family.PIC, "spins in ring 0 with IF=0", "that a guest which never exits can be brought out"),
    NO_PIC(Family.PIC, "never programs the 8259s", "a line that would arrive as a CPU exception"),
    NO_GATE(Family.PIC, "has IDT gates for exceptions only", "an interrupt without a handler: #NP"),
    NO_IDT(Family.PIC, "installs an empty IDT", "a triple fault");

    /** Guests that program the same controllers. */
    private enum Family {
        PIC(BootMode.LONG, GuestInput.PIC),
        REAL(BootMode.REAL, GuestInput.PIC),
        SLOW(BootMode.LONG, GuestInput.PIC, GuestInput.NMI),
        APIC(BootMode.LONG, GuestInput.IOAPIC, GuestInput.LAPIC),
        SMP(BootMode.LONG, GuestInput.IOAPIC, GuestInput.LAPIC, GuestInput.NMI),
        NMI(BootMode.LONG, GuestInput.NMI),
        PIT(BootMode.LONG, GuestInput.PIT),
        LAPIC_TIMER(BootMode.LONG, GuestInput.LAPIC_TIMER);

        private final BootMode bootMode;
        private final Set<GuestInput> inputs;

        Family(BootMode bootMode, GuestInput... inputs) {
            this.bootMode = bootMode;
            this.inputs = Set.of(inputs);
        }
    }

    private static final int PIC_LINES = 16;
    private static final int IOAPIC_LINES = 24;

    private final Family family;
    private final String what;
    private final String shows;

    BuiltinGuest(Family family, String what, String shows) {
        this.family = family;
        this.what = what;
        this.shows = shows;
    }

    /** The guest with this name, as options spell it. */
    public static Optional<BuiltinGuest> named(String name) {
        return Arrays.stream(values()).filter(guest -> guest.label().equals(name)).findFirst();
    }

    /** Its name in options, text and JSON, and that of its source file: {@code guest/WORD.S}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The state in which its first instruction finds the CPU. */
    public BootMode bootMode() {
        return family.bootMode;
    }

    /** Whether it is set up to take interrupts from that source. */
    public boolean handles(GuestInput input) {
        return family.inputs.contains(input);
    }

    /** Whether its lines come through the IOAPIC, not through the 8259s. */
    public boolean usesIoapic() {
        return handles(GuestInput.IOAPIC);
    }

    /** Whether its handlers end their interrupts, as the last thing that they do. */
    public boolean sendsEoi() {
        return this != NO_EOI && this != APIC_NO_EOI;
    }

    /** How many lines its interrupt controllers have. */
    public int lines() {
        return usesIoapic() ? IOAPIC_LINES : PIC_LINES;
    }

    /** What KVM must have for it, beyond what every guest needs. */
    public Set<Capability> needs() {
        return this == DEADLINE ? Set.of(Capability.KVM_CAP_TSC_DEADLINE_TIMER) : Set.of();
    }

    /** What it does. */
    public String what() {
        return what;
    }

    /** What one can see with it. */
    public String shows() {
        return shows;
    }

    /** Its image, from the class path. */
    public GuestImage image() {
        return GuestImage.ofResource(label());
    }

    @Override
    public String toString() {
        return label();
    }
}
