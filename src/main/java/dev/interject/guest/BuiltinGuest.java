package dev.interject.guest;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

import dev.interject.guest.boot.BootMode;
import dev.interject.guest.image.GuestImage;
import dev.interject.kvm.Capability;

/** The guests that come with Interject, one per assembly file in {@code guest/}. */
public enum BuiltinGuest {
    PIC(Family.PIC, "64-bit; programs both 8259s, unmasks the lines, sleeps in sti; hlt",
            "how an interrupt reaches a handler, with the irqchip in the kernel or in user space"),
    REAL(Family.REAL, "the same in real mode, with an IVT instead of an IDT",
            "that injection does not depend on the CPU's mode"),
    APIC(Family.APIC, "64-bit; 8259s masked, unmasks the GSIs at the IOAPIC, sleeps in sti; hlt",
            "interrupts of a modern PC: IOAPIC, LAPIC, MSIs, IPIs"),
    X2APIC(Family.APIC, "as apic, with the LAPIC's registers as MSRs (x2APIC mode)",
            "that MSIs and IPIs reach a LAPIC in either mode"),
    SMP(Family.SMP, "as apic, on several vCPUs, which the first starts by INIT and SIPI",
            "interrupts for one vCPU and not another, and IPIs between them"),
    NMI(Family.NMI, "sleeps with IF=0 and takes non-maskable interrupts", "an interrupt that IF=0 does not block"),
    PIT(Family.PIT, TimerMode.PIT, "programs the kernel's PIT, which pulses line 0",
            "a device in the kernel that causes interrupts"),
    ONE_SHOT(Family.LAPIC_TIMER, TimerMode.ONE_SHOT, "arms the LAPIC timer for each tick (one-shot mode)",
            "how late ticks are"),
    PERIODIC(Family.LAPIC_TIMER, TimerMode.PERIODIC, "arms the LAPIC timer once (periodic mode)",
            "ticks that repeat without rearming"),
    DEADLINE(Family.LAPIC_TIMER, TimerMode.DEADLINE, "arms the LAPIC timer for a value of the TSC (TSC-deadline mode)",
            "the timer mode that current operating systems use"),
    SLOW(Family.SLOW, "a handler that runs for tens of milliseconds with IF=0",
            "which interrupts coalesce while a handler runs, including NMIs"),
    NESTED(Family.PIC, "a handler that runs for tens of milliseconds with IF=1",
            "which lines can interrupt the handler of another"),
    NO_EOI(Family.PIC, "a handler that sends no EOI",
            "that after the first interrupt only lines of higher priority are delivered"),
    APIC_NO_EOI(Family.APIC, "as apic, but never sends the LAPIC an EOI",
            "that a vector in service blocks vectors of the same or a lower priority class"),
    EVENTS(Family.PIC, "causes exceptions in ring 0 and software interrupts in ring 3, then continues as pic",
            "that exceptions, software and external interrupts use the same IDT"),
    DEVICE(Family.PIC, "reads a command by port and by address before it is ready, then sleeps like pic",
            "an access that must be completed before a VM is saved"),
    BUSY(Family.PIC, "never sleeps: computes alternately with IF=1 and IF=0",
            "the interrupt window of a guest that does not halt"),
    LATE(Family.PIC, "keeps IF=0 for about a second after it is ready, then sleeps",
            "a refusal because of IF=0, and how to wait for the guest"),
    DEAF(Family.PIC, "sleeps with IF=0 (cli; hlt)",
            "an interrupt that stays pending and does not wake the guest"),
    SPIN(Family.PIC, "spins in ring 0 with IF=0", "that a kick makes a guest exit that never exits by itself"),
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
    private final Optional<TimerMode> timer;
    private final String what;
    private final String shows;

    BuiltinGuest(Family family, String what, String shows) {
        this(family, Optional.empty(), what, shows);
    }

    BuiltinGuest(Family family, TimerMode timer, String what, String shows) {
        this(family, Optional.of(timer), what, shows);
    }

    BuiltinGuest(Family family, Optional<TimerMode> timer, String what, String shows) {
        this.family = family;
        this.timer = timer;
        this.what = what;
        this.shows = shows;
    }

    /** Its name in options, text and JSON; its source file is {@code guest/NAME.S}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The state of the CPU at its first instruction. */
    public BootMode bootMode() {
        return family.bootMode;
    }

    /** Whether it is set up to take interrupts from this source. */
    public boolean handles(GuestInput input) {
        return family.inputs.contains(input);
    }

    /** How it programs its timer; empty for a guest without one. */
    public Optional<TimerMode> timer() {
        return timer;
    }

    /** Whether its lines are inputs of the IOAPIC, not of the 8259s. */
    public boolean usesIoapic() {
        return handles(GuestInput.IOAPIC);
    }

    /** Whether its handlers end with an EOI. */
    public boolean sendsEoi() {
        return this != NO_EOI && this != APIC_NO_EOI;
    }

    /** The number of lines that its interrupt controllers have. */
    public int lines() {
        return usesIoapic() ? IOAPIC_LINES : PIC_LINES;
    }

    /** The KVM capabilities that it needs beyond those of every guest. */
    public Set<Capability> needs() {
        return this == DEADLINE ? Set.of(Capability.KVM_CAP_TSC_DEADLINE_TIMER) : Set.of();
    }

    /** What it does, in a few words. */
    public String what() {
        return what;
    }

    /** What it demonstrates, in a few words. */
    public String shows() {
        return shows;
    }

    /** Its image, read from the class path. */
    public GuestImage image() {
        return GuestImage.ofResource(label());
    }

    @Override
    public String toString() {
        return label();
    }
}
