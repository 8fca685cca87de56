package dev.interject.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.interject.cli.output.JsonOutput;
import dev.interject.cli.state.StateJson;
import dev.interject.experiment.explain.Explanation;
import dev.interject.experiment.explain.StateExplainExperiment;
import dev.interject.experiment.explain.StatePlan;
import dev.interject.experiment.plan.InterruptChoice;
import dev.interject.experiment.state.InvalidStateException;
import dev.interject.experiment.state.StateFile;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.route.Route;
import dev.interject.interrupt.state.PeerState;
import dev.interject.interrupt.state.Piece;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The dump of a state that lacks something: it lacks the same, and shows no value of what it lacks. */
class PartialDumpTest {

    private static final Path STATES = Path.of("src/test/resources/state");
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final int RANDOM_STATES = 60;
    private static final int MOST_HOLES = 30;

    /** A field of an object. */
    private record Place(ObjectNode in, String name) {}

    private static Optional<StateFile> read(String json) {
        try {
            return Optional.of(StateFile.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), "x",
                    STATES));
        } catch (InvalidStateException _) {
            return Optional.empty();
        }
    }

    private static String dump(StateFile file) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            JsonOutput.writeObject(out, json -> StateJson.write(file.state(), file.expectsNmis().orElse(true), json));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static List<Place> places(JsonNode node) {
        List<Place> all = new ArrayList<>();
        if (node instanceof ObjectNode object) {
            object.propertyNames().forEach(name -> all.add(new Place(object, name)));
        }
        node.forEach(child -> all.addAll(places(child)));
        return all;
    }

    private static JsonNode state(String name) throws IOException {
        JsonNode state = MAPPER.readTree(Files.readString(STATES.resolve(name)));
        state.get("vcpus").forEach(vcpu -> ((ObjectNode) vcpu).withObject("idt").remove("entries")); // not read
        return state;
    }

    @ParameterizedTest
    @ValueSource(strings = {"smp.json", "structures.json", "memory.json"})
    void stateWithoutAField_isDumpedAsItIs(String name) throws IOException {
        JsonNode state = state(name);
        for (Place place : places(state)) {
            JsonNode value = place.in().remove(place.name());
            read(state.toString()).ifPresent(file -> assertDumpedAsItIs(file, place.name()));
            place.in().set(place.name(), value);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"smp.json", "structures.json", "memory.json"})
    void stateWithRandomHoles_isDumpedAsItIs(String name) throws IOException {
        Random random = new Random(20261130);
        for (int i = 0; i < RANDOM_STATES; i++) {
            JsonNode state = state(name);
            List<Place> places = places(state);
            IntStream.range(0, 1 + random.nextInt(MOST_HOLES))
                    .mapToObj(_ -> places.get(random.nextInt(places.size())))
                    .forEach(place -> place.in().putNull(place.name()));
            read(state.toString()).ifPresent(file -> assertDumpedAsItIs(file, state.toString()));
        }
    }

    private static void assertDumpedAsItIs(StateFile file, String what) {
        String dump = dump(file);
        StateFile again = read(dump).orElseThrow(() -> new AssertionError(what + ": " + dump));

        assertThat(again.warnings()).as(what).isEmpty();
        assertThat(unknown(again)).as(what).isEqualTo(unknown(file));
        assertThat(again.expectsNmis()).as(what).isEqualTo(file.expectsNmis());
        assertThat(dump(again)).as(what).isEqualTo(dump);
        assertThat(StateSchema.isValid(MAPPER.readTree(dump))).as(what).isTrue();
        assertNothingUnknownIsShown(MAPPER.readTree(dump).get("state"), file, what);
        for (Route route : List.of(Route.LINE, Route.NMI)) {
            assertThat(verdicts(again, route)).as("%s, path %s", what, route).isEqualTo(verdicts(file, route));
        }
    }

    private static List<Set<Piece>> unknown(StateFile file) {
        return Stream.concat(Stream.of(file.state().unknown()),
                file.state().all().stream().map(vcpu -> vcpu.cpu().unknown())).toList();
    }

    private static List<String> verdicts(StateFile file, Route route) {
        InterruptChoice choice = route.equals(Route.LINE) ? InterruptChoice.by(route).withLine(10)
                : InterruptChoice.by(route);
        GatePath gates = StateExplainExperiment.explain(new StatePlan(file, "x", choice, OptionalInt.empty()))
                .explanation()
                .map(Explanation::gates)
                .orElseThrow();
        return gates.branches()
                .stream()
                .flatMap(branch -> branch.gates().stream())
                .map(gate -> gate.place() + ": " + gate.verdict())
                .toList();
    }

    /** Of a table and of the pages, the known part is shown; of an object, its fields are. */
    private static void assertNothingUnknownIsShown(JsonNode dump, StateFile file, String what) {
        file.state().unknown().forEach(piece -> assertNull(dump, piece, what));
        for (PeerState vcpu : file.state().all()) {
            vcpu.cpu().unknown().forEach(piece -> assertNull(dump.get("vcpus").get(vcpu.number()), piece, what));
        }
    }

    private static void assertNull(JsonNode in, Piece piece, String what) {
        JsonNode value = in.at("/" + piece.field().replace('.', '/'));
        assertThat(value.isMissingNode() || value.isNull() || value.isObject() || piece == Piece.PAGES)
                .as("%s without %s: %s", what, piece, value)
                .isTrue();
    }
}
