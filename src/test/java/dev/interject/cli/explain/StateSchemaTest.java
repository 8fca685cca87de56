package dev.interject.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

import dev.interject.experiment.state.InvalidStateException;
import dev.interject.experiment.state.StateFile;
import dev.interject.interrupt.state.HostRules;
import dev.interject.interrupt.state.Piece;
import dev.interject.kvm.state.LapicRegister;
import dev.interject.kvm.state.MpState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code docs/state.schema.json} accepts and refuses what {@link StateFile} accepts and refuses. */
class StateSchemaTest {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final Path STATES = Path.of("src/test/resources/state");

    private static JsonNode parsed(String json) {
        return MAPPER.readTree(json);
    }

    private static Optional<String> refusal(String json) {
        try {
            StateFile.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), "", STATES);
            return Optional.empty();
        } catch (InvalidStateException invalid) {
            return Optional.of(invalid.getMessage());
        }
    }

    static Stream<Path> examples() throws IOException {
        return Stream.of(Path.of("examples/state"), STATES)
                .flatMap(StateSchemaTest::files)
                .filter(file -> file.toString().endsWith(".json"));
    }

    private static Stream<Path> files(Path directory) {
        try {
            return Files.list(directory);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void example_isValid(Path file) throws IOException {
        assertThat(StateSchema.errors(Files.readString(file))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"smp.json", "structures.json", "memory.json"})
    void otherValueOfAField_isRefusedByBothOrByNone(String name) throws IOException {
        JsonNode whole = parsed(Files.readString(STATES.resolve(name)));
        whole.get("vcpus").forEach(vcpu -> ((ObjectNode) vcpu).withObject("idt").remove("entries")); // not read
        List<String> wrong = new ArrayList<>();
        int[] valid = {0};
        int[] all = {0};
        new OtherValues(new Random(20261130)).forEach(whole, (pointer, other) -> {
            Optional<String> refusal = refusal(whole.toString());
            boolean isValid = StateSchema.isValid(whole);
            all[0]++;
            valid[0] += isValid ? 1 : 0;
            if (isValid == refusal.isPresent() && refusal.filter(StateSchemaTest::isBeyondASchema).isEmpty()) {
                wrong.add("%s = %s: %s".formatted(pointer, other, refusal.orElse("is accepted")));
            }
        });

        assertThat(wrong).isEmpty();
        assertThat(valid[0]).isBetween(all[0] / 10, all[0] * 9 / 10);
    }

    /** A relation between values, and what is outside of the file. */
    private static boolean isBeyondASchema(String refusal) {
        return refusal.matches(": /(state/)?(vcpu: (\\d+|\"0[xX].*\") is not a number from 0 to .*"
                + "|vcpus/\\d+/number: vCPU \\d+ comes after .*"
                + "|ioapic/pins/\\d+/pin: pin \\d+ is given twice"
                + "|memory/\\d+: (overlaps another range of memory|has no bytes, or ends above 2\\^52)"
                + "|memory/\\d+/(file|size): .*"
                + "|ram/\\d+/size: .*"
                + "|vcpus/\\d+/msrs/0x1b: MSR 0x1b is not the same as apicBase"
                + "|kvm_irq_routing: (a table of|the entry of|an 8259 has pins|the GSI must|the chip must|the pin must)"
                + " .*)");
    }

    @Test
    void everyName_isValid() {
        assertNames("hostRules", Stream.of(HostRules.Departure.values()).map(HostRules.Departure::label));
        assertNames("unknown", Stream.of(Piece.values()).filter(piece -> !piece.isOfVcpu()).map(Piece::label));
        Stream.of(Piece.values())
                .filter(Piece::isOfVcpu)
                .forEach(piece -> assertBoth("{\"vcpus\": [{\"unknown\": [\"%s\"]}]}".formatted(piece.label()), true));
        Stream.of(MpState.values())
                .forEach(state -> assertBoth("{\"vcpus\": [{\"mpState\": \"%s\"}]}".formatted(state.label()), true));
        Stream.of(LapicRegister.values())
                .map(LapicRegister::label)
                .forEach(name -> assertBoth(
                        "{\"vcpus\": [{\"lapic\": {\"registers\": {\"%s\": true}}}]}".formatted(name), false));
    }

    private static void assertNames(String field, Stream<String> names) {
        names.forEach(name -> assertBoth("{\"vcpus\": [{}], \"%s\": [\"%s\"]}".formatted(field, name), true));
    }

    private static void assertBoth(String json, boolean accepted) {
        assertThat(StateSchema.isValid(parsed(json))).as(json).isEqualTo(accepted);
        assertThat(refusal(json).isEmpty()).as(json).isEqualTo(accepted);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{'vcpus': [{'kvm_lapic_state': null, 'lapic': null}]}",
        "{'irqchip': 'userspace', 'vcpus': [{'lapic': null}], 'ioapic': null}",
        "{'vcpus': [{}], 'pit': null, 'heldByKvm': null, 'expectsNmis': null}",
        "{'irqchip': 'split', 'vcpus': [{}], 'routes': 'standard'}",
        "{'vcpus': [{}], 'routes': 'standard', 'kvm_irq_routing': null}",
        "{'vcpus': [{}], 'routes': 'standard', 'kvm_irq_routing': '0000000000000000'}",
        "{'vcpus': [{'lapic': {'tscDeadline': 0}, 'msrs': {'0x6e0': 0}}]}",
        "{'vcpus': [{'kvm_mp_state': '00000000', 'mpState': 'halted'}]}",
        "{'vcpus': [{'kvm_mp_state': '00000000', 'mpState': null}]}",
        "{'vcpus': [{}], 'notAField': 1.0e3, 'other': [1.5]}",
        "{'vcpus': [7]}", "{'vcpus': {}}", "{'state': null}", "{'state': {}}", "{'state': {'vcpus': [{}]}}", "{}", "[]",
        "{'vcpus': 1, 'state': {'vcpus': [{}]}}", "{'vcpus': 1, 'state': null}",
        "{'run': {'vcpus': 1, 'state': {'vcpus': [{}]}}}",
        "{'run': {'state': null}}", "{'run': {}}", "{'run': 1}", "{'state': {'vcpus': {}}}",
        "{'vcpus': [{}], 'state': 7}", "7", "null"})
    void formOfAState_isRefusedByBothOrByNone(String json) {
        String written = json.replace('\'', '"');

        assertThat(StateSchema.isValid(parsed(written))).isEqualTo(refusal(written).isEmpty());
    }
}
