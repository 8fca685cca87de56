package dev.interject.cli.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import dev.interject.cli.svg.Picture;
import dev.interject.experiment.run.RunReport;
import dev.interject.experiment.timeline.HandlerRun;
import dev.interject.experiment.timeline.Timeline;
import dev.interject.experiment.trace.TraceReport;
import dev.interject.trace.ControllerEvent;
import dev.interject.trace.ExitCause;
import dev.interject.trace.HostEvent;
import dev.interject.trace.KickEffect;
import dev.interject.trace.TimedEvent;
import dev.interject.trace.VcpuEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens in a run, its picture is legible and counts every event. */
class RandomTimelinePictureTest {

    private static final long SPAN = 100_000;
    private static final int VCPUS = 3;
    private static final Pattern COUNT = Pattern.compile("\\(([0-9,]+)(?: times)?\\)$|, and ([0-9,]+) more$");

    private final List<TimedEvent> events = new ArrayList<>();
    private final List<HandlerRun> handlers = new ArrayList<>();
    private Random random = new Random(0);

    private static IntStream seeds() {
        return IntStream.range(0, 150);
    }

    private Picture picture() throws Exception {
        RunReport run = RunReport.hostUnable(TraceOptions.plan("--vcpus 3 --to 1 --path msi --count 500"),
                "held at <somewhere> & nowhere: " + "a long reason ".repeat(random.nextInt(30)));
        return new Picture(TraceSvg.render(new TraceReport(run,
                new Timeline(events, handlers, VCPUS, events.size(), 0, 0, 0))));
    }

    private void addMainInterrupt() {
        events.add(new HostEvent.Injected(0, 10, 1, 0, 1));
        handlers.add(new HandlerRun(1, 0x50, random.nextLong(1, SPAN / 2), OptionalLong.of(SPAN),
                OptionalLong.of(random.nextLong(SPAN / 2, SPAN)), OptionalInt.of(0)));
    }

    /** Uniform, or around a few moments. */
    private long moment(List<Long> centres) {
        return centres.isEmpty() ? random.nextLong(-SPAN / 10, SPAN + SPAN / 10)
                : centres.get(random.nextInt(centres.size())) + random.nextLong(SPAN / 50);
    }

    private TimedEvent event(long begin, int number) {
        long end = begin + (random.nextBoolean() ? 0 : random.nextLong(SPAN / 20));
        int vcpu = random.nextInt(VCPUS);
        return switch (random.nextInt(12)) {
            case 0 -> new HostEvent.Injected(begin, end, 1, number, 1);
            case 1 -> new HostEvent.Kicked(begin, end, 1, vcpu, KickEffect.WOKEN);
            case 2 -> new HostEvent.Refused(begin, begin, 1, number, 6);
            case 3 -> new ControllerEvent.LineRaised(begin, end, 10, random.nextInt(2));
            case 4 -> new ControllerEvent.LineLowered(begin, end, 10);
            case 5 -> new ControllerEvent.Coalesced(begin, begin, random.nextInt(256), random.nextInt(1, 99));
            case 6 -> new VcpuEvent.Ran(begin, end, vcpu, ExitCause.values()[random.nextInt(12)]);
            case 7 -> new VcpuEvent.Slept(begin, end, vcpu, random.nextBoolean());
            case 8 -> new VcpuEvent.PortAccessed(begin, begin, vcpu, random.nextInt(65536), 4, true, random.nextInt());
            case 9 -> new VcpuEvent.MemoryAccessed(begin, begin, vcpu, random.nextLong(), 8, false, random.nextLong());
            case 10 -> new VcpuEvent.WindowRequested(begin, begin, vcpu);
            default -> new VcpuEvent.VectorQueued(begin, end, vcpu, random.nextInt(256), random.nextBoolean());
        };
    }

    private void addRandomEvents() {
        List<Long> centres = IntStream.range(0, random.nextInt(4)).mapToObj(_ -> random.nextLong(SPAN)).toList();
        int count = 1 << random.nextInt(11);
        for (int i = 1; i < count; i++) {
            events.add(event(moment(centres), i));
        }
        for (int i = random.nextInt(20); i > 0; i--) {
            long begin = moment(centres);
            handlers.add(new HandlerRun(random.nextInt(VCPUS), random.nextInt(256), begin,
                    random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(begin + random.nextLong(SPAN)),
                    OptionalLong.empty(), OptionalInt.empty()));
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void randomTimeline_isLegibleAndHasALegendForEveryColour(int seed) throws Exception {
        random = new Random(seed);
        addRandomEvents();
        if (seed % 3 != 0) {
            addMainInterrupt();
        }
        Picture picture = picture();
        double axis = picture.texts()
                .filter(text -> text.words().equals("us"))
                .mapToDouble(Picture.Text::bottom)
                .max()
                .orElse(Double.MAX_VALUE);
        Set<String> drawn = picture.colours(axis, true);

        picture.assertLegible();
        assertThat(picture.colours(axis, false)).as("seed %d", seed).isEqualTo(drawn);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyControllerEvent_isInALabelThatCountsIt(int seed) throws Exception {
        random = new Random(seed);
        addMainInterrupt();
        int count = 1 << random.nextInt(11);
        for (int i = 0; i < count; i++) {
            long begin = random.nextLong(SPAN);
            events.add(random.nextBoolean() ? new ControllerEvent.VectorAcknowledged(begin, begin, random.nextInt(256))
                    : new ControllerEvent.PicEoi(begin, begin, random.nextBoolean()));
        }
        long eois = events.stream().anyMatch(ControllerEvent.PicEoi.class::isInstance) ? 0 : 1;

        assertThat(picture().labels("amber").stream().mapToLong(RandomTimelinePictureTest::count).sum())
                .isEqualTo(count + eois);
    }

    private static long count(String label) {
        Matcher matcher = COUNT.matcher(label);
        if (!matcher.find()) {
            return 1;
        }
        return matcher.group(1) == null ? 1 + Long.parseLong(matcher.group(2).replace(",", ""))
                : Long.parseLong(matcher.group(1).replace(",", ""));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 30, 1000})
    void injectionsBackToBack_shareALabelWithTheirNumbers(int count) throws Exception {
        addMainInterrupt();
        for (int i = 1; i < count; i++) {
            events.add(new HostEvent.Injected(i, i + 1, 1, i, 0));
        }

        assertThat(picture().labels("blue")).contains("injects #1 to #%d (%,d)".formatted(count, count));
    }

    @Test
    void labels_areInChronologicalOrderFromTopToBottom() throws Exception {
        addMainInterrupt();
        for (int i = 0; i < 5; i++) {
            events.add(new ControllerEvent.VectorAcknowledged(40_000 + i * 500, 40_000 + i * 500, 0x20 + i));
        }

        assertThat(picture().texts()
                .filter(text -> text.words().startsWith("INTA"))
                .sorted((one, other) -> Double.compare(one.top(), other.top()))
                .map(Picture.Text::words))
                .containsExactly("INTA: vector 0x20", "INTA: vector 0x21", "INTA: vector 0x22", "INTA: vector 0x23",
                        "INTA: vector 0x24");
    }
}
