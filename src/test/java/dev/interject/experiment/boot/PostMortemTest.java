package dev.interject.experiment.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.function.Function;

import dev.interject.Hang;
import dev.interject.RequiresKvm;
import dev.interject.guest.image.GuestImage;
import dev.interject.guest.image.Images;
import org.junit.jupiter.api.Test;

/** What is read of the vCPUs of real guests that have ended. */
@RequiresKvm
class PostMortemTest {

    private static PcBuilder pc(String image) {
        return BootedPc.builder(GuestImage.of(Images.file(image))).memory(8 << 20);
    }

    private static <T> T afterCrash(PcBuilder builder, Function<PostMortem, T> look) throws InterruptedException {
        try (BootedPc pc = builder.start()) {
            assertThat(pc.awaitEnd(Hang.AFTER).orElseThrow()).isInstanceOf(BootEnd.Crashed.class);
            return look.apply(pc.postMortems().getFirst());
        }
    }

    /** Only where the state at the crash is kept: not with AMD's SVM. */
    @Test
    void tripleFault_showsTheEntriesOfExceptions() throws Exception {
        PostMortem seen = afterCrash(pc("reset").commandLine("t"), found -> found);

        assertThat(seen.isReset() || seen.code()[0] == 0x0f && seen.code()[1] == 0x0b).isTrue();
        assertThat(seen.entries()).extracting(TableEntry::vector).containsExactly(6, 8, 13, 14);
        assertThat(seen.entries()).noneMatch(TableEntry::queued);
        TableEntry ofUndefinedOpcode = new TableEntry(6, false, "limit 0x0, vector 0x06 ends at 0x37", "",
                Optional.of("the table ends before this vector"));
        assertThat(seen.isReset() || seen.entries().getFirst().equals(ofUndefinedOpcode)).isTrue();
        assertThat(seen.counts()).containsKey("irq_injections");
    }

    @Test
    void guestThatRan_hasNoEntriesWithoutAQueuedEvent() throws Exception {
        try (BootedPc pc = pc("spin").start()) {
            assertThat(pc.postMortems()).singleElement().satisfies(seen -> {
                assertThat(seen.entries()).isEmpty();
                assertThat(seen.isReset()).isFalse();
            });
        }
    }

    @Test
    void queuedInterrupt_isShownWithItsHandler() throws Exception {
        try (BootedPc pc = pc("console").start()) {
            pc.console().await("> ", Hang.AFTER);
            pc.machine().vcpu(0).hold();
            TableEntry entry = pc.machine().vcpu(0).freeze(vcpu -> {
                vcpu.events(events -> events.withInterrupt(0x24));
                return TableEntry.of(pc.machine(), vcpu.state().cpu(), false).getFirst();
            });

            assertThat(entry.vector()).isEqualTo(0x24);
            assertThat(entry.queued()).isTrue();
            assertThat(entry.evidence()).startsWith("gate to 08:0x");
            assertThat(entry.handler()).isEqualTo("handler");
            assertThat(entry.problem()).isEmpty();
        }
    }

    /** A vCPU that was not started is as KVM resets it. */
    @Test
    void vcpuThatWasReset_isFound() {
        try (BootedPc pc = pc("spin").vcpus(2).start()) {
            assertThat(PostMortem.of(pc.machine(), pc.machine().vcpu(1)).isReset()).isTrue();
            assertThat(pc.postMortems()).hasSize(1);
        }
    }
}
