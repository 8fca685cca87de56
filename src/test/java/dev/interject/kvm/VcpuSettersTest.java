package dev.interject.kvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

import dev.interject.RequiresKvm;
import dev.interject.kvm.state.LapicRegisters;
import dev.interject.kvm.state.MpState;
import dev.interject.kvm.state.QueuedException;
import dev.interject.kvm.state.VcpuEvents;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** State that is set is read back; all other state is unchanged. */
@RequiresKvm
class VcpuSettersTest {

    private static final String NOTHING = "f4                   hlt";
    private static final int LVT_MASKED = 1 << 16;

    private TinyGuest guest = TinyGuest.withIrqchip(NOTHING);

    @AfterEach
    void close() {
        guest.close();
    }

    private LapicRegisters set(LapicRegisters lapic) {
        guest.vcpu().setLapicRegisters(lapic);
        return guest.vcpu().lapicRegisters();
    }

    @Test
    void lapic_isReadAsSet() {
        LapicRegisters before = guest.vcpu().lapicRegisters();

        assertThat(set(before).page()).isEqualTo(before.page());
    }

    @Test
    void lapicState_comesBackAsItWasSet() {
        LapicRegisters set = set(guest.vcpu()
                .lapicRegisters()
                .withSoftwareEnabled(true)
                .withTaskPriority(0x50)
                .withLint0(LVT_MASKED | 0x700)
                .withTimer(LVT_MASKED | 0x61)
                .withRequested(Set.of(0x41))
                .withInService(Set.of(0xff)));

        assertThat(set.isSoftwareEnabled()).isTrue();
        assertThat(set.taskPriority()).isEqualTo(0x50);
        assertThat(set.letsPicThrough()).isFalse();
        assertThat(set.timerVector()).isEqualTo(0x61);
        assertThat(set.isRequested(0x41)).isTrue();
        assertThat(set.highestInService()).isEqualTo(0xff);
        assertThat(set.withSoftwareEnabled(false).isSoftwareEnabled()).isFalse();
    }

    @Test
    void otherLapic_isUnchanged() {
        LapicRegisters before = guest.vcpu().lapicRegisters();

        before.withTaskPriority(0x50);

        assertThat(before.taskPriority()).isZero();
    }

    @Test
    void lapicThatIsNotInTheKernel_isEinval() {
        LapicRegisters lapic = guest.vcpu().lapicRegisters();
        guest.close();
        guest = TinyGuest.withoutIrqchip(NOTHING);

        assertThatThrownBy(() -> guest.vcpu().setLapicRegisters(lapic))
                .hasMessage("KVM_SET_LAPIC: EINVAL (Invalid argument)");
    }

    /** An AMD CPU has one shadow for both, and KVM reports both. */
    @ParameterizedTest
    @CsvSource({"true, false", "false, true", "false, false"})
    void shadow_isReadBackAsSetOrAsOneForBoth(boolean afterSti, boolean afterMovSs) {
        VcpuEvents shadowed = guest.vcpu().events().withShadow(afterSti, afterMovSs);
        boolean either = afterSti || afterMovSs;

        guest.vcpu().setEvents(shadowed);

        assertThat(guest.vcpu().events()).isIn(shadowed, shadowed.withShadow(either, either));
        assertThat(shadowed.inShadow()).isEqualTo(either);
    }

    @Test
    void queuedInterruptAndNmiMask_areReadAsSet() {
        VcpuEvents queued = VcpuEvents.NONE.withInterrupt(0x41).withNmiMasked(true);

        guest.vcpu().setEvents(queued);

        assertThat(guest.vcpu().events()).isEqualTo(queued);
    }

    @Test
    void queuedException_isReadAsSet() {
        VcpuEvents fault = VcpuEvents.NONE.withException(new QueuedException(14, OptionalInt.of(0x3)));
        VcpuEvents trap = VcpuEvents.NONE.withException(new QueuedException(1, OptionalInt.empty()));

        guest.vcpu().setEvents(fault);
        assertThat(guest.vcpu().events()).isEqualTo(fault);
        guest.vcpu().setEvents(trap);
        assertThat(guest.vcpu().events()).isEqualTo(trap);
        guest.vcpu().setEvents(VcpuEvents.NONE);
        assertThat(guest.vcpu().events().exception()).isEmpty();
    }

    @Test
    void payload_isReadAsSetWhereItIsEnabled() {
        VcpuEvents fault = VcpuEvents.NONE
                .withException(new QueuedException(14, OptionalInt.of(0x3), OptionalLong.of(0x7fff_1234_5678L)));
        guest.vm().enableExceptionPayload();

        guest.vcpu().setEvents(fault);

        assertThat(guest.vcpu().events()).isEqualTo(fault);
        assertThat(guest.vcpu().specialRegisters().cr2()).isZero();
    }

    @Test
    void payloadThatIsNotEnabled_isRefused() {
        VcpuEvents fault =
                VcpuEvents.NONE.withException(new QueuedException(14, OptionalInt.of(0), OptionalLong.of(0x1000)));

        assertThatThrownBy(() -> guest.vcpu().setEvents(fault))
                .hasMessage("KVM_SET_VCPU_EVENTS: EINVAL (Invalid argument)");
    }

    @Test
    void pendingNmi_isKeptWhenEventsAreSet() {
        VcpuEvents before = guest.vcpu().events();
        guest.vcpu().nmi();

        guest.vcpu().setEvents(before);

        assertThat(guest.vcpu().events().nmiPending()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(value = MpState.class, names = {"RUNNABLE", "HALTED", "UNINITIALIZED", "INIT_RECEIVED"})
    void mpState_isReadAsSet(MpState state) {
        guest.vcpu().setMpState(state);

        assertThat(guest.vcpu().mpState()).isEqualTo(state);
    }

    @Test
    void unknownMpState_cannotBeSet() {
        assertThatIllegalArgumentException().isThrownBy(() -> guest.vcpu().setMpState(MpState.UNKNOWN));
    }
}
