package dev.interject.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Set;

import dev.interject.guest.BootParameters;
import dev.interject.guest.BuiltinBoot;
import dev.interject.guest.BuiltinGuest;
import dev.interject.guest.boot.BootMode;
import dev.interject.guest.image.GuestImage;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.kvm.Capability;
import dev.interject.machine.board.BuiltinPlatform;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MachinePlanTest {

    private static final GuestImage IMAGE = TestGuest.image("pic");

    private static MachinePlan plan(Irqchip irqchip, boolean pit, int vcpus, Set<Capability> needs) {
        return new MachinePlan(irqchip, pit, IMAGE, BootMode.LONG, new BootParameters(Set.of(), Trigger.EDGE, 0, vcpus),
                needs);
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 33, Integer.MAX_VALUE})
    void noVcpuOrMoreThanThereAreBlocks_isRefused(int vcpus) {
        assertThatIllegalArgumentException().isThrownBy(() -> plan(Irqchip.KERNEL, false, vcpus, Set.of()))
                .withMessage("vcpus must be 1 to 32, not " + vcpus);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 32})
    void asManyVcpusAsThereAreBlocks_areAllowed(int vcpus) {
        assertThat(plan(Irqchip.KERNEL, false, vcpus, Set.of()).platform().vcpus()).isEqualTo(vcpus);
    }

    @Test
    void needs_areThoseOfThePitTheIrqchipAndTheGuest() {
        Set<Capability> deadline = Set.of(Capability.KVM_CAP_TSC_DEADLINE_TIMER);

        assertThat(plan(Irqchip.KERNEL, false, 1, Set.of()).needs()).isEmpty();
        assertThat(plan(Irqchip.USERSPACE, false, 1, Set.of()).needs()).isEmpty();
        assertThat(plan(Irqchip.KERNEL, true, 1, Set.of()).needs()).containsExactly(Capability.KVM_CAP_PIT2);
        assertThat(plan(Irqchip.SPLIT, false, 1, deadline).needs())
                .containsExactlyInAnyOrder(Capability.KVM_CAP_SPLIT_IRQCHIP, Capability.KVM_CAP_TSC_DEADLINE_TIMER);
    }

    @Test
    void shortForm_hasNoPitAndNoNeeds() {
        BootParameters orders = BootParameters.lines(Set.of(10), Trigger.EDGE);

        assertThat(new MachinePlan(Irqchip.KERNEL, IMAGE, BootMode.LONG, orders))
                .isEqualTo(new MachinePlan(Irqchip.KERNEL, false, IMAGE, BootMode.LONG, orders, Set.of()));
    }

    @Test
    void planOfABuiltinGuest_hasWhatThatGuestNeeds() {
        BootParameters orders = BootParameters.lines(Set.of(10), Trigger.EDGE);

        assertThat(MachinePlan.of(BuiltinGuest.PIC, Irqchip.USERSPACE, orders))
                .returns(Irqchip.USERSPACE, MachinePlan::irqchip)
                .returns(false, MachinePlan::pit)
                .returns(new BuiltinPlatform(orders), MachinePlan::platform);
        assertThat(MachinePlan.of(BuiltinGuest.PIC, Irqchip.KERNEL, orders).guest())
                .isInstanceOfSatisfying(BuiltinBoot.class, boot -> assertThat(boot.mode()).isEqualTo(BootMode.LONG));
        assertThat(MachinePlan.of(BuiltinGuest.REAL, Irqchip.KERNEL, orders).guest())
                .isInstanceOfSatisfying(BuiltinBoot.class, boot -> assertThat(boot.mode()).isEqualTo(BootMode.REAL));
        assertThat(MachinePlan.of(BuiltinGuest.PIT, Irqchip.KERNEL, orders).pit()).isTrue();
        assertThat(MachinePlan.of(BuiltinGuest.DEADLINE, Irqchip.KERNEL, orders).needs())
                .containsExactly(Capability.KVM_CAP_TSC_DEADLINE_TIMER);
    }
}
