package dev.interject.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;
import java.util.Random;

import org.junit.jupiter.api.Test;

class PageMapTest {

    private static final int PAGES = 512;
    private static final int PAGE = 4096;

    /** A large page of the kernel's brings others into being as well, but none may be missing. */
    @Test
    void pagesThatWereWritten_exist() {
        Random random = new Random(11);
        try (Mapping mapping = Mapping.anonymous((long) PAGES * PAGE)) {
            BitSet written = new BitSet(PAGES);
            for (int i = 0; i < PAGES / 4; i++) {
                int page = random.nextInt(PAGES);
                written.set(page);
                mapping.memory().set(ValueLayout.JAVA_BYTE, (long) page * PAGE + random.nextInt(PAGE), (byte) 1);
                BitSet missing = (BitSet) written.clone();
                missing.andNot(PageMap.existing(mapping.memory()));
                assertThat(missing.isEmpty()).as("%s", missing).isTrue();
            }
        }
    }

    @Test
    void memoryThatWasNeverTouched_hasNoPages() {
        try (Mapping mapping = Mapping.anonymous((long) PAGES * PAGE)) {
            assertThat(PageMap.existing(mapping.memory()).isEmpty()).isTrue();
        }
    }

    @Test
    @SuppressWarnings("restricted") // there is no memory, and none is read
    void addressWithoutAMapping_isNotSaidToBeEmpty() {
        assertThat(PageMap.existing(MemorySegment.ofAddress(-2L * PAGE).reinterpret(2 * PAGE)).cardinality())
                .isEqualTo(2);
    }
}
