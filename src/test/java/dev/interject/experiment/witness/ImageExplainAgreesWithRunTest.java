package dev.interject.experiment.witness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.interject.RequiresKvm;
import dev.interject.experiment.image.Moment;
import dev.interject.experiment.plan.InterruptChoice;
import dev.interject.guest.image.GuestImage;
import dev.interject.guest.image.Images;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.Witness;
import dev.interject.interrupt.route.Route;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code explain} and {@code run} of an image never disagree about the first interrupt of a moment. */
@RequiresKvm
class ImageExplainAgreesWithRunTest {

    private static final Moment IDLE = Moment.At.symbol("idle");

    private static final String NEEDS_A_MODE = "a flat binary whose mode its content does not tell";
    /** Images, each with the reason. */
    private static final Map<String, String> LEFT_OUT =
            Map.of("flat-long", NEEDS_A_MODE, "flat-protected", NEEDS_A_MODE);

    private static final List<String> OF_CPU = List.of("cpu.if=1", "cpu.if=0", "idt[0x24].present=0", "idt[0x24].ist=1",
            "idt.limit=0x23f", "gdt.limit=0xf", "cpu.rsp=0x40000000", "cpu.nmi-masked=1");
    private static final List<String> OF_PIC = List.of("pic.master.imr=0xff", "pic.master.imr=0x11",
            "pic.master.isr=0x10", "pic.master.isr=1", "pic.master.isr=0x80", "pic.master.irr=0x10",
            "pic.master.lines-high=0x10", "pic.master.base=8", "pic.master.base=0x50", "pic.master.elcr=0x10",
            "pic.master.aeoi=1", "pic.master.rotate=3", "pic.master.smm=1", "pic.slave.imr=0xff");
    private static final List<String> OF_LAPIC = List.of("lapic.tpr=0xf0", "lapic.tpr=0x4f", "lapic.svr=0xff",
            "lapic.irr=0x24", "lapic.irr=0x50", "lapic.irr=0x54", "lapic.irr=0xe0", "lapic.isr=0x50", "lapic.isr=0x60",
            "lapic.lvt0=0x10700", "lapic.lvt0=0x30", "lapic.base=0xfee00100", "cpu.if=1", "cpu.if=0",
            "idt[0x50].present=0", "idt[0x54].present=0", "cpu.rsp=0x40000000");
    private static final List<String> OF_IOAPIC = List.of("ioapic[20].mask=1", "ioapic[20].vector=0x0f",
            "ioapic[20].vector=0x60", "ioapic[20].destination=7", "ioapic[20].mode=lowest", "ioapic[20].mode=nmi",
            "ioapic[20].mode=extint", "ioapic[20].polarity=low", "ioapic[20].trigger=level", "lapic.tpr=0xff");
    private static final List<String> OF_NMI = List.of("cpu.nmi-masked=1", "cpu.nmi-pending=1", "cpu.if=1",
            "idt[2].present=0", "cpu.rsp=0x40000000");

    static Stream<ImageRuns> lines() {
        List<ImageRuns> runs = new ArrayList<>();
        for (Irqchip irqchip : Irqchip.values()) {
            for (String image : List.of("sleeps", "controllers", "shared-stub")) {
                ImageRuns line = at(IDLE, image, irqchip, InterruptChoice.usual().withLine(4));
                runs.add(line);
                Stream.concat(OF_CPU.stream(), OF_PIC.stream()).map(line::set).forEach(runs::add);
            }
            for (int closed : List.of(1, 2, 3, 8, 12)) {
                runs.add(at(IDLE, "sleeps", irqchip, InterruptChoice.usual().withLine(closed)));
            }
            Stream.of("", "pic.master.isr=0x20", "pic.master.elcr=0", "cpu.if=1", "pic.master.imr=0xff",
                    "pic.master.elcr=0 pic.master.imr=0xff")
                    .map(text -> with(text, at(IDLE, "controllers", irqchip, level(5))))
                    .forEach(runs::add);
        }
        return runs.stream();
    }

    static Stream<ImageRuns> lapics() {
        List<ImageRuns> runs = new ArrayList<>();
        for (Irqchip irqchip : List.of(Irqchip.KERNEL, Irqchip.SPLIT)) {
            for (Route path : List.of(Route.MSI, Route.MSI_ROUTE, Route.MSI_IRQFD)) {
                ImageRuns message = at(IDLE, "controllers", irqchip, InterruptChoice.by(path).withVector(0x50));
                runs.add(message);
                OF_LAPIC.stream().map(message::set).forEach(runs::add);
                for (int vector : List.of(0x0f, 0x10, 0x24, 0xff)) {
                    runs.add(at(IDLE, "controllers", irqchip, InterruptChoice.by(path).withVector(vector)));
                }
            }
            for (Route path : List.of(Route.LINE, Route.IRQFD)) {
                ImageRuns pin = at(IDLE, "controllers", irqchip, InterruptChoice.by(path).withLine(20));
                runs.add(pin);
                Stream.concat(OF_LAPIC.stream(), OF_IOAPIC.stream()).map(pin::set).forEach(runs::add);
                runs.add(at(IDLE, "controllers", irqchip, InterruptChoice.by(path).withLine(22)));
            }
            Stream.of("", "ioapic[21].trigger=edge", "ioapic[21].mask=1", "lapic.tpr=0xf0")
                    .map(text -> with(text, at(IDLE, "controllers", irqchip, level(21))))
                    .forEach(runs::add);
        }
        return runs.stream();
    }

