package dev.interject.guest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The guests that come with Interject: one assembly file each in {@code guest/}. */
public enum BuiltinGuest {
    PIC(BootMode.LONG, "64-bit; programs both 8259s, opens the line, sleeps in sti; hlt",
            "the main job: an interrupt reaches a handler, modern and legacy"),
    REAL(BootMode.REAL, "the same in real mode, with an IVT instead of an IDT",
            "that the way in does not depend on the CPU's mode"),
    APIC(BootMode.LONG, "64-bit; 8259s masked, opens the GSI at the IOAPIC, sleeps in sti; hlt",
            "the way of a newer PC: IOAPIC, LAPIC, messages (MSI)"),
    X2APIC(BootMode.LONG, "as apic, with the LAPIC's registers as MSRs (x2APIC mode)", "that messages find both"),
    NMI(BootMode.LONG, "sleeps with IF=0 and takes non-maskable interrupts", "an interrupt that IF does not hold"),
    BUSY(BootMode.LONG, "never sleeps: computes with IF=1, then with IF=0, in turn",
            "the injection window of a guest that does not wait for anything"),
    LATE(BootMode.LONG, "keeps IF=0 for some tenths of a second after it is ready, then sleeps",
            "a refusal because of IF=0, and what --wait is for"),
    DEAF(BootMode.LONG, "sleeps with IF=0 (cli; hlt)", "an interrupt that is held, and a guest that nothing wakes"),
    SPIN(BootMode.LONG, "spins in ring 0 with IF=0", "that a guest which never exits can be brought out"),
    NO_PIC(BootMode.LONG, "forgets to program the 8259s", "a line that would arrive as a CPU exception"),
    NO_GATE(BootMode.LONG, "has IDT gates for exceptions only", "an interrupt without a handler: #NP"),
    NO_IDT(BootMode.LONG, "installs an empty IDT", "a triple fault");

    private static final int PIC_LINES = 16;
    private static final int IOAPIC_LINES = 24;

    private final BootMode bootMode;
    private final String what;
    private final String shows;

    BuiltinGuest(BootMode bootMode, String what, String shows) {
        this.bootMode = bootMode;
        this.what = what;
        this.shows = shows;
    }

    /** The guest with this name, as options spell it. */
    public static Optional<BuiltinGuest> named(String name) {
        return Arrays.stream(values()).filter(guest -> guest.word().equals(name)).findFirst();
    }

    /** Its name in options, text and JSON, and that of its source file: {@code guest/WORD.S}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public BootMode bootMode() {
        return bootMode;
    }

    /** How many lines its interrupt controllers have. */
    public int lines() {
        return this == APIC || this == X2APIC ? IOAPIC_LINES : PIC_LINES;
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
        String resource = "/guests/" + word() + ".elf";
        try (InputStream elf = BuiltinGuest.class.getResourceAsStream(resource)) {
            if (elf == null) {
                throw new IllegalStateException(
                        "the guest image " + resource + " is missing; build again with ./mvnw package");
            }
            return GuestImage.ofElf(elf.readAllBytes());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Override
    public String toString() {
        return word();
    }
}
