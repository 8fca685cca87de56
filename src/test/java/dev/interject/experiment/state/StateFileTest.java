package dev.interject.experiment.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

import dev.interject.interrupt.state.GuestState;
import dev.interject.interrupt.state.Piece;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StateFileTest {

    @TempDir
    private Path directory;

    private StateFile read(String json) {
        InputStream in = new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8));
        return StateFile.read(in, "x.json", directory);
    }

    private StateFile readVcpu(String fields) {
        return read("{'irqchip': 'kernel', 'vcpus': [{%s}]}".formatted(fields).replace('\'', '"'));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            [] | x.json: /: an array is not an object
            {"vcpus": [{}], "vcpu": 1} | x.json: /vcpu: 1 is not a number from 0 to 0x0
            {"vcpus": []} | x.json: /vcpus: 0 vCPUs
            {"vcpus": {}} | x.json: /vcpus: an object is not an array
            {} | x.json: /vcpus: is missing
            {"irqchip": "qemu", "vcpus": [{}]} | x.json: /irqchip: there is no irqchip 'qemu'
            {"irqchip": 3, "vcpus": [{}]} | x.json: /irqchip: 3 is not a string
            {"vcpus": [{"number": 1}]} | x.json: /vcpus/0/number: vCPU 1 comes after 0 others
            {"vcpus": [{"registers": {"rip": "9229"}}]} | x.json: /vcpus/0/registers/rip: "9229" is not a number
            {"vcpus": [{"registers": {"rip": -1}}]} | x.json: /vcpus/0/registers/rip: -1 is not a number from 0 to
            {"vcpus": [{"registers": {"rip": "0x10000000000000000"}}]} | x.json: /vcpus/0/registers/rip: "0x1000
            {"vcpus": [{"registers": {"rip": 1.5}}]} | x.json: /vcpus/0/registers/rip: 1.5 is not a whole number
            {"vcpus": [{"halted": "yes"}]} | x.json: /vcpus/0/halted: "yes" is not true or false
            {"vcpus": [{"mpState": "asleep"}]} | x.json: /vcpus/0/mpState: there is no MP state 'asleep'
            {"vcpus": [{"kvm_regs": "00"}]} | x.json: /vcpus/0/kvm_regs: struct kvm_regs has 144 bytes, not 1
            {"vcpus": [{"kvm_regs": "0"}]} | x.json: /vcpus/0/kvm_regs: an odd number of hexadecimal digits
            {"vcpus": [{"kvm_regs": "zz"}]} | x.json: /vcpus/0/kvm_regs: not all are hexadecimal digits
            {"vcpus": [{"kvm_regs": "00", "registers": {}}]} | x.json: /vcpus/0/kvm_regs: is given beside registers
            {"vcpus": [{}], "master": null} | x.json: /master: every machine of KVM has 8259s
            {"vcpus": [{}], "master": {"base": 33}} | x.json: /master: irqBase must have no bits other than 0xf8
            {"vcpus": [{}], "ioapic": {"irr": 0, "pins": []}} | x.json: /ioapic/pins: has 0 of 24 pins
            {"vcpus": [{}], "kvm_irqchip": ["00"]} | x.json: /kvm_irqchip/0: struct kvm_irqchip has 520 bytes, not 1
            {"vcpus": [{}], "kvm_irq_routing": "00"} | x.json: /kvm_irq_routing: struct kvm_irq_routing has 8 bytes
            {"vcpus": [{}], "kvm_irq_routing": "ffffffff00000000"} | x.json: /kvm_irq_routing: a table of 4294967295
            {"vcpus": [{}], "routes": [{"gsi": 5000}]} | x.json: /routes/0/gsi: 5000 is not a number from 0 to 0xfff
            {"vcpus": [{}], "routes": [{"gsi": 1, "to": "slave", "pin": 8}]} | x.json: /routes/0/pin: 8 is not a number
            {"vcpus": [{}], "linesHigh": [32]} | x.json: /linesHigh/0: 32 is not a number from 0 to 0x1f
            {"vcpus": [{}], "hostRules": ["no-rule"]} | x.json: /hostRules: there is no departure 'no-rule'
            {"vcpus": [{}], "unknown": ["flags"]} | x.json: /unknown: there is nothing called 'flags'
            {"vcpus": [{}], "memory": [{"address": 0}]} | x.json: /memory/0: has not exactly one of bytes and file
            {"vcpus": [{}], "memory": [{"address": 0, "file": "no"}]} | x.json: /memory/0/file:
            {"vcpus": [{}], "memory": [{"address": "0xfffffffffffff000", "bytes": "00"}]} | x.json: /memory/0/address:
            {"vcpus": 1, "state": null} | x.json: /state: this report has no state
            {"vcpus": [{}], "vcpus": []} | x.json: not the JSON of a state: Duplicate
            {"vcpus": [{} | x.json: not the JSON of a state: Unexpected end-of-input
            {"vcpus": [{}]} {} | x.json: something follows the JSON value
            """)
    void wrongField_isOneLineWithItsPlace(String json, String message) {
        assertThatExceptionOfType(InvalidStateException.class).isThrownBy(() -> read(json))
                .satisfies(invalid -> assertThat(invalid.getMessage()).startsWith(message).hasLineCount(1))
                .satisfies(invalid -> assertThat(invalid.fix()).isNotEmpty().hasLineCount(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "null", "7", "\"text\"", "{\"vcpus\": [7]}"})
    void whatIsNoObject_isRefused(String json) {
        assertThatExceptionOfType(InvalidStateException.class).isThrownBy(() -> read(json));
    }

    @Test
    void depthAndNumberOfValues_areLimited() {
        assertThatExceptionOfType(InvalidStateException.class)
                .isThrownBy(() -> read("[".repeat(1_000_000)))
                .withMessageContaining("nesting depth");
        assertThatExceptionOfType(InvalidStateException.class)
                .isThrownBy(() -> read("{\"vcpus\": [" + "0,".repeat(1_000_001) + "0]}"))
                .withMessageContaining("more than 1,000,000 values");
        assertThatExceptionOfType(InvalidStateException.class)
                .isThrownBy(() -> read("{\"vcpus\": [" + "{},".repeat(256) + "{}]}"))
                .withMessageContaining("257 vCPUs");
        assertThatExceptionOfType(InvalidStateException.class)
                .isThrownBy(() -> read("{\"vcpus\": [{\"registers\": {\"rip\": " + "9".repeat(100_000) + "}}]}"));
    }

    @Test
    void memoryThatOverlaps_isRefused() {
        assertThatExceptionOfType(InvalidStateException.class)
                .isThrownBy(() -> read("""
                        {"vcpus": [{}], "memory": [{"address": 16, "bytes": "0011"}, {"address": 15, "bytes": "0011"}]}
                        """))
                .withMessage("x.json: /memory/1: overlaps another range of memory");
    }

    @Test
    void fieldThatIsNone_isAWarning() {
        assertThat(readVcpu("'registers': {'rix': 1}, 'mode': 'long'").warnings())
                .containsExactly("/vcpus/0/registers/rix is not a field of a state, and is ignored");
    }

    @Test
    void emptyVcpu_lacksEverything() {
        GuestState state = read("{\"vcpus\": [{}]}").state();

        assertThat(state.cpu().unknown()).containsAll(Set.of(Piece.FLAGS, Piece.SHADOW, Piece.EVENTS, Piece.IDT,
                Piece.PAGES, Piece.LAPIC_TPR, Piece.APIC_BASE, Piece.ACTIVITY));
        assertThat(state.unknown()).containsAll(Set.of(Piece.IRQCHIP, Piece.MASTER_IMR, Piece.ROUTES, Piece.IOAPIC));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{'latencyNanos': 1.5, 'vcpus': 2, 'state': STATE}", "{'run': {'vcpus': 2, 'state': STATE}}"})
    void stateOfAReport_isRead(String report) {
        assertThat(read(report.replace("STATE", "{'vcpu': 1, 'vcpus': [{}, {}]}").replace('\'', '"')).state().vcpu())
                .isEqualTo(1);
    }

    /** 4-level paging: the table of each level is a page, and the last maps linear 0 to 0x5000. */
    @Test
    void tables_areFoundInMemory() throws IOException {
        byte[] image = new byte[0x6000];
        for (int level = 1; level <= 4; level++) {
            image[level * 0x1000] = 3;
            image[level * 0x1000 + 1] = (byte) (level + 1 << 4);
        }
        image[0x5010] = 0x42;
        Files.write(directory.resolve("ram.bin"), image);
        String registers = """
                'registers': {'rip': 0, 'rsp': 64, 'rflags': 2},
                'specialRegisters': {'cr0': '0x80000001', 'cr3': '0x1000', 'cr4': '0x20', 'efer': '0x500',
                'cs': SEGMENT, 'ss': SEGMENT, 'tr': SEGMENT, 'ldtr': SEGMENT, 'gdtr': {'base': 0, 'limit': 15},
                'idtr': {'base': 16, 'limit': 4095}}""".replace("SEGMENT", "{'selector': 8, 'base': 0, 'limit': 0,"
                + "'type': 11, 'dpl': 0, 'present': false, 'codeOrData': true, 'db': false, 'longMode': true,"
                + "'pageGranular': false, 'unusable': true}");

        GuestState whole = read("{'vcpus': [{%s}], 'memory': [{'address': 0, 'file': 'ram.bin'}]}".formatted(registers)
                .replace('\'', '"')).state();
        GuestState part = read("{'vcpus': [{%s}], 'memory': [{'address': 0, 'file': 'ram.bin', 'size': '0x5020'}]}"
                .formatted(registers)
                .replace('\'', '"')).state();

        assertThat(whole.cpu().tables().idt()).hasSize(0xff0).startsWith(0x42);
        assertThat(whole.cpu().pages().at(8)).hasValueSatisfying(
                page -> assertThat(page.physical()).isEqualTo(0x5000));
        assertThat(whole.cpu().unknown()).doesNotContain(Piece.IDT, Piece.GDT);
        assertThat(part.cpu().tables().idt()).hasSize(16);
        assertThat(part.cpu().unknown()).contains(Piece.IDT).doesNotContain(Piece.GDT);
    }
}
