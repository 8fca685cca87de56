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
 * A trace in the trace event format (JSON object format) that Perfetto and {@code chrome://tracing} read. Times are
 * microseconds since the first event.
 *
 * <p>{@code run} comes last, since Perfetto stops reading at the first key that it does not know. There is no
 * {@code displayTimeUnit}, since some versions of Perfetto read it as the unit of the times. The complete events
 * ({@code X}) of a track must not overlap unless one contains the other. So a guest's handlers have a track beside the
 * vCPU's, and each thread of the host has one.
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
            case HostEvent host -> writeSpan(hostTracks.get(host.thread()), "host", EventText.of(host), host.begin(),
                    host.end());
            case ControllerEvent controller ->
                writeInstant(CONTROLLERS, "irqchip", EventText.of(controller), controller.begin());
            case VcpuEvent.Ran ran -> writeSpan(track(ran.vcpu()), "vcpu", "KVM_RUN, " + EventText.of(ran),
                    ran.begin(), ran.end());
            case VcpuEvent vcpu -> writeSpan(track(vcpu.vcpu()), "vcpu", EventText.of(vcpu), vcpu.begin(), vcpu.end());
        }
    }

    /**
     * A handler that was not left lasts to the end of the trace; if events were dropped, or of an image, only its entry
     * is known.
     */
    private void write(HandlerRun handler) throws IOException {
        boolean isEntryOnly = timeline.dropped() != 0 || report.run().request().isImage();
        long end = handler.end().orElseGet(() -> isEntryOnly ? handler.begin() : timeline.end());
        String name = "handler 0x%02x".formatted(handler.vector());
        if (end > handler.begin()) {
            writeSpan(handlerTrack(handler.vcpu()), "guest", name, handler.begin(), end);
        } else {
            writeInstant(handlerTrack(handler.vcpu()), "guest", name, handler.begin());
        }
    }

    /** An arrow from each injection to its handler. */
    private void writeArrows() throws IOException {
        Map<Integer, HandlerRun> handlers = timeline.handlersByInterrupt();
        for (HostEvent.Injected injected : timeline.injections()) {
            HandlerRun handler = handlers.get(injected.index());
            if (handler != null) {
                String name = "#" + (injected.index() + 1);
                beginArrow("s", name, hostTracks.get(injected.thread()), injected.index(), injected.begin());
                json.writeEndObject();
                beginArrow("f", name, handlerTrack(handler.vcpu()), injected.index(), handler.begin());
                json.writeStringField("bp", "e"); // bind to the enclosing slice, not to the next one
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

    /** An event without duration becomes an instant: a slice of length 0 is invisible, and no arrow binds to it. */
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

    /** Writes a decimal with all nanoseconds, which a binary fraction would round. */
    private void writeMicros(String field, long nanos) throws IOException {
        json.writeFieldName(field);
        json.writeNumber(Micros.exact(nanos));
    }
}
