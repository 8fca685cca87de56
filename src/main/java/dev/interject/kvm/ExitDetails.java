package dev.interject.kvm;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;

import dev.interject.bindings.NativeHeaders;
import dev.interject.bindings.kvm_run;

/** Describes an exit after which a vCPU cannot continue. */
public final class ExitDetails {

    private static final int LONGEST_INSTRUCTION = 15;

    /** A VM-entry failure for guest state that the CPU finds illegal (Intel SDM vol. 3, 27.8). */
    private static final long VMX_INVALID_GUEST_STATE = 0x80000021L;

    /** The same on AMD: VMEXIT_INVALID (APM vol. 2, "Canonicalization and Consistency Checks"). */
    private static final long SVM_INVALID_GUEST_STATE = -1;

    private final MemorySegment run;

    ExitDetails(MemorySegment run) {
        this.run = run;
    }

    /** The exit and its reason in one line of text. */
    public String describe() {
        int reason = kvm_run.exit_reason(run);
        if (reason == NativeHeaders.KVM_EXIT_FAIL_ENTRY()) {
            long hardware = kvm_run.fail_entry.hardware_entry_failure_reason(kvm_run.fail_entry(run));
            return "the CPU refused to enter the guest (KVM_EXIT_FAIL_ENTRY, hardware reason 0x%x%s)".formatted(
                    hardware,
                    hardware == VMX_INVALID_GUEST_STATE || hardware == SVM_INVALID_GUEST_STATE
                            ? ": invalid guest state" + queuedDespiteIf(hardware)
                            : "");
        }
        if (reason == NativeHeaders.KVM_EXIT_INTERNAL_ERROR()) {
            return "KVM could not continue (KVM_EXIT_INTERNAL_ERROR, " + suberror() + ")";
        }
        return "KVM returned exit reason %s, which Interject does not handle".formatted(ExitReason.nameOf(reason));
    }

    /** The best known way to such a state. AMD's SVM delivers the interrupt (APM vol. 2, "Event Injection"). */
    private String queuedDespiteIf(long hardware) {
        return hardware == VMX_INVALID_GUEST_STATE && kvm_run.if_flag(run) == 0
                ? "; IF = 0, and VMX refuses an entry with an interrupt queued then, which AMD's SVM would deliver"
                : "";
    }

    private String suberror() {
        MemorySegment internal = kvm_run.internal(run);
        int suberror = kvm_run.internal.suberror(internal);
        if (suberror == NativeHeaders.KVM_INTERNAL_ERROR_EMULATION()) {
            return "cannot emulate the instruction" + instruction();
        }
        if (suberror == NativeHeaders.KVM_INTERNAL_ERROR_DELIVERY_EV()) {
            return "an exit while an event was being delivered";
        }
        if (suberror == NativeHeaders.KVM_INTERNAL_ERROR_SIMUL_EX()) {
            return "simultaneous exceptions";
        }
        return "suberror " + suberror;
    }

    private String instruction() {
        MemorySegment failure = kvm_run.emulation_failure(run);
        boolean known = kvm_run.emulation_failure.ndata(failure) > 0 && (kvm_run.emulation_failure.flags(failure)
                & NativeHeaders.KVM_INTERNAL_ERROR_EMULATION_FLAG_INSTRUCTION_BYTES()) != 0;
        if (!known) {
            return "";
        }
        int size = Math.clamp(Byte.toUnsignedInt(kvm_run.emulation_failure.insn_size(failure)), 0, LONGEST_INSTRUCTION);
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = kvm_run.emulation_failure.insn_bytes(failure, i);
        }
        return " " + HexFormat.ofDelimiter(" ").formatHex(bytes);
    }
}
