package dev.interject.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;

import dev.interject.cli.output.Style;
import dev.interject.cli.output.WordWrap;
import dev.interject.experiment.doctor.HostReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** How {@code interject doctor} shows what it found. */
class DoctorRenderingTest {

    @Test
    void textOfASupportedHost_countsCapabilitiesAndShowsTheMissing() {
        assertThat(text(DoctorReports.able(), false)).containsExactly("", "  Host",
                "    note  kernel                        6.1.2",
                "    ok    open /dev/kvm                 root:kvm (gid 104), mode 0660", "", "  Capabilities",
                "    ok    1 of 2 are present (--verbose shows each)",
                "    note  KVM_CAP_SIGNAL_MSI            missing, but not required:",
                "                                        message-signalled interrupts", "",
                "  This host can run Interject with irqchip kernel and userspace.");
    }

    @Test
    void verboseText_showsEveryCapability() {
        assertThat(text(DoctorReports.able(), true)).contains(
                "    ok    KVM_CAP_IRQCHIP               PIC, IOAPIC and LAPIC in the kernel");
    }

    @Test
    void textOfAnUnsupportedHost_hasTheFixesUnderTheCheck() {
        assertThat(text(DoctorReports.denied(), false)).containsExactly("", "  Host",
                "    note  kernel                        6.1.2",
                "    no    open /dev/kvm                 EACCES (Permission denied); root:kvm",
                "                                        (gid 104), mode 0660",
                "        fix: sudo usermod -aG kvm alice && newgrp kvm", "        or on a CI runner:",
                "  echo 'a=\"1\"' |", "  sudo tee /etc/x", "");
    }

    @Test
    void jsonOfASupportedHost_hasBackendAndCapabilities() throws IOException {
        assertThat(json(DoctorReports.able())).startsWith("{\"outcome\":\"able\",\"reason\":null,"
                + "\"backend\":{\"kind\":\"intel\",\"module\":\"kvm_intel\"},\"checks\":[{\"name\":\"kernel\","
                + "\"status\":\"note\",\"required\":false,\"detail\":\"6.1.2\",\"fix\":null},")
                .endsWith("\"capabilities\":{\"KVM_CAP_IRQCHIP\":1,\"KVM_CAP_SIGNAL_MSI\":0},\"conformance\":[]}\n");
    }

    @Test
    void jsonOfAnUnsupportedHost_hasReasonAndFixes() throws IOException {
        assertThat(json(DoctorReports.denied())).startsWith("{\"outcome\":\"host-unable\","
                + "\"reason\":\"open /dev/kvm: EACCES (Permission denied); root:kvm (gid 104), mode 0660\","
                + "\"backend\":null,")
                .contains("\"status\":\"failed\"", "\"fix\":\"sudo usermod -aG kvm alice && newgrp kvm\\n"
                        + "on a CI runner: echo 'a=\\\"1\\\"' | sudo tee /etc/x\"")
                .endsWith("\"capabilities\":{},\"conformance\":[]}\n");
    }

    @Test
    void junitOfASupportedHost_skipsTheOptional() throws Exception {
        Element suite = suite(DoctorReports.able());

        assertThat(List.of(suite.getAttribute("tests"), suite.getAttribute("failures"), suite.getAttribute("skipped")))
                .containsExactly("4", "0", "1");
        assertThat(suite.getElementsByTagName("testcase").getLength()).isEqualTo(4);
        assertThat(suite.getElementsByTagName("skipped").getLength()).isEqualTo(1);
        assertThat(suite.getElementsByTagName("failure").getLength()).isZero();
    }

    @Test
    void junitOfAnUnsupportedHost_failsWithTheFixes() throws Exception {
        Element suite = suite(DoctorReports.denied());

        assertThat(suite.getAttribute("failures")).isEqualTo("1");
        assertThat(suite.getElementsByTagName("failure").item(0).getTextContent()).startsWith(
                "sudo usermod -aG kvm alice && newgrp kvm\n");
    }

    @Test
    void textOfDepartures_hasObservationAndConsequence() {
        assertThat(text(DoctorReports.judged(), false)).containsExactly("", "  Departures",
                "    note  LAPIC, in service             departs from the manuals",
                "        observed: the ISR is empty",
                "        so: a missing EOI has no effect, and the LAPIC's ISR never holds an",
                "        interrupt",
                "    ok    LAPIC, priority               as the manuals say",
                "    note  interrupt after STI           unknown",
                "        why: the guest was not ready in time", "",
                "  This host can run Interject with irqchip kernel and userspace.");
    }

    @Test
    void verboseTextOfDepartures_quotesTheManuals() {
        assertThat(text(DoctorReports.judged(), true)).containsSequence(
                "    ok    LAPIC, priority               as the manuals say",
                "        rule: a lower vector waits in the IRR while a higher one is in service",
                "        (Intel SDM vol. 3A, \"Task and Processor Priorities\")", "        observed: 0x51 waits");
        assertThat(text(DoctorReports.judged(), true))
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    @Test
    void jsonOfDepartures_hasManualsEvidenceAndConsequence() throws IOException {
        assertThat(json(DoctorReports.judged())).startsWith("{\"outcome\":\"able\",")
                .contains("\"name\":\"LAPIC, in service\",\"status\":\"departs\",\"required\":false,",
                        "\"conformance\":[{\"name\":\"lapic-in-service\",\"finding\":\"departs\","
                                + "\"evidence\":\"the ISR is empty\","
                                + "\"rule\":\"a vector stays in the ISR until its EOI\",\"source\":\"Intel SDM",
                        "\"finding\":\"kept\",\"evidence\":\"0x51 waits\",",
                        "\"finding\":\"inconclusive\",\"evidence\":\"the guest was not ready in time\",")
                .endsWith("\"consequence\":null}]}\n");
    }

    @Test
    void junitOfDepartures_passesThemAll() throws Exception {
        Element suite = suite(DoctorReports.judged());

        assertThat(List.of(suite.getAttribute("tests"), suite.getAttribute("failures"), suite.getAttribute("skipped")))
                .containsExactly("3", "0", "0");
        assertThat(suite.getElementsByTagName("system-out").item(0).getTextContent()).isEqualTo(
                "departs: the ISR is empty; so: look out");
    }

    @ParameterizedTest
    @CsvSource({"one, 10, one", "one two, 7, one two", "one two, 6, one|two", "longerthanthat x, 4, longerthanthat|x",
        "'', 4, ''"})
    void fold_breaksBetweenWords(String text, int width, String folded) {
        assertThat(String.join("|", WordWrap.fold(text, width))).isEqualTo(folded);
    }

    private static List<String> text(HostReport report, boolean verbose) {
        return new DoctorText(Style.PLAIN, verbose).render(report).lines().toList();
    }

    private static String json(HostReport report) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        DoctorJson.write(report, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static Element suite(HostReport report) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        DoctorJunit.write(report, out);
        Document document = DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(out.toByteArray()));
        return (Element) document.getElementsByTagName("testsuite").item(0);
    }
}
