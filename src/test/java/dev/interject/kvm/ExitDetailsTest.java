package dev.interject.kvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import dev.interject.bindings.NativeHeaders;
import dev.interject.bindings.kvm_run;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExitDetailsTest {

    private final MemorySegment run = Arena.ofAuto().allocate(kvm_run.layout());
    private final ExitDetails details = new ExitDetails(run);

    private void entryFailed(long hardwareReason) {
        kvm_run.exit_reason(run, NativeHeaders.KVM_EXIT_FAIL_ENTRY());
        kvm_run.fail_entry.hardware_entry_failure_reason(kvm_run.fail_entry(run), hardwareReason);
    }

    private MemorySegment internalError(int suberror) {
        kvm_run.exit_reason(run, NativeHeaders.KVM_EXIT_INTERNAL_ERROR());
        kvm_run.internal.suberror(kvm_run.internal(run), suberror);
        return kvm_run.emulation_failure(run);
    }

    private void emulationFailed(int claimedSize) {
        MemorySegment failure = internalError(NativeHeaders.KVM_INTERNAL_ERROR_EMULATION());
        kvm_run.emulation_failure.ndata(failure, 3);
        kvm_run.emulation_failure.flags(failure,
                NativeHeaders.KVM_INTERNAL_ERROR_EMULATION_FLAG_INSTRUCTION_BYTES());
        kvm_run.emulation_failure.insn_size(failure, (byte) claimedSize);
        kvm_run.emulation_failure.insn_bytes(failure, 0, (byte) 0xf3);
        kvm_run.emulation_failure.insn_bytes(failure, 1, (byte) 0x0f);
    }

    @Test
    void refusedEntry_namesTheHardwareReason() {
        entryFailed(7);

        assertThat(details.describe())
                .isEqualTo("the CPU refused to enter the guest (KVM_EXIT_FAIL_ENTRY, hardware reason 0x7)");
    }

    @ParameterizedTest
    @ValueSource(longs = {0x80000021L, -1})
    void refusedEntryForGuestState_isExplainedForIntelAndAmd(long hardwareReason) {
        entryFailed(hardwareReason);
        kvm_run.if_flag(run, (byte) 1);

        assertThat(details.describe()).endsWith("hardware reason 0x%x: invalid guest state)".formatted(hardwareReason));
    }

    @Test
    void refusedEntryOfVmxWithIf0_saysWhatVmxRefusesAndAmdAccepts() {
        entryFailed(0x80000021L);

        assertThat(details.describe()).contains("IF = 0, and VMX refuses an entry with an interrupt queued",
                "AMD's SVM would deliver");
    }

    @Test
    void emulationFailure_showsTheInstruction() {
        emulationFailed(2);

        assertThat(details.describe()).endsWith("cannot emulate the instruction f3 0f)");
    }

    @Test
    void emulationFailureWithoutBytes_showsNone() {
        emulationFailed(2);
        kvm_run.emulation_failure.flags(kvm_run.emulation_failure(run), 0);

        assertThat(details.describe()).endsWith("cannot emulate the instruction)");
    }

    @Test
    void emulationFailureOfAnOldKernel_showsNone() {
        emulationFailed(2);
        kvm_run.emulation_failure.ndata(kvm_run.emulation_failure(run), 0);

        assertThat(details.describe()).endsWith("cannot emulate the instruction)");
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 127, 128, 255})
    void instructionLongerThan15Bytes_isTruncated(int claimedSize) {
        emulationFailed(claimedSize);

        assertThat(details.describe()).endsWith("f3 0f 00 00 00 00 00 00 00 00 00 00 00 00 00)");
    }

    @Test
    void otherSuberrors_areNamedOrNumbered() {
        internalError(NativeHeaders.KVM_INTERNAL_ERROR_DELIVERY_EV());
        assertThat(details.describe()).contains("an exit while an event was being delivered");

        internalError(NativeHeaders.KVM_INTERNAL_ERROR_SIMUL_EX());
        assertThat(details.describe()).contains("simultaneous exceptions");

        internalError(99);
        assertThat(details.describe()).contains("suberror 99");
    }

    @ParameterizedTest
    @CsvSource({"16, KVM_EXIT_NMI", "26, KVM_EXIT_IOAPIC_EOI", "1000, 1000"})
    void exitWithoutAType_isNamedIfItHasAName(int reason, String name) {
        kvm_run.exit_reason(run, reason);

        assertThat(details.describe())
                .isEqualTo("KVM returned exit reason " + name + ", which Interject does not handle");
    }
}
