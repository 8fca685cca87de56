package dev.interject.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.interject.RequiresKvm;
import dev.interject.cli.Interject;
import dev.interject.cli.Json;
import dev.interject.cli.output.JsonOutput;
import dev.interject.cli.output.Style;
import dev.interject.cli.output.TextPage;
import dev.interject.cli.state.ControllerJson;
import dev.interject.cli.state.StateJson;
import dev.interject.cli.state.VcpuJson;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.explain.ExplainExperiment;
import dev.interject.experiment.explain.ExplainPlan;
import dev.interject.experiment.plan.MachineChoice;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.experiment.setting.Situation;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.state.GuestState;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --dump} as text and as JSON: both have all that the gates read. */
@RequiresKvm
class StateDumpTest {

    /** The text that a Java record has by default. */
    private static final Pattern RECORD = Pattern.compile("\\w\\[\\w+=");
    private static final Pattern NUMBER = Pattern.compile("(?<![\\w.])(?:0x)?[0-9a-f]*[0-9][0-9a-f]*(?![\\w.])");

    @ParameterizedTest
    @ValueSource(strings = {"explain --dump --guest smp --vcpus 2 --path msi",
        "explain --dump --guest pit --path pit", "explain --dump --guest real --irqchip userspace",
        "explain --dump --irqchip split --guest x2apic --path msi", "explain --dump --set cpu.exception=0xd"})
    void dump_hasNoTextOfARecord(String line) {
        Map<String, Object> report = Json.parseObject(Interject.typeHere(line + " --output json").out());

        assertThat(leaves(report)).hasSizeGreaterThan(500)
                .allSatisfy(value -> assertThat(String.valueOf(value)).doesNotContainPattern(RECORD));
        assertThat(Interject.typeHere(line).out()).doesNotContainPattern(RECORD);
    }

    @ParameterizedTest
    @MethodSource("states")
    void everyNumberOfTheText_isInJson(GuestState state) {
        Set<String> inJson = new TreeSet<>();
        leaves(Json.parse(Part.ALL.json(state))).forEach(value -> addSpellings(inJson, value));

        assertThat(numbers(Part.ALL.text(state))).hasSizeGreaterThan(20).isSubsetOf(inJson);
    }

    private static Stream<Object> leaves(Object value) {
        return switch (value) {
            case Map<?, ?> object -> object.values().stream().flatMap(StateDumpTest::leaves);
            case List<?> array -> array.stream().flatMap(StateDumpTest::leaves);
            case null -> Stream.empty();
            default -> Stream.of(value);
        };
    }

    /** A number as the text may show it: in decimal or in hexadecimal. */
    private static void addSpellings(Set<String> spellings, Object value) {
        if (value instanceof Long number) {
            spellings.add(number.toString());
            spellings.add(Long.toHexString(number));
        } else if (value instanceof String hex && hex.startsWith("0x")) {
            spellings.add(hex.substring(2));
        }
    }

    private static Set<String> numbers(String text) {
        return NUMBER.matcher(text)
                .results()
                .map(number -> number.group().replaceFirst("^0x", "").replaceFirst("^0+(?=.)", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    static Stream<GuestState> states() {
        return Stream.of(
                state(BuiltinGuest.PIT, Irqchip.KERNEL, 1, "cpu.exception=0xd", "cpu.queued=0x42", "pit.mode=2"),
                state(BuiltinGuest.REAL, Irqchip.USERSPACE, 1, "cpu.queued=0x42"),
                state(BuiltinGuest.APIC, Irqchip.SPLIT, 2, "route[30]=msi:0xfee01000:0x51", "cpu.queued=0x42"));
    }

    private static GuestState state(BuiltinGuest guest, Irqchip irqchip, int vcpus, String... settings) {
        RunPlan run = RunPlan.on(MachineChoice.of(irqchip, guest).withVcpus(vcpus, 0)).with(Situation.of(settings));
        ExplainPlan plan = new ExplainPlan(run, 0, Optional.empty(), OptionalInt.empty(), Optional.empty());
        return ExplainExperiment.explain(plan, new Cancellation()).explanation().orElseThrow().state();
    }

    @ParameterizedTest
    @MethodSource("states")
    void everyValueOfTheState_isInJsonAndText(GuestState state) {
        List<ChangedRecords.Changed<GuestState>> all = ChangedRecords.of(state)
                .stream()
                .filter(changed -> !changed.place().startsWith("peers")) // written as the target is
                .filter(changed -> state.irqchip().hasLapicInKernel() || !changed.place().endsWith("deadline"))
                .toList();

        assertThat(all).hasSizeGreaterThan(150);
        assertThat(all.stream()
                .filter(changed -> Part.of(changed.place())
                        .json(changed.copy())
                        .equals(Part.of(changed.place()).json(state))))
                .extracting(ChangedRecords.Changed::place)
                .isEmpty();
        assertThat(all.stream()
                .filter(changed -> Part.of(changed.place())
                        .text(changed.copy())
                        .equals(Part.of(changed.place()).text(state))))
                .extracting(ChangedRecords.Changed::place)
                .allMatch(place -> isOfAbsentPage(place) || isOfUnusedGdt(place, state));
    }

    /** Of a page that is not present, nothing else means anything. */
    private static boolean isOfAbsentPage(String place) {
        return place.matches(".*byNumber\\[-?\\d+]\\.(physical|writable|user|executable|reserved|isRam)");
    }

    /** In real mode the CPU uses no GDT; its bytes are in JSON. */
    private static boolean isOfUnusedGdt(String place, GuestState state) {
        return state.cpu().special().inRealMode() && place.startsWith("cpu.tables.gdt[");
    }

    /** The part of a dump that shows a value: to write the whole dump for each value takes too long. */
    private enum Part {
        VCPU, CONTROLLERS, ALL;

        static Part of(String place) {
            return place.matches("cpu\\..*|controllers\\.(lapic|deadline).*") ? VCPU
                    : place.matches("controllers\\.(master|slave|ioapic|pit|routes).*") ? CONTROLLERS : ALL;
        }

        String text(GuestState state) {
            TextPage page = new TextPage(Style.PLAIN);
            switch (this) {
                case VCPU -> new VcpuText(page, "").dump(state.all().getFirst());
                case CONTROLLERS -> new ControllerText(page).dump(state.controllers());
                case ALL -> new StateText(page).dump(state);
            }
            return page.toString();
        }

        String json(GuestState state) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try {
                JsonOutput.writeObject(out, json -> {
                    switch (this) {
                        case VCPU -> VcpuJson.write(state.all().getFirst(), json);
                        case CONTROLLERS -> ControllerJson.write(state.controllers(), state.unknown(), json);
                        case ALL -> StateJson.write(state, true, json);
                    }
                });
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
            return out.toString(StandardCharsets.UTF_8);
        }
    }
}
