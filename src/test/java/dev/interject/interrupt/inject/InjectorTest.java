package dev.interject.interrupt.inject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interject.RequiresKvm;
import dev.interject.interrupt.Trigger;
import dev.interject.kvm.Kvm;
import dev.interject.kvm.VirtualMachine;
import dev.interject.kvm.state.PicChip;
import dev.interject.trace.Recorder;
import org.junit.jupiter.api.Test;

class InjectorTest {

    private static final int LINE = 5;
    private static final int LINE_BIT = 1 << LINE;

    private final PicController pic = new PicController(Recorder.off());
    private int kicks;

    private void kick() {
        kicks++;
    }

    @Test
    void edgeOfTheUserspacePair_isAPulseAndAKick() {
        PicInjector injector = new PicInjector(pic, LINE, Trigger.EDGE, this::kick);

        assertThat(injector.inject()).isEqualTo(1);
        assertThat(pic.masterState().irr()).isEqualTo(LINE_BIT);
        assertThat(pic.masterState().lastIrr()).isZero();
        assertThat(kicks).isEqualTo(1);
        assertThat(injector.inject()).isZero();
    }

    @Test
    void levelOfTheUserspacePair_staysHighUntilReleased() {
        pic.write(0x4d0, 1, LINE_BIT);
        PicInjector injector = new PicInjector(pic, LINE, Trigger.LEVEL, this::kick);

        injector.inject();
        assertThat(pic.masterState().irr()).isEqualTo(LINE_BIT);
        assertThat(kicks).isEqualTo(1);

        injector.release();
        assertThat(pic.masterState().irr()).isZero();
    }

    @Test
    void releasedEdgeOfTheUserspacePair_changesNothing() {
        PicInjector injector = new PicInjector(pic, LINE, Trigger.EDGE, this::kick);
        pic.setLine(LINE, true);

        injector.release();

        assertThat(pic.masterState().lastIrr()).isEqualTo(LINE_BIT);
    }

    @Test
    void vector_isQueuedAndKicks() {
        VectorQueue queue = new VectorQueue(2);
        VectorInjector injector = new VectorInjector(queue, 0x41, this::kick);

        assertThat(injector.inject()).isEqualTo(Injector.NO_STATUS);
        injector.release();

        assertThat(kicks).isEqualTo(1);
        assertThat(queue.size()).isEqualTo(1);
        assertThat(queue.acknowledge()).isEqualTo(0x41);
    }

    @Test
    void forcedVector_countsThoseThatMetAClosedGuest() {
        ForcedVectorInjector injector = new ForcedVectorInjector(0x41, vector -> kicks++ == 0 && vector == 0x41);

        assertThat(injector.inject()).isEqualTo(Injector.NO_STATUS);
        assertThat(injector.whileClosed()).isZero();
        injector.inject();
        injector.inject();
        injector.release();

        assertThat(injector.whileClosed()).isEqualTo(2);
    }

    @Test
    @RequiresKvm
    void edgeOfTheKernelsControllers_isAPulse() {
        try (Kvm kvm = Kvm.open(); VirtualMachine vm = kvm.createVirtualMachine()) {
            vm.createIrqchip();
            KernelLineInjector injector =
                    new KernelLineInjector(vm.irqLine(LINE), Trigger.EDGE, new LineLevels(), Recorder.off());

            assertThat(injector.inject()).isPositive();
            assertThat(vm.picState(PicChip.MASTER).irr()).isEqualTo(LINE_BIT);
            assertThat(vm.picState(PicChip.MASTER).lastIrr()).isZero();
            assertThat(injector.inject()).isZero();
        }
    }

    @Test
    @RequiresKvm
    void levelOfTheKernelsControllers_staysHighUntilReleased() {
        try (Kvm kvm = Kvm.open(); VirtualMachine vm = kvm.createVirtualMachine()) {
            vm.createIrqchip();
            LineLevels levels = new LineLevels();
            KernelLineInjector injector =
                    new KernelLineInjector(vm.irqLine(LINE), Trigger.LEVEL, levels, Recorder.off());

            injector.inject();
            assertThat(vm.picState(PicChip.MASTER).lastIrr()).isEqualTo(LINE_BIT);
            assertThat(levels.high()).isEqualTo(1 << LINE);

            injector.release();
            assertThat(vm.picState(PicChip.MASTER).lastIrr()).isZero();
            assertThat(levels.high()).isZero();
        }
    }

    @Test
    @RequiresKvm
    void kernelThatRefuses_failsTheInjection() {
        try (Kvm kvm = Kvm.open(); VirtualMachine vm = kvm.createVirtualMachine()) {
            KernelLineInjector injector =
                    new KernelLineInjector(vm.irqLine(LINE), Trigger.EDGE, new LineLevels(), Recorder.off());

            assertThatThrownBy(injector::inject).hasMessageStartingWith("KVM_IRQ_LINE_STATUS: ENXIO");
        }
    }
}
