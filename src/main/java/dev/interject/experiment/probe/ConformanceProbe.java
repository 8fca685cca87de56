package dev.interject.experiment.probe;

import java.util.Locale;

import dev.interject.guest.ProbeGuest;

/**
 * Something that the manuals promise of interrupts, and that a probe can hold this host's KVM to.
 *
 * <p>Sections go by their titles, since their numbers move between editions of the Intel SDM.
 */
public enum ConformanceProbe {
    LAPIC_IN_SERVICE("LAPIC, in service", "a vector stays in the ISR until its EOI",
            "Intel SDM vol. 3A, \"Signaling Interrupt Servicing Completion\"",
            "a forgotten EOI goes unnoticed, and no LAPIC ISR gate can hold", LapicProbe::keepsInService),
    LAPIC_PRIORITY("LAPIC, priority", "a lower vector waits in the IRR while a higher one is in service",
            "Intel SDM vol. 3A, \"Task and Processor Priorities\"",
            "any vector gets into any handler that opens", LapicProbe::holdsLowerPriority),
    IOAPIC_RESAMPLE("IOAPIC, resample", "the resample eventfd is signalled at the guest's EOI",
            "api.rst, \"KVM_IRQFD\"",
            "a level line at the IOAPIC is lowered before its handler is done", IoapicProbe::resamplesAtEoi),
    STI_WINDOW("interrupt after STI", "an interrupt that waits is taken right after the instruction behind STI",
            "Intel SDM vol. 2B, \"STI - Set Interrupt Flag\"",
            "a guest that opens briefly may take none: have it open until HLT",
            () -> CpuProbe.takesAfterSti(ProbeGuest.STI_WINDOW.image())),
    GATE_TYPE("IDT entry, type", "an interrupt through an IDT entry that is no gate for it is a #GP",
            "Intel SDM vol. 3A, \"IDT Descriptors\"",
            "a broken IDT entry may go unnoticed", CpuProbe::refusesWhatIsNoGate),
    SOFTWARE_INTERRUPT("int n in 64-bit ring 0", "INT n calls the handler in gate n of the IDT",
            "Intel SDM vol. 2A, \"INT n - Call to Interrupt Procedure\"",
            "a 64-bit guest cannot call its own handlers by INT n in ring 0",
            () -> CpuProbe.callsBySoftwareInterrupt(ProbeGuest.INT_N.image()));

    /** Runs guests of its own; throws where it cannot come to a finding. */
    @FunctionalInterface
    private interface Probe {
        Finding run();
    }

    private final String title;
    private final String says;
    private final String source;
    private final String consequence;
    private final Probe probe;

    ConformanceProbe(String title, String says, String source, String consequence, Probe probe) {
        this.title = title;
        this.says = says;
        this.source = source;
        this.consequence = consequence;
        this.probe = probe;
    }

    /** Finds out, within some hundredths of a second, by guests of its own. Leaves nothing behind, throws nothing. */
    public Finding probe() {
        try {
            return probe.run();
        } catch (RuntimeException broke) { // a probe that breaks tells nothing of the host
            return new Finding.Inconclusive(String.valueOf(broke.getMessage()));
        }
    }

    /** The name used in JSON. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The name for people. */
    public String title() {
        return title;
    }

    /** What the manuals say. */
    public String says() {
        return says;
    }

    /** Where they say it. */
    public String source() {
        return source;
    }

    /** What follows for the user where the host departs from it. */
    public String consequence() {
        return consequence;
    }
}
