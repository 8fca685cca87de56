package dev.interject.experiment.probe;

import java.util.Locale;

import dev.interject.experiment.UnsupportedPath;
import dev.interject.guest.ProbeGuest;
import dev.interject.kvm.UnsupportedKvmException;
import dev.interject.linux.error.SystemCallException;

/**
 * A rule of the manuals about interrupts, with a probe that tests whether this host's KVM follows it.
 *
 * <p>Sections are cited by title, since their numbers change between editions of the Intel SDM.
 */
public enum ConformanceProbe {
    LAPIC_IN_SERVICE("LAPIC, in service", "a vector stays in the ISR until its EOI",
            "Intel SDM vol. 3A, \"Signaling Interrupt Servicing Completion\"",
            "a missing EOI has no effect, and the LAPIC's ISR never holds an interrupt", LapicProbe::keepsInService),
    LAPIC_PRIORITY("LAPIC, priority", "a lower vector waits in the IRR while a higher one is in service",
            "Intel SDM vol. 3A, \"Task and Processor Priorities\"",
            "any vector interrupts any handler that sets IF", LapicProbe::holdsLowerPriority),
    LAPIC_DESTINATION("LAPIC, destination",
            "an interrupt reaches every LAPIC whose ID is its destination, or shares a bit with it",
            "Intel SDM vol. 3A, \"Determining IPI Destination\"",
            "an interrupt misses LAPICs that have the ID of another, or a logical ID of several bits",
            DestinationProbe::reachesEveryLapic),
    LOWEST_PRIORITY("LAPIC, lowest priority",
            "the vector does not decide which of several LAPICs takes a lowest-priority interrupt",
            "Intel SDM vol. 3A, \"Lowest Priority Delivery Mode\"",
            "the vector selects the LAPIC, and one that is not there takes nothing", DestinationProbe::choosesOne),
    SMI("system-management interrupt", "a message of delivery mode 2 puts a vCPU into system-management mode",
            "Intel SDM vol. 3C, \"System Management Interrupt (SMI)\"; api.rst, \"KVM_SMI\"",
            "an SMI has no effect: a message, a pin or an IPI of delivery mode 2 is dropped",
            DestinationProbe::deliversSmi),
    IOAPIC_RESAMPLE("IOAPIC, resample", "the resample eventfd is signalled at the guest's EOI",
            "api.rst, \"KVM_IRQFD\"",
            "a level line at the IOAPIC is lowered before its handler has ended", IoapicProbe::resamplesAtEoi),
    STI_WINDOW("interrupt after STI", "a pending interrupt is taken right after the instruction that follows STI",
            "Intel SDM vol. 2B, \"STI - Set Interrupt Flag\"",
            "a guest that sets IF only briefly may take no interrupt: keep IF set until HLT",
            () -> CpuProbe.takesAfterSti(ProbeGuest.STI_WINDOW.image())),
    GATE_TYPE("IDT entry, type", "an interrupt through an IDT entry of another type than a gate raises #GP",
            "Intel SDM vol. 3A, \"IDT Descriptors\"",
            "a broken IDT entry may go unnoticed", CpuProbe::checksGateType),
    ERROR_CODE_EXT("error code, EXT", "bit 0 of the error code is 1 for a fault during the delivery of an interrupt",
            "Intel SDM vol. 3A, \"Error Code\"",
            "a handler of #TS, #NP, #SS or #GP cannot tell that an event was being delivered",
            () -> ErrorCodeProbe.EXT.run()),
    ERROR_CODE_INDEX("error code, index",
            "bits 15:3 of the error code are the vector for a fault at an entry of the IDT",
            "Intel SDM vol. 3A, \"Error Code\"", "a handler of #NP or #GP computes another vector in long mode",
            () -> ErrorCodeProbe.INDEX.run()),
    SEGMENT_RIGHTS("code segment, rights",
            "an interrupt through a gate to a segment of another type, a lower ring, or that is not present faults",
            "Intel SDM vol. 3A, \"Protection of Exception- and Interrupt-Handler Procedures\"",
            "type, privilege and presence of a handler's code segment go unnoticed",
            DeliveryProbe::checksSegmentRights),
    TSS_LIMIT("TSS, limit", "an interrupt whose stack lies beyond the limit of the TSS raises #TS",
            "Intel SDM vol. 2A, \"INT n - Call to Interrupt Procedure\"",
            "a TSS that is too short goes unnoticed", DeliveryProbe::checksTssLimit),
    RETURN_RIGHTS("IRETQ, types of segments", "IRETQ to a stack segment that cannot be written raises #GP",
            "Intel SDM vol. 2A, \"IRET/IRETD/IRETQ\"",
            "a handler returns to segments of a wrong type", DeliveryProbe::checksReturnRights),
    RETURN_ABSENT_STACK("IRETQ, SS not present", "IRETQ to a stack segment that is not present raises #SS",
            "AMD64 APM vol. 3, \"IRET\"; Intel SDM vol. 2A, \"IRET/IRETD/IRETQ\", Operation",
            "the handler of #NP runs instead of that of #SS, as Intel's list of exceptions has it",
            DeliveryProbe::raisesStackFaultOnReturn),
    RETURN_NULL_STACK("IRETQ, null SS", "IRETQ to ring 0 and a null SS whose RPL is not 0 raises #GP",
            "Intel SDM vol. 2A, \"IRET/IRETD/IRETQ\", 64-Bit Mode Exceptions",
            "a handler returns to a null SS of another ring", DeliveryProbe::checksNullStackOnReturn),
    REAL_MODE_LIMIT("real mode, limit", "an interrupt beyond the limit of the vector table raises #GP",
            "Intel SDM vol. 2A, \"INT n - Call to Interrupt Procedure\"",
            "in real mode, the limit of the vector table goes unnoticed", DeliveryProbe::checksRealModeLimit),
    STACK_LIMIT("stack segment, limit", "an interrupt whose frame exceeds the limit of the stack segment raises #SS",
            "Intel SDM vol. 2A, \"INT n - Call to Interrupt Procedure\"",
            "a stack that wraps around goes unnoticed", DeliveryProbe::checksStackLimit),
    PROTECTED_MODE("32-bit protected mode", "IRET returns to the code segment and EIP on the stack",
            "Intel SDM vol. 2A, \"IRET/IRETD/IRETQ\"",
            "no handler of a guest in 16-bit or 32-bit protected mode can return", DeliveryProbe::returnsIn32Bits),
    SOFTWARE_INTERRUPT("int n in 64-bit ring 0", "INT n calls the handler in gate n of the IDT",
            "Intel SDM vol. 2A, \"INT n - Call to Interrupt Procedure\"",
            "a 64-bit guest cannot call its own handlers with INT n in ring 0",
            () -> CpuProbe.callsBySoftwareInterrupt(ProbeGuest.INT_N.image())),
    HARDWARE_BREAKPOINT("hardware breakpoint", "a vCPU stops before the instruction at an address in DR0 to DR3",
            "api.rst, \"KVM_SET_GUEST_DEBUG\"",
            "sweep and a stepped explain replace the instruction instead, in guests with one vCPU",
            CpuProbe::stopsAtBreakpoint);

