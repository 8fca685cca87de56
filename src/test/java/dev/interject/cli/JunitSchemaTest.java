package dev.interject.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;

import dev.interject.RequiresKvm;
import dev.interject.cli.compare.CompareJunit;
import dev.interject.cli.doctor.DoctorJunit;
import dev.interject.cli.doctor.DoctorReports;
import dev.interject.cli.output.Output;
import dev.interject.cli.run.RunJunit;
import dev.interject.experiment.compare.Comparison;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.experiment.run.RunReport;
import dev.interject.experiment.suite.Suites;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.route.RouteCase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xml.sax.SAXException;

/** JUnit XML as CI systems expect it: that of Maven Surefire, by its schema. */
class JunitSchemaTest {

    private static final Schema SCHEMA = schema();

    private static Schema schema() {
        try {
            return SchemaFactory.newDefaultInstance()
                    .newSchema(JunitSchemaTest.class.getResource("/junit/junit-document.xsd"));
        } catch (SAXException malformed) {
            throw new IllegalStateException(malformed);
        }
    }

    private static void validate(String document) throws SAXException, IOException {
        SCHEMA.newValidator().validate(new StreamSource(new StringReader(document)));
    }

    /** What a command writes into a file of its own. */
    private static String written(Output.Content content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        content.writeTo(out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @RequiresKvm
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            run | 0
            run --guest slow --burst 10 --count 20 | 1
            run --path vector | 2
            run --guest no-idt --force | 4
            run --guest deaf --timeout 700ms | 5
            run --timeout 1us | 5
            compare --count 5 | 0
            compare --count 5 --timeout 1us | 5
            restore --situation line-edge | 0
            restore --situation line-edge --without cpuid | 1
            restore --timeout 1us | 5
            doctor | 0
            """)
    void output_isValid(String line, int exitCode) {
        ChildProcess.Result result = Interject.type(line + " --output junit");

        assertThat(result.exitCode()).as(result.err()).isEqualTo(exitCode);
        assertThatCode(() -> validate(result.out())).doesNotThrowAnyException();
    }

    @Test
    @RequiresKvm
    void suite_isValid(@TempDir Path directory) {
        Path file = Suites.file(directory, Suites.verdict("good", "0") + Suites.verdict("a<b>&\"c\"", "1")
                + Suites.verdict("skipped", "V") + Suites.verdict("late", "h") + "timeout = 2s\n");

        ChildProcess.Result result = Interject.run("suite", file.toString(), "--output", "junit");

        assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
        assertThat(result.out()).contains("tests=\"4\"", "failures=\"2\"", "skipped=\"1\"");
        assertThatCode(() -> validate(result.out())).doesNotThrowAnyException();
    }

    @Test
    void unsupportedRun_isValid() throws IOException {
        RunReport unable =
                RunReport.hostUnable(RunPlan.on(Irqchip.KERNEL), "open /dev/kvm: EACCES; fix: 'a' <b> & \"c\"");
        String document = written(out -> RunJunit.write(unable, out));

        assertThat(document).contains("<error ").contains("errors=\"6\"");
        assertThatCode(() -> validate(document)).doesNotThrowAnyException();
    }

    @Test
    void unsupportedComparison_isValid() throws IOException {
        String document = written(out -> CompareJunit.write(new Comparison(RouteCase.all()
                .stream().<Comparison
                        .Row>map(path -> new Comparison.Row.Unsupported(path, "KVM_IRQFD: ENOTTY"))
                .toList(), false), out));

        assertThat(document).contains("<skipped ", "errors=\"1\"", "<error type=\"host-unable\"");
        assertThatCode(() -> validate(document)).doesNotThrowAnyException();
    }

    @Test
    void examinationOfAnUnsupportedHost_isValid() throws IOException {
        String document = written(out -> DoctorJunit.write(DoctorReports.denied(), out));

        assertThat(document).contains("<failure ");
        assertThatCode(() -> validate(document)).doesNotThrowAnyException();
    }

    /** Shows that the schema rejects other documents. */
    @ParameterizedTest
    @ValueSource(strings = {"<testsuites/>", "<report/>",
        "<testsuites><testsuite name='a' tests='0' errors='0' skipped='0'/></testsuites>",
        "<testsuites><testsuite name='a' tests='1' errors='0' failures='0' skipped='0'>"
                + "<testcase name='no time'/></testsuite></testsuites>",
        "<testsuites><testsuite name='a' tests='1' errors='0' failures='0' skipped='0'>"
                + "<testcase name='b' time='0,5'/></testsuite></testsuites>"})
    void documentOfAnotherKind_isNotValid(String document) {
        assertThatExceptionOfType(SAXException.class).isThrownBy(() -> validate(document));
    }
}
