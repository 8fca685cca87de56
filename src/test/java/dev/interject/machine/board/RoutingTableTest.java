package dev.interject.machine.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.interject.RequiresKvm;
import dev.interject.kvm.Kvm;
import dev.interject.kvm.VirtualMachine;
import dev.interject.kvm.state.GsiRoute;
import dev.interject.kvm.state.MsiMessage;
import dev.interject.kvm.state.PicChip;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a line's status shows about its route: below 0, it leads nowhere; 0, to a LAPIC that is disabled, which every
 * one is here; above 0, to an 8259.
 */
@RequiresKvm
class RoutingTableTest {

    private static final MsiMessage MESSAGE = MsiMessage.fixed(0, 0x61);
    private static final int EACH = 100;

    private Kvm kvm;
    private VirtualMachine vm;
    private AutoCloseable vcpu;
    private RoutingTable routes;

    @BeforeEach
    void create() {
        kvm = Kvm.open();
        vm = kvm.createVirtualMachine();
        vm.createIrqchip();
        vcpu = vm.createVcpu(0);
        routes = new RoutingTable(vm::setRoutes, GsiRoute.standard());
    }

    @AfterEach
    void close() throws Exception {
        vcpu.close();
        vm.close();
        kvm.close();
    }

    private int status(int gsi) {
        int status = vm.irqLine(gsi).raise();
        vm.irqLine(gsi).lower();
        return status;
    }

    @Test
    void messages_getGsisAboveTheIoapics() {
        assertThat(List.of(routes.add(MESSAGE), routes.add(MESSAGE), routes.add(MESSAGE))).containsExactly(24, 25, 26);

        assertThat(status(24)).isZero();
        assertThat(status(26)).isZero();
        assertThat(status(27)).isNegative();
    }

    @Test
    void standardRoutes_areKept() {
        routes.add(MESSAGE);

        assertThat(status(10)).isPositive();
        assertThat(vm.picState(PicChip.SLAVE).irr()).isEqualTo(1 << 2);
    }

    @Test
    void replacedGsi_isRoutedToTheMessageOnly() {
        routes.replace(10, MESSAGE);

        assertThat(status(10)).isZero();
        assertThat(vm.picState(PicChip.SLAVE).irr()).isZero();
        assertThat(status(11)).isPositive();
    }

    @Test
    void removedGsi_hasNoRoute() {
        int gsi = routes.add(MESSAGE);

        routes.remove(10);
        routes.remove(gsi);
        routes.remove(4000);

        assertThat(status(10)).isNegative();
        assertThat(status(gsi)).isNegative();
        assertThat(status(11)).isPositive();
        assertThat(routes.add(MESSAGE)).isEqualTo(gsi + 1);
    }

    @Test
    void removedAndReplacedGsi_hasARoute() {
        routes.remove(10);
        routes.replace(10, MESSAGE);

        assertThat(status(10)).isZero();
    }

    @Test
    void kernelThatRefuses_isNamed() {
        try (VirtualMachine plain = kvm.createVirtualMachine()) {
            RoutingTable nowhere = new RoutingTable(plain::setRoutes, GsiRoute.standard());

            assertThatThrownBy(() -> nowhere.add(MESSAGE)).hasMessageStartingWith("KVM_SET_GSI_ROUTING: EINVAL");
        }
    }

    @Test
    void refusedChange_leavesTheTableAsItWas() {
        AtomicBoolean refuses = new AtomicBoolean();
        RoutingTable table = new RoutingTable(changed -> {
            if (refuses.get()) {
                throw new IllegalStateException("refused");
            }
            vm.setRoutes(changed);
        }, GsiRoute.standard());
        int gsi = table.add(MESSAGE);
        List<GsiRoute> before = table.routes();
        refuses.set(true);

        assertThatThrownBy(() -> table.add(MESSAGE)).hasMessage("refused");
        assertThatThrownBy(() -> table.replace(10, MESSAGE)).hasMessage("refused");
        assertThatThrownBy(() -> table.remove(gsi)).hasMessage("refused");
        assertThatThrownBy(() -> table.replaceAll(List.of())).hasMessage("refused");

        assertThat(table.routes()).isEqualTo(before);
        refuses.set(false);
        assertThat(table.add(MESSAGE)).isEqualTo(gsi + 1);
        assertThat(table.routes()).hasSize(before.size() + 1);
    }

    @Test
    void severalThreads_getAGsiEachAndLoseNoRoute() throws Exception {
        Set<Integer> gsis = ConcurrentHashMap.newKeySet();
        Callable<Void> adds = () -> {
            for (int i = 0; i < EACH; i++) {
                gsis.add(routes.add(MESSAGE));
            }
            return null;
        };
        Callable<Void> reprogramsAPin = () -> {
            for (int i = 0; i < EACH; i++) {
                routes.remove(10);
                routes.replace(10, MESSAGE);
            }
            return null;
        };
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            for (Future<Void> done : threads.invokeAll(List.of(adds, adds, reprogramsAPin))) {
                done.get();
            }
        }

        assertThat(gsis).hasSize(2 * EACH).allSatisfy(gsi -> assertThat(status(gsi)).isZero());
        assertThat(status(10)).isZero();
        assertThat(status(11)).isPositive();
    }
}
