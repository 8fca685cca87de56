package dev.interject.kvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interject.RequiresKvm;
import dev.interject.device.PicState;
import dev.interject.kvm.state.PicChip;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code KVM_IRQFD} with the deassign flag. */
@RequiresKvm
class IrqfdUnbindingTest {

    private static final int LINE = 3;
    private static final int ROUNDS = 200;
    private static final int SIGNALS = 3;

    private final EventFd event = EventFd.create();
    private Kvm kvm;
    private VirtualMachine vm;

    @BeforeEach
    void create() {
        kvm = Kvm.open();
        vm = kvm.createVirtualMachine();
        vm.createIrqchip();
        vm.bindIrqfd(event, LINE);
    }

    @AfterEach
    void close() {
        vm.close();
        kvm.close();
        event.close();
    }

    private int requests() {
        return vm.picState(PicChip.MASTER).irr();
    }

    @Test
    void signalAfterUnbinding_staysInTheEventfd() {
        vm.unbindIrqfd(event, LINE);

        event.signal();

        assertThat(event.consume()).isEqualTo(1);
        assertThat(requests()).isZero();
    }

    @Test
    void earlierSignals_areDeliveredWhenUnbindingReturns() {
        PicState fresh = vm.picState(PicChip.MASTER);
        int through = 0;
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < SIGNALS; i++) {
                event.signal();
            }
            vm.unbindIrqfd(event, LINE);
            through += requests() >> LINE;
            vm.setPicState(PicChip.MASTER, fresh);
            vm.bindIrqfd(event, LINE);
        }

        assertThat(through).isEqualTo(ROUNDS);
    }

    @Test
    void boundAgain_pulsesAgain() {
        assertThatThrownBy(() -> vm.bindIrqfd(event, LINE)).hasMessage("KVM_IRQFD: EBUSY (Device or resource busy)");

        vm.unbindIrqfd(event, LINE);
        vm.bindIrqfd(event, LINE + 1);
        event.signal();
        vm.unbindIrqfd(event, LINE + 1);

        assertThat(requests()).isEqualTo(1 << LINE + 1);
    }

    @Test
    void signalBetweenTwoBindings_firesAtTheSecond() {
        vm.unbindIrqfd(event, LINE);
        event.signal();

        vm.bindIrqfd(event, LINE);
        vm.unbindIrqfd(event, LINE);

        assertThat(requests()).isEqualTo(1 << LINE);
    }

    @Test
    void unbindingOfAnotherGsi_changesNothing() {
        vm.unbindIrqfd(event, LINE + 1);

        assertThatThrownBy(() -> vm.bindIrqfd(event, LINE)).hasMessage("KVM_IRQFD: EBUSY (Device or resource busy)");
    }
}