    static Stream<ImageRuns> vectorsAndNmis() {
        List<ImageRuns> runs = new ArrayList<>();
        for (Irqchip irqchip : Irqchip.values()) {
            ImageRuns nmi = at(IDLE, "controllers", irqchip, InterruptChoice.by(Route.NMI));
            runs.add(nmi);
            OF_NMI.stream().map(nmi::set).forEach(runs::add);
            if (irqchip != Irqchip.KERNEL) {
                for (int vector : List.of(0x50, 0x24, 0xff)) {
                    ImageRuns queued = at(IDLE, "controllers", irqchip,
                            InterruptChoice.by(Route.VECTOR).withVector(vector));
                    runs.add(queued);
                    OF_CPU.stream().map(queued::set).forEach(runs::add);
                }
            }
        }
        return runs.stream();
    }

    static Stream<ImageRuns> moments() {
        List<ImageRuns> runs = new ArrayList<>();
        InterruptChoice line4 = InterruptChoice.usual().withLine(4);
        for (Irqchip irqchip : Irqchip.values()) {
            for (String image : List.of("sleeps", "controllers", "shared-stub", "protected", "stops")) {
                runs.add(at(new Moment.WhenOpen(), image, irqchip, line4));
            }
            runs.add(at(new Moment.When("ticks"), "interrupts", irqchip, line4));
            runs.add(at(Moment.At.symbol("asleep"), "protected", irqchip, line4));
            runs.add(at(Moment.At.symbol("asleep"), "lacks-eoi", irqchip, InterruptChoice.usual().withLine(0)));
            runs.add(at(Moment.At.symbol("nowhere"), "sleeps", irqchip, line4));
            runs.add(at(new Moment.WhenOpen(), "elf64", irqchip, line4));
        }
        return runs.stream();
    }

    static Stream<ImageRuns> otherWitnesses() {
        List<ImageRuns> runs = new ArrayList<>();
        for (Irqchip irqchip : Irqchip.values()) {
            List<InterruptChoice> choices = new ArrayList<>(List.of(InterruptChoice.usual().withLine(4),
                    InterruptChoice.by(Route.NMI)));
            if (irqchip.hasLapicInKernel()) {
                choices.add(InterruptChoice.by(Route.MSI).withVector(0x50));
                choices.add(InterruptChoice.by(Route.LINE).withLine(20));
            }
            for (InterruptChoice choice : choices) {
                ImageRuns run = at(IDLE, "controllers", irqchip, choice);
                List<ImageRuns> settings = Stream.of("", "cpu.if=1", "cpu.nmi-masked=1", "pic.master.imr=0xff",
                        "pic.master.irr=0x10", "pic.master.isr=1", "pic.master.aeoi=1")
                        .map(text -> with(text, run))
                        .toList();
                settings.stream().map(one -> one.seenBy(Witness.COUNTERS)).forEach(runs::add);
                boolean isQueued = irqchip != Irqchip.KERNEL && !choice.lines().isEmpty() && choice.path().isEmpty();
                settings.stream()
                        .filter(_ -> isQueued)
                        .map(one -> one.seenBy(Witness.CONTROLLERS))
                        .forEach(runs::add);
            }
        }
        return runs.stream();
    }

    static Stream<ImageRuns> entries() throws IOException {
        try (Stream<Path> files = Files.list(Images.file("sleeps").getParent())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".img"))
                    .map(name -> name.substring(0, name.length() - ".img".length()))
                    .filter(name -> !LEFT_OUT.containsKey(name))
                    .sorted()
                    .toList()
                    .stream()
                    .flatMap(ImageExplainAgreesWithRunTest::entry);
        }
    }

    private static Stream<ImageRuns> entry(String image) {
        Moment entry = Moment.At.address(GuestImage.of(Images.file(image)).entry());
        return Stream.of(Irqchip.values())
                .flatMap(
                        irqchip -> Stream
                                .of(InterruptChoice.usual().withLine(4), InterruptChoice.usual().withVector(0x50),
                                        InterruptChoice.by(Route.NMI))
                                .map(interrupt -> at(entry, image, irqchip, interrupt)));
    }

    private static ImageRuns at(Moment moment, String image, Irqchip irqchip, InterruptChoice interrupt) {
        return ImageRuns.of(image, irqchip, interrupt).at(moment).count(1);
    }

    private static ImageRuns with(String text, ImageRuns runs) {
        return text.isEmpty() ? runs : runs.set(text.split(" "));
    }

    private static InterruptChoice level(int line) {
        return InterruptChoice.usual().withLine(line).withTrigger(Trigger.LEVEL);
    }

    @ParameterizedTest
    @MethodSource("entries")
    void runOfAnyImageAtItsEntry_doesWhatIsExplained(ImageRuns planned) {
        assertThat(ImageExpectation.ofOneThatRunsOn(planned).disagreement()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource({"lines", "lapics", "vectorsAndNmis", "moments", "otherWitnesses"})
    void run_doesWhatIsExplained(ImageRuns planned) {
        assertThat(ImageExpectation.of(planned).disagreement()).isEmpty();
    }
}
