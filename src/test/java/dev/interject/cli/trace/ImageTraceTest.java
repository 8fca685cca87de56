package dev.interject.cli.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

import dev.interject.RequiresKvm;
import dev.interject.cli.ChildProcess;
import dev.interject.cli.Interject;
import dev.interject.cli.Json;
import dev.interject.guest.image.Images;
import dev.interject.interrupt.Irqchip;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code trace --image}, on the real KVM. */
@RequiresKvm
class ImageTraceTest {

    private static ChildProcess.Result trace(String options) {
        return Interject.typeHere("trace --image %s --irq 4 %s".formatted(Images.file("sleeps"), options));
    }

    @ParameterizedTest
    @EnumSource
    void text_tellsTheMomentTheInjectionAndTheHandler(Irqchip irqchip) {
        ChildProcess.Result result = trace("--count 2 --irqchip " + irqchip);

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).containsSubsequence("image sleeps.img, irqchip " + irqchip,
                "handlers seen by a breakpoint at the handler", "gates checked", "injects #1", "exit: KVM_EXIT_DEBUG",
                "handler 0x24 entered, for #1", "injects #2", "handler 0x24 entered, for #2",
                "injection to handler entry", "All 2 interrupts were taken.");
        assertThat(result.out()).contains("thread sleeps: the guest is held");
    }

    @Test
    void json_hasAnArrowFromEachInjectionToItsHandler() {
        ChildProcess.Result result = trace("--count 2 --output json");
        Map<String, Object> report = Json.parseObject(result.out());
        List<Map<String, Object>> events = Json.objects(report, "traceEvents");

        assertThat(events).filteredOn(event -> "s".equals(event.get("ph"))).hasSize(2);
        assertThat(events).filteredOn(event -> "f".equals(event.get("ph"))).hasSize(2);
        assertThat(events).filteredOn(event -> "handler 0x24".equals(event.get("name")))
                .hasSize(2)
                .allSatisfy(event -> assertThat(event).containsEntry("ph", "i"));
        assertThat(Json.object(report, "run")).containsEntry("image", "sleeps.img").containsEntry("outcome", "taken");
    }

    @Test
    void svg_showsOneInterruptAndItsHandler() {
        ChildProcess.Result result = trace("--count 1 --output svg");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).startsWith("<svg")
                .contains("from the host to its handler", "image sleeps.img", "handler 0x24 entered");
    }
}
