package dev.interject.experiment.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interject.experiment.Outcome;
import dev.interject.interrupt.Ledger;
import org.assertj.core.api.AbstractAssert;

/** What tests expect of a run's report; a failure shows the whole report. */
final class RunAssert extends AbstractAssert<RunAssert, RunReport> {

    private RunAssert(RunReport report) {
        super(report, RunAssert.class);
        as("%s: %s%nledger %s%nnotes %s", report.outcome(), report.reason().orElse("no reason given"), report.ledger(),
                report.remarks().notes());
    }

    static RunAssert assertThatRun(RunReport report) {
        return new RunAssert(report);
    }

    RunAssert hasOutcome(Outcome outcome) {
        assertThat(actual.outcome()).as(info.description()).isEqualTo(outcome);
        return this;
    }

    RunAssert saysWhy(String... parts) {
        assertThat(actual.reason()).as(info.description()).isPresent();
        assertThat(actual.reason().orElseThrow()).as(info.description()).contains(parts);
        return this;
    }

    RunAssert notes(String part) {
        assertThat(actual.remarks().notes()).as(info.description()).anySatisfy(note -> assertThat(note).contains(part));
        return this;
    }

    /** Every one was requested, accepted and taken, at this vector, and each has a latency. */
    RunAssert tookAll(int count, int vector) {
        hasOutcome(Outcome.TAKEN);
        assertThat(actual.ledger()).as(info.description()).isEqualTo(new Ledger(count, 0, count, 0, 0, 0));
        assertThat(actual.ledger().lost()).as(info.description()).isZero();
        assertThat(actual.reason()).isEmpty();
        assertThat(actual.target().vector()).hasValue(vector);
        assertThat(actual.interrupts().size()).isEqualTo(count);
        assertThat(actual.interrupts().summary().orElseThrow().p50()).isPositive();
        return this;
    }

    /** None was injected. */
    RunAssert refusedAll(int count) {
        hasOutcome(Outcome.REFUSED);
        assertThat(actual.ledger()).as(info.description()).isEqualTo(new Ledger(count, count, 0, 0, 0, 0));
        assertThat(actual.interrupts().size()).isZero();
        return this;
    }

    /** As {@link #tookAll}, and none of the other vCPUs' handlers ran. */
    RunAssert tookAllOn(int vcpu, int count, int vector) {
        tookAll(count, vector);
        assertThat(actual.target().vcpu()).as(info.description()).isEqualTo(vcpu);
        assertThat(actual.observed().handlers()).as(info.description()).containsEntry(vector, (long) count);
        assertThat(actual.account().byVcpu()).as(info.description())
                .hasSize(actual.request().vcpus())
                .allSatisfy((number, ledger) -> assertThat(ledger)
                        .isEqualTo(number == vcpu ? new Ledger(count, 0, count, 0, 0, 0) : Ledger.none()));
        return this;
    }

    /** The counts of all interrupts; none refused. */
    RunAssert hasLedger(long taken, long coalesced, long held) {
        assertThat(actual.ledger()).as(info.description())
                .isEqualTo(new Ledger(taken + coalesced + held, 0, taken, coalesced, held, 0));
        return this;
    }

    /** The counts of one of several lines. */
    RunAssert hasLedgerOfLine(int line, long taken, long coalesced, long held) {
        assertThat(actual.account().byLine()).as(info.description())
                .containsEntry(line, new Ledger(taken + coalesced + held, 0, taken, coalesced, held, 0));
        return this;
    }

    /** All were requested, none refused, none held, none lost; the guest's handlers ran as often as is said. */
    RunAssert accountsForAll(int count) {
        Ledger ledger = actual.ledger();
        assertThat(ledger).as(info.description())
                .isEqualTo(new Ledger(count, 0, ledger.taken(), ledger.coalesced(), 0, 0));
        assertThat(ledger.lost()).as(info.description()).isZero();
        assertThat(handlersRan()).as(info.description()).isEqualTo(ledger.taken());
        return this;
    }

    private long handlersRan() {
        return actual.observed().handlers().values().stream().mapToLong(Long::longValue).sum();
    }

    /** The equation of the ledger holds with nothing lost. */
    RunAssert lostNothing() {
        assertThat(actual.ledger().lost()).as(info.description()).isZero();
        return this;
    }

    /** The guest is well at the end of a run that a new machine on this host repeats. */
    RunAssert leavesTheHostInOrder() {
        assertThatRun(Run.on(actual.irqchip()).report()).hasOutcome(Outcome.TAKEN);
        return this;
    }
}