    /** Runs its own guests; throws if it cannot reach a finding. */
    @FunctionalInterface
    private interface Probe {
        Finding run();
    }

    private final String title;
    private final String rule;
    private final String source;
    private final String consequence;
    private final Probe probe;

    ConformanceProbe(String title, String rule, String source, String consequence, Probe probe) {
        this.title = title;
        this.rule = rule;
        this.source = source;
        this.consequence = consequence;
        this.probe = probe;
    }

    /**
     * Runs the probe with its own guests, which takes tens of milliseconds.
     *
     * @throws SystemCallException if the host fails; a request that it does not support is inconclusive
     */
    public Finding probe() {
        try {
            return probe.run();
        } catch (SystemCallException failed) {
            if (!UnsupportedPath.ofAPath(failed)) {
                throw failed;
            }
            return new Finding.Inconclusive(failed.getMessage());
        } catch (ProbeFailedException | UnsupportedKvmException failed) {
            return new Finding.Inconclusive(failed.getMessage());
        }
    }

    /** The name used in JSON. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The name used in text. */
    public String title() {
        return title;
    }

    /** The rule in one line. */
    public String rule() {
        return rule;
    }

    /** The manual and section that states the rule. */
    public String source() {
        return source;
    }

    /** What a departure means for the user. */
    public String consequence() {
        return consequence;
    }
}
