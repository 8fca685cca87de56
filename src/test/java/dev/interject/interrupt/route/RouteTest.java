package dev.interject.interrupt.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every path must have, so that a new path is complete. */
class RouteTest {

    private static Stream<Class<?>> leaves(Class<?> type) {
        return type.isSealed() ? Stream.of(type.getPermittedSubclasses()).flatMap(RouteTest::leaves) : Stream.of(type);
    }

    @Test
    void everyRoute_isRegisteredOnce() {
        assertThat(Route.all().stream().<Class<?>>map(Route::getClass))
                .containsExactlyInAnyOrderElementsOf(leaves(Route.class).toList());
    }

    @Test
    void labels_areThoseOfTheCommandLine() {
        assertThat(Route.all()).map(Route::label)
                .containsExactly("line", "irqfd", "msi", "msi-route", "msi-irqfd", "vector", "ipi", "nmi", "pit",
                        "lapic-timer");
        assertThat(Route.VECTOR).hasToString("vector");
    }

    @ParameterizedTest
    @MethodSource("dev.interject.interrupt.route.Route#all")
    void label_namesItsRoute(Route route) {
        assertThat(Route.named(route.label())).isSameAs(route);
    }

    @Test
    void unknownLabel_isRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> Route.named("LINE")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("there is no path 'LINE'", "line, irqfd", "lapic-timer");
    }

    @Test
    void requests_areTheIoctlsThatAreIssued() {
        assertThat(Route.all()).map(route -> route.request(Irqchip.KERNEL))
                .containsExactly("KVM_IRQ_LINE_STATUS", "KVM_IRQFD", "KVM_SIGNAL_MSI", "KVM_IRQ_LINE_STATUS",
                        "KVM_IRQFD", "KVM_INTERRUPT", "the LAPIC's ICR", "KVM_NMI", "KVM_CREATE_PIT2",
                        "the LAPIC's timer");
        assertThat(Route.LINE.request(Irqchip.SPLIT)).isEqualTo("KVM_SIGNAL_MSI");
    }

    @ParameterizedTest
    @EnumSource
    void guest_hasARoute(BuiltinGuest guest) {
        assertThat(Route.of(guest)).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("dev.interject.interrupt.route.Route#all")
    void defaultGuest_isSetUpForTheRoute(Route route) {
        assertThat(Irqchip.values()).allSatisfy(irqchip -> {
            assertThat(route.supports(route.defaultGuest(irqchip, 1))).isTrue();
            assertThat(route == Route.VECTOR || route.supports(route.defaultGuest(irqchip, 2))).isTrue();
        });
    }

    @ParameterizedTest
    @MethodSource("dev.interject.interrupt.route.Route#all")
    void cases_coverEveryIrqchipThatTheRouteWorksOn(Route route) {
        assertThat(Irqchip.values()).allSatisfy(irqchip -> {
            List<RouteCase> cases = RouteCase.all()
                    .stream()
                    .filter(one -> one.route() == route && one.irqchip() == irqchip)
                    .toList();
            assertThat(cases.isEmpty()).isEqualTo(route.refusalOn(irqchip).isPresent());
            assertThat(cases).allSatisfy(one -> {
                assertThat(route.supports(one.guest())).isTrue();
                assertThat(one.trigger() == Trigger.EDGE || route.takes(RouteParameter.LEVEL)).isTrue();
                assertThat(one.vector().isEmpty() || route.takes(RouteParameter.VECTOR)).isTrue();
            });
        });
    }

    @Test
    void allCases_areThoseOfEveryRoute() {
        assertThat(RouteCase.all()).hasSize(43).doesNotHaveDuplicates();
    }

    @Test
    void kvmCountsNonMaskableInterruptsApart() {
        assertThat(Route.NMI.counter()).isEqualTo("nmi_injections");
        assertThat(Route.all()).filteredOn(Route::isMaskable)
                .hasSize(9)
                .allSatisfy(route -> assertThat(route.counter()).isEqualTo("irq_injections"));
    }

    @ParameterizedTest
    @CsvSource({"line, 1, ACCEPTED", "line, 0, COALESCED", "line, -1, IGNORED", "msi, 1, ACCEPTED", "msi, 0, IGNORED",
        "msi-route, -1, IGNORED", "ipi, 0, IGNORED", "irqfd, -2147483648, ACCEPTED", "nmi, -2147483648, ACCEPTED"})
    void statusOfAnEdge_meansWhatTheControllersReport(Route route, int status, Acceptance meaning) {
        assertThat(route.acceptance(status, Trigger.EDGE)).isEqualTo(meaning);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void statusOfALevel_isAcceptedSinceTheLineStaysHigh(int status) {
        assertThat(Route.LINE.acceptance(status, Trigger.LEVEL)).isEqualTo(Acceptance.ACCEPTED);
    }

    @ParameterizedTest
    @MethodSource("dev.interject.interrupt.route.Route#all")
    void route_isDocumented(Route route) throws IOException {
        assertThat(Files.readString(Path.of("docs/interrupts.md"))).contains("`" + route.label() + "`");
    }
}
