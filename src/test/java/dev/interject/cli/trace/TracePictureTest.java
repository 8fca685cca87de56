package dev.interject.cli.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

import dev.interject.RequiresKvm;
import dev.interject.cli.output.Micros;
import dev.interject.cli.svg.Picture;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.run.RunObserver;
import dev.interject.experiment.timeline.HandlerRun;
import dev.interject.experiment.trace.TraceExperiment;
import dev.interject.experiment.trace.TraceReport;
import dev.interject.trace.HostEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;

/** Pictures of real runs. */
@RequiresKvm
class TracePictureTest {

    private static final int ROOM = 100_000;

    private static TraceReport trace(String options) {
        return TraceExperiment.run(TraceOptions.plan(options), ROOM, new Cancellation(), RunObserver.NONE);
    }

    private static Picture picture(String options) throws Exception {
        return new Picture(TraceSvg.render(trace(options)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--count 9", "--count 1", "--irqchip userspace --count 9", "--path nmi", "--path pit",
        "--irqchip userspace --guest busy", "--path ipi --vcpus 2 --to 1", "--guest slow --burst 30 --count 60",
        "--irqchip split --path line --trigger level", "--guest deaf --count 1", "--path vector"})
    void picture_isLegible(String options) throws Exception {
        picture(options).assertLegible();
    }

    @Test
    void arrow_endsWhereTheHandlerBegins() throws Exception {
        Picture picture = picture("--count 9");
        Element handler = picture.elements("rect", "green").getFirst();
        Picture.Segment last = Picture.segments(picture.elements("path", "arrow").getFirst()).getLast();

        assertThat(picture.words("bold")).containsExactly("host", "irqchip", "vCPU 0");
        assertThat(last.left()).isEqualTo(Picture.number(handler, "x"));
        assertThat(last.bottom()).isLessThan(Picture.number(handler, "y"));
        assertThat(picture.words("label")).anyMatch(text -> text.startsWith("to its handler "))
                .contains("line 10 high: accepted", "handler 0x2a entered", "handler 0x2a left");
    }

    @Test
    void picture_showsTheInterruptWithTheMedianTime() throws Exception {
        TraceReport report = trace("--count 9");
        Map<Integer, HandlerRun> handlers = report.timeline().handlersByInterrupt();
        HostEvent.Injected middle = report.timeline()
                .injections()
                .stream()
                .sorted(Comparator.comparingLong(injected -> last(handlers.get(injected.index())) - injected.begin()))
                .toList()
                .get(4);

        assertThat(new Picture(TraceSvg.render(report)).words("title"))
                .containsExactly("Interrupt #%d: %s from the host to its handler".formatted(middle.index() + 1,
                        Micros.withUnit(handlers.get(middle.index()).begin() - middle.begin())));
    }

    private static long last(HandlerRun handler) {
        return Math.max(handler.end().orElseThrow(), handler.acknowledgedAt().orElseThrow());
    }

    @Test
    void vcpusWithoutEvents_areLeftOut() throws Exception {
        assertThat(picture("--vcpus 8 --to 5 --path msi").words("bold")).startsWith("host", "irqchip")
                .contains("vCPU 5");
    }

    @Test
    void interruptWithoutAHandler_namesTheGateAndHasNoArrow() throws Exception {
        Picture picture = picture("--guest deaf --count 1");

        assertThat(picture.words("title")).containsExactly("Interrupt #1: no handler ran");
        assertThat(picture.elements("path", "arrow")).isEmpty();
        assertThat(picture.labels("red")).containsExactly("held: vCPU, RFLAGS.IF (IF = 0)");
        assertThat(picture.words("alert").getFirst()).contains("held at vCPU, RFLAGS.IF");
        assertThat(picture.content("desc")).contains("held at vCPU, RFLAGS.IF");
    }

    @Test
    void runThatIsRefused_namesTheGate() throws Exception {
        Picture picture = picture("--path vector");

        assertThat(picture.words("title")).containsExactly("No interrupt was injected");
        assertThat(List.of(picture.content("desc"), picture.words("alert").getFirst()))
                .allSatisfy(text -> assertThat(text).contains("KVM_INTERRUPT"));
    }

    @Test
    void storm_hasAFewLabelsWithCounts() throws Exception {
        Picture picture = picture("--guest slow --burst 30 --count 60");

        assertThat(picture.labels("blue")).hasSizeLessThan(12)
                .anyMatch(label -> label.matches("injects .* \\(\\d+\\)"));
        assertThat(picture.labels("amber")).hasSizeLessThan(20)
                .anyMatch(label -> label.matches("line 10 high: coalesced \\(\\d+ times\\)"));
        assertThat(picture.words("alert").getFirst()).contains("coalesced");
    }
}
