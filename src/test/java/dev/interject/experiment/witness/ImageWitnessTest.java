package dev.interject.experiment.witness;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import dev.interject.RequiresKvm;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.image.Moment;
import dev.interject.experiment.plan.InterruptChoice;
import dev.interject.experiment.probe.ConformanceProbe;
import dev.interject.experiment.probe.Finding;
import dev.interject.experiment.probe.HostDepartures;
import dev.interject.experiment.run.RunReport;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Ledger;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.Witness;
import dev.interject.interrupt.route.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who sees what an image takes, and what none can tell. */
@RequiresKvm
class ImageWitnessTest {

    private static final Ledger ALL_TAKEN = new Ledger(5, 0, 5, 0, 0, 0);

    private static InterruptChoice interrupt(String path, int number) {
        InterruptChoice by = InterruptChoice.by(Route.named(path));
        return path.equals("nmi") ? by : number < 0x30 ? by.withLine(number) : by.withVector(number);
    }

    @ParameterizedTest
    @CsvSource({
        "KERNEL, line, 4, COUNTERS", "KERNEL, line, 20, COUNTERS", "KERNEL, irqfd, 4, COUNTERS",
        "KERNEL, msi, 0x50, COUNTERS", "KERNEL, nmi, 0, COUNTERS",
        "SPLIT, vector, 4, CONTROLLERS", "SPLIT, vector, 4, COUNTERS", "SPLIT, vector, 0x60, CONTROLLERS",
        "SPLIT, line, 20, COUNTERS", "SPLIT, msi, 0x50, COUNTERS",
        "USERSPACE, vector, 4, CONTROLLERS", "USERSPACE, vector, 0x60, CONTROLLERS",
        "USERSPACE, vector, 0x60, COUNTERS", "USERSPACE, nmi, 0, COUNTERS",
    })
    void otherWitnesses_seeTheSameWithoutATime(Irqchip irqchip, String path, String number, Witness witness) {
        RunReport report = ImageRuns.of("controllers", irqchip, interrupt(path, Integer.decode(number)))
                .seenBy(witness)
                .run();

        assertThat(report.reason()).isEmpty();
        assertThat(report.ledger()).isEqualTo(ALL_TAKEN);
        assertThat(report.observed().witness()).isEqualTo(witness);
        assertThat(report.interrupts().summary()).as("latencies").isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"KERNEL, line, 5", "KERNEL, irqfd, 5", "SPLIT, vector, 5", "USERSPACE, vector, 5"})
    void level_isLoweredWhenTheHandlerIsReached(Irqchip irqchip, String path, int line) {
        RunReport report = ImageRuns.of("controllers", irqchip,
                interrupt(path, line).withTrigger(Trigger.LEVEL)).run();

        assertThat(report.reason()).isEmpty();
        assertThat(report.ledger()).isEqualTo(ALL_TAKEN);
        assertThat(report.remarks().notes()).as("other runs of the handler").isEmpty();
    }

    /** The moment is that of the first; a handler is seen before its EOI, when no other one may follow. */
    @ParameterizedTest
    @CsvSource({"KERNEL, line, 4, EDGE", "KERNEL, line, 5, LEVEL", "KERNEL, irqfd, 5, LEVEL", "KERNEL, msi, 0x50, EDGE",
        "SPLIT, vector, 4, EDGE", "SPLIT, vector, 5, LEVEL", "SPLIT, line, 20, EDGE", "SPLIT, vector, 0x60, EDGE",
        "USERSPACE, vector, 4, EDGE", "USERSPACE, vector, 5, LEVEL", "USERSPACE, vector, 0x60, EDGE"})
    void interruptsAfterTheFirst_waitUntilTheGuestIsOpen(Irqchip irqchip, String path, String number, Trigger trigger) {
        RunReport report = ImageRuns.of("controllers", irqchip,
                interrupt(path, Integer.decode(number)).withTrigger(trigger))
                .at(Moment.At.symbol("idle"))
                .set("cpu.if=1")
                .run();

        assertThat(report.reason()).isEmpty();
        assertThat(report.ledger()).isEqualTo(ALL_TAKEN);
    }

    /** On a host whose LAPIC ends interrupts by itself, its level cannot be told from one that waits. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "USERSPACE")
    void levelOfAnIoapic_isTakenOrUnknown(Irqchip irqchip) {
        Ledger ledger = ImageRuns.of("controllers", irqchip, interrupt("line", 21).withTrigger(Trigger.LEVEL))
                .count(1)
                .run()
                .ledger();
        boolean isSeen = HostDepartures.find(ConformanceProbe.LAPIC_IN_SERVICE) instanceof Finding.Kept;

        assertThat(ledger).isEqualTo(new Ledger(1, 0, isSeen ? 1 : 0, 0, 0, isSeen ? 0 : 1, 0));
    }

    @ParameterizedTest
    @EnumSource
    void otherVectorsOfASharedHandler_areNotCountedAsTaken(Irqchip irqchip) {
        RunReport report = ImageRuns.ofLine("shared-stub", irqchip, 4).run();

        assertThat(report.reason()).isEmpty();
        assertThat(report.ledger()).isEqualTo(ALL_TAKEN);
    }

    /** The CPU accepts the interrupt, and the handler of the exception runs that its delivery raises. */
    @ParameterizedTest
    @CsvSource({"KERNEL, idt[0x24].present=0", "SPLIT, idt[0x24].present=0", "USERSPACE, idt[0x24].present=0",
        "KERNEL, idt[0x24].ist=1", "SPLIT, idt[0x24].ist=1", "USERSPACE, idt[0x24].ist=1"})
    void interruptWhoseDeliveryFails_isNotTaken(Irqchip irqchip, String setting) {
        for (Witness witness : List.of(Witness.BREAKPOINT, Witness.COUNTERS, Witness.CONTROLLERS)) {
            if (witness != Witness.CONTROLLERS || irqchip != Irqchip.KERNEL) {
                RunReport report = ImageRuns.ofLine("survives", irqchip, 4)
                        .at(Moment.At.symbol("idle"))
                        .set(setting)
                        .seenBy(witness)
                        .within(Duration.ofSeconds(2))
                        .run(true);

                assertThat(report.ledger().taken()).as("%s: %s", witness, report.reason()).isZero();
                assertThat(report.outcome()).as("%s: %s", witness, report.reason()).isEqualTo(Outcome.TIMED_OUT);
            }
        }
    }

    /** The line's interrupt is held, and those of the timer reach the handler. */
    @Test
    void maskedLineBehindASharedHandler_isHeldHoweverOftenTheHandlerIsReached() {
        RunReport report = ImageRuns.ofLine("shared-stub", Irqchip.KERNEL, 5)
                .at(Moment.At.symbol("idle"))
                .within(Duration.ofSeconds(2))
                .run();

        assertThat(report.outcome()).isEqualTo(Outcome.TIMED_OUT);
        assertThat(report.ledger()).isEqualTo(new Ledger(1, 0, 0, 0, 1, 0));
        assertThat(report.remarks().notes()).anyMatch(note -> note.startsWith("the handler was reached "));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "USERSPACE")
    void softwareInterruptsOfTheSameVector_areNotCountedAsTaken(Irqchip irqchip) {
        RunReport report = ImageRuns.ofLine("software", irqchip, 4)
                .at(new Moment.After(Duration.ofMillis(100)))
                .set("cpu.if=0") // so that the first one waits while the guest executes INT n
                .count(2)
                .run();

        assertThat(report.reason()).isEmpty();
        assertThat(report.ledger()).isEqualTo(new Ledger(2, 0, 2, 0, 0, 0));
        assertThat(report.remarks().notes()).anyMatch(note -> note.startsWith("the handler was reached "));
    }

    @ParameterizedTest
    @EnumSource
    void ticksOnTheSameLine_areTheGuestsOwn(Irqchip irqchip) {
        Ledger ledger = ImageRuns.ofLine("shared-stub", irqchip, 0)
                // on a slow host the kernel's timer ticks at each look, so that the line is never open
                .at(irqchip == Irqchip.KERNEL ? Moment.At.symbol("idle") : new Moment.WhenOpen())
                .count(3)
                .run()
                .ledger();

        // a tick may come between the look at the gates and the injection
        assertThat(ledger).isEqualTo(new Ledger(3, 0, ledger.taken(), 3 - ledger.taken(), 0, 0));
    }

    /** A tick is pending from the beginning, and no opening comes without an EOI. */
    @Test
    void ticksThatWait_areNotTakenForTheInjectedOne() {
        RunReport report = ImageRuns.ofLine("no-eoi", Irqchip.KERNEL, 0)
                .at(new Moment.After(Duration.ofMillis(300)))
                .set("pic.master.isr=0x01", "pic.master.irr=0x01") // at the latest; on a slow host it takes longer
                .within(Duration.ofSeconds(1))
                .run();

        assertThat(report.ledger()).isEqualTo(new Ledger(1, 0, 0, 1, 0, 0));
        assertThat(report.outcome()).isEqualTo(Outcome.TIMED_OUT);
        assertThat(report.reason()).hasValueSatisfying(
                reason -> assertThat(reason).contains("held at master 8259, ISR (ISR 0x01)"));
    }

    @ParameterizedTest
    @EnumSource
    void protectedMode_isWitnessed(Irqchip irqchip) {
        assertThat(ImageRuns.ofLine("protected", irqchip, 4).run().ledger()).isEqualTo(ALL_TAKEN);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "USERSPACE")
    void requestThatTheGuestClears_isUnknown(Irqchip irqchip) {
        RunReport report = ImageRuns.ofLine("clears-irr", irqchip, 4).at(Moment.At.symbol("closed")).count(1).run();

        assertThat(report.outcome()).isEqualTo(Outcome.NOT_TAKEN);
        assertThat(report.ledger()).isEqualTo(new Ledger(1, 0, 0, 0, 0, 1, 0));
        assertThat(report.reason()).hasValueSatisfying(reason -> assertThat(reason)
                .startsWith("it is unknown whether 1 of 1 were taken: its request waits no more"));
    }

    /** By the counters alone, a request that has waited and is gone may have been cleared, though KVM counts others. */
    @ParameterizedTest
    @ValueSource(strings = {"clears-irr", "clears-and-ticks"})
    void requestThatTheGuestClears_isUnknownToTheCounters(String image) {
        RunReport report = ImageRuns.ofLine(image, Irqchip.KERNEL, 4)
                .at(Moment.At.symbol("closed"))
                .count(1)
                .seenBy(Witness.COUNTERS)
                .run();

        assertThat(report.ledger()).isEqualTo(new Ledger(1, 0, 0, 0, 0, 1, 0));
    }

    /** The new handler's breakpoint may come too late; then it is not claimed that none ran. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "USERSPACE")
    void guestThatChangesItsTable_isNeverLost(Irqchip irqchip) {
        RunReport report = ImageRuns.ofLine("moves-idt", irqchip, 4).at(Moment.At.symbol("closed")).count(1).run();

        assertThat(report.ledger().taken() + report.ledger().unknown()).isEqualTo(1);
        assertThat(report.ledger().held() + report.ledger().lost()).isZero();
    }

    @Test
    void controllersInTheKernel_areNoWitness() {
        RunReport report = ImageRuns.ofLine("sleeps", Irqchip.KERNEL, 4).seenBy(Witness.CONTROLLERS).run();

        assertThat(report.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(report.ledger()).isEqualTo(Ledger.refused(5));
        assertThat(report.reason()).contains("witness controllers does not see path line, which does not pass through"
                + " Interject's own 8259s");
    }

    @Test
    void settings_areMetByTheFirstInterrupt() {
        RunReport report = ImageRuns.ofLine("sleeps", Irqchip.KERNEL, 4)
                .set("pic.master.imr=0xff")
                .within(Duration.ofSeconds(1))
                .run();

        assertThat(report.ledger()).isEqualTo(new Ledger(1, 0, 0, 0, 1, 0));
        assertThat(report.reason()).hasValueSatisfying(
                reason -> assertThat(reason).contains("held at master 8259, IMR (IMR 0xff)"));
    }

    @Test
    void text_isAMomentFromWhichTheGuestRunsOn() {
        RunReport report =
                ImageRuns.ofLine("interrupts", Irqchip.KERNEL, 4).at(new Moment.When("ticks")).count(3).run();

        assertThat(report.reason()).isEmpty();
        assertThat(report.ledger()).isEqualTo(new Ledger(3, 0, 3, 0, 0, 0));
    }

    @Test
    void latencies_areThoseOfTheBreakpoint() {
        RunReport report = ImageRuns.ofLine("sleeps", Irqchip.KERNEL, 4).run();

        assertThat(IntStream.range(0, 5)).allSatisfy(index -> {
            assertThat(report.interrupts().isTimed(index)).isTrue();
            assertThat(report.interrupts().latency(index)).isBetween(0L, Duration.ofSeconds(10).toNanos());
        });
    }
}
