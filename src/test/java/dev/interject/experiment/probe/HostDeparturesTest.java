package dev.interject.experiment.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;

import dev.interject.RequiresKvm;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.Gates;
import dev.interject.interrupt.route.Route;
import dev.interject.interrupt.state.GuestState;
import dev.interject.interrupt.state.HostRules;
import dev.interject.interrupt.state.HostRules.Departure;
import dev.interject.kvm.state.MsiMessage;
import org.junit.jupiter.api.Test;

/** A rule is probed where it makes a difference, if only together with another. */
@RequiresKvm
class HostDeparturesTest {

    private static final Set<Departure> TOGETHER =
            Set.of(Departure.ONE_LAPIC_FOR_EACH_ID, Departure.CHOICE_BY_VECTOR);

    /** With vector hashing, KVM before 6.3 can select the bit of a logical ID that its table does not have. */
    @Test
    void departuresThatMatterOnlyTogether_areProbed() {
        try (ProbedGuest guest = ProbedGuest.of(BuiltinGuest.APIC.image())) {
            guest.start(1);
            GuestState state = guest.lookAsleep();
            GatePath kept = path(state, 0x50);
            GatePath departing = path(state, 0x51);
            Function<GuestState, GatePath> model =
                    seen -> TOGETHER.stream().allMatch(seen.hostRules()::has) ? departing : kept;

            HostDepartures found = HostDepartures.decisive(state, model);

            List<Departure> ofHost = Stream.of(Departure.ONE_LAPIC_FOR_EACH_ID, Departure.CHOICE_BY_VECTOR)
                    .filter(one -> HostDepartures.find(HostDepartures.probeOf(one)) instanceof Finding.Departs)
                    .toList();
            assertThat(found.rules().departures()).containsExactlyInAnyOrderElementsOf(ofHost);
            assertThat(found.notes()).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(ofHost.size());
            assertThat(found.gates()).isEqualTo(ofHost.size() == TOGETHER.size() ? departing : kept);
        }
    }

    @Test
    void departuresThatTheGatesDoNotAskFor_areNotTried() {
        try (ProbedGuest guest = ProbedGuest.of(BuiltinGuest.APIC.image())) {
            guest.start(1);
            GuestState state = guest.lookAsleep();
            AtomicInteger made = new AtomicInteger();

            HostDepartures found = HostDepartures.decisive(state, seen -> {
                made.incrementAndGet();
                return GatePath.to(0x50);
            });

            assertThat(made).hasValue(2); // with the rules of the manuals, and with those of this host
            assertThat(found.rules()).isEqualTo(HostRules.OF_THE_MANUALS);
        }
    }

    private static GatePath path(GuestState state, int vector) {
        return Gates.ofMessage(state, Route.MSI, MsiMessage.fixed(0, vector));
    }
}
