package dev.interject.cli.trace;

import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.interject.cli.output.JsonOutput;
import dev.interject.cli.output.Micros;
import dev.interject.cli.run.RunJson;
import dev.interject.experiment.timeline.HandlerRun;
import dev.interject.experiment.timeline.Timeline;
import dev.interject.experiment.trace.TraceReport;
import dev.interject.trace.ControllerEvent;
import dev.interject.trace.HostEvent;
import dev.interject.trace.TimedEvent;
import dev.interject.trace.VcpuEvent;

/**
 * A trace in the trace event format (JSON object format), as Perfetto and {@code chrome://tracing} read it.
 *
 * <p>{@code run} comes last: Perfetto reads no further than the first key that it does not know. There is no
 * {@code displayTimeUnit}, since some of its versions take that for the unit of the times. A track holds complete
 * events ({@code X}) that lie side by side or inside each other, so what overlaps in other ways has a track of its own:
 * a guest's handlers beside the vCPU's runs, and each thread of the host. Times are microseconds since the first event.
 */
final class TraceJson {

    private static final int PROCESS = 1;
    private static final int HOST = 1;
    private static final int CONTROLLERS = 1_000;
    private static final int FIRST_VCPU = 2_000;
    private static final int TRACKS_A_VCPU = 2;

    private final JsonGenerator json;
    private final TraceReport report;
    private final Timeline timeline;
    private final long start;
    private final Map<Long, Integer> hostTracks = new HashMap<>();

    private TraceJson(TraceReport report, JsonGenerator json) {
        this.json = json;
        this.report = report;
        this.timeline = report.timeline();
        this.start = timeline.events().isEmpty() ? 0 : timeline.events().getFirst().begin();
    }

    static void write(TraceReport report, OutputStream out) throws IOException {
        JsonOutput.write(out, json -> new TraceJson(report, json).write());
    }

    private void write() throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("traceEvents");
        writeTracks();
        for (TimedEvent event : timeline.events()) {
            write(event);
        }
        for (HandlerRun handler : timeline.handlers()) {
            write(handler);
        }
        writeArrows();
        json.writeEndArray();
        json.writeObjectFieldStart("otherData");
        json.writeNumberField("recorded", timeline.recorded());
        json.writeNumberField("dropped", timeline.dropped());
        json.writeNumberField("strayStamps", timeline.strayStamps());
        json.writeNumberField("handlerUncertaintyNanos", timeline.uncertaintyNanos());
        json.writeEndObject();
        json.writeFieldName("run");
        RunJson.write(report.run(), json);
        json.writeEndObject();
    }

    private void writeTracks() throws IOException {
        writeName("process_name", 0, "interject trace");
        for (TimedEvent event : timeline.events()) {
            if (event instanceof HostEvent host && !hostTracks.containsKey(host.thread())) {
                int track = HOST + hostTracks.size();
                hostTracks.put(host.thread(), track);
                writeTrack(track, track == HOST ? "host" : "host, thread " + track);
            }
        }
        if (!timeline.events().isEmpty()) {
            writeTrack(CONTROLLERS, "irqchip");
        }
        for (int vcpu = 0; vcpu < timeline.vcpus(); vcpu++) {
            writeTrack(track(vcpu), "vCPU " + vcpu);
            writeTrack(handlerTrack(vcpu), "vCPU %d, handlers".formatted(vcpu));
        }
    }

    private static int track(int vcpu) {
        return FIRST_VCPU + vcpu * TRACKS_A_VCPU;
    }

    private static int handlerTrack(int vcpu) {
        return track(vcpu) + 1;
    }

    private void writeTrack(int track, String name) throws IOException {
        writeName("thread_name", track, name);
        begin("M", "thread_sort_index", track);
        json.writeObjectFieldStart("args");
        json.writeNumberField("sort_index", track);
        json.writeEndObject();
        json.writeEndObject();
    }

    private void writeName(String what, int track, String name) throws IOException {
        begin("M", what, track);
        json.writeObjectFieldStart("args");
        json.writeStringField("name", name);
        json.writeEndObject();
        json.writeEndObject();
    }

    private void write(TimedEvent event) throws IOException {
        switch (event) {
            case HostEvent host -> writeSpan(hostTracks.get(host.thread()), "host", TraceWords.of(host), host.begin(),
                    host.end());
            case ControllerEvent controller ->
                writeInstant(CONTROLLERS, "irqchip", TraceWords.of(controller), controller.begin());
            case VcpuEvent.Ran ran -> writeSpan(track(ran.vcpu()), "vcpu", "KVM_RUN, " + TraceWords.of(ran),
                    ran.begin(), ran.end());
            case VcpuEvent vcpu -> writeSpan(track(vcpu.vcpu()), "vcpu", TraceWords.of(vcpu), vcpu.begin(), vcpu.end());
        }
    }

    /** One that was not left is there to the end; of one whose end was dropped only the beginning is known. */
    private void write(HandlerRun handler) throws IOException {
        long end = handler.end().orElseGet(() -> timeline.dropped() == 0 ? timeline.end() : handler.begin());
        String name = "handler 0x%02x".formatted(handler.vector());
        if (end > handler.begin()) {
            writeSpan(handlerTrack(handler.vcpu()), "guest", name, handler.begin(), end);
        } else {
            writeInstant(handlerTrack(handler.vcpu()), "guest", name, handler.begin());
        }
    }

    /** From each interrupt to its handler. */
    private void writeArrows() throws IOException {
        Map<Integer, HandlerRun> handlers = timeline.handlersByInterrupt();
        for (HostEvent.Injected injected : timeline.injections()) {
            HandlerRun handler = handlers.get(injected.index());
            if (handler != null) {
                String name = "#" + (injected.index() + 1);
                beginArrow("s", name, hostTracks.get(injected.thread()), injected.index(), injected.begin());
                json.writeEndObject();
                beginArrow("f", name, handlerTrack(handler.vcpu()), injected.index(), handler.begin());
                json.writeStringField("bp", "e"); // binds to the slice that is open then, not to the next
                json.writeEndObject();
            }
        }
    }

    private void beginArrow(String phase, String name, int track, int id, long nanos) throws IOException {
        begin(phase, name, track);
        json.writeStringField("cat", "interrupt");
        json.writeNumberField("id", id + 1);
        writeMicros("ts", nanos - start);
    }

    /** What takes no time is an instant: a slice of no length is none to bind to, or to see. */
    private void writeSpan(int track, String category, String name, long begin, long end) throws IOException {
        if (end <= begin) {
            writeInstant(track, category, name, begin);
            return;
        }
        begin("X", name, track);
        json.writeStringField("cat", category);
        writeMicros("ts", begin - start);
        writeMicros("dur", end - begin);
        json.writeEndObject();
    }

    private void writeInstant(int track, String category, String name, long nanos) throws IOException {
        begin("i", name, track);
        json.writeStringField("cat", category);
        writeMicros("ts", nanos - start);
        json.writeStringField("s", "t");
        json.writeEndObject();
    }

    private void begin(String phase, String name, int track) throws IOException {
        json.writeStartObject();
        json.writeStringField("ph", phase);
        json.writeStringField("name", name);
        json.writeNumberField("pid", PROCESS);
        json.writeNumberField("tid", track);
    }

    /** To the nanosecond, and without the rounding of a binary fraction. */
    private void writeMicros(String field, long nanos) throws IOException {
        json.writeFieldName(field);
        json.writeNumber(Micros.exact(nanos));
    }
}
