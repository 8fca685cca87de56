package dev.interject.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interject.interrupt.state.Page;
import dev.interject.interrupt.state.PageWalk;
import dev.interject.kvm.GuestMemory;
import dev.interject.kvm.state.DescriptorTable;
import dev.interject.kvm.state.Segment;
import dev.interject.kvm.state.SpecialRegisters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Intel SDM vol. 3A, "32-Bit Paging", "PAE Paging", "4-Level Paging and 5-Level Paging". */
class PageWalkTest {

    private static final long PE_PG = 1 | 1L << 31;
    private static final long PSE = 1 << 4;
    private static final long PAE = 1 << 5;
    private static final long LA57 = 1 << 12;
    private static final long LMA = 1 << 10;
    private static final long NXE = 1 << 11;
    private static final long XD = 1L << 63;
    private static final int PHYSICAL_BITS = 40;
    private static final long TABLE = 0x1000;
    private static final long READ_WRITE = 3;
    private static final long USER = 4;
    private static final long LARGE = 1 << 7;

    private final GuestMemory memory = GuestMemory.ofBytes(0x200000);

    @AfterEach
    void close() {
        memory.close();
    }

    private static SpecialRegisters registers(long cr0, long cr4, long efer) {
        Segment none = new Segment(0, 0, 0, 0, false, 0, false, false, false, false, true);
        DescriptorTable table = new DescriptorTable(0, 0);
        return new SpecialRegisters(none, none, none, none, none, none, none, none, table, table, cr0, 0, TABLE, cr4, 0,
                efer, 0);
    }

    private Page page(long linear, long cr4, long efer) {
        return new PageWalk(memory, registers(PE_PG, cr4, efer), PHYSICAL_BITS).page(linear);
    }

    private Page longMode(long linear) {
        return page(linear, PAE, LMA);
    }

    /** Tables of each level at 0x1000, 0x2000 …, whose first entries lead on. */
    private void tables(int levels, long flags) {
        for (int level = 0; level < levels - 1; level++) {
            memory.writeLong(TABLE + level * 0x1000L, TABLE + (level + 1) * 0x1000L | flags);
        }
    }

    @Test
    void withoutPaging_aLinearAddressIsPhysical() {
        PageWalk walk = new PageWalk(memory, registers(1, 0, 0), PHYSICAL_BITS);

        assertThat(walk.page(0x5678)).isEqualTo(new Page(0x5000, true, true, true, true, false, true));
        assertThat(walk.page(0x200000).isRam()).isFalse();
    }

    @Test
    void fourLevels_leadToAPageWithTheRightsOfAll() {
        tables(4, READ_WRITE | USER);
        memory.writeLong(0x4000 + 5 * 8, 0x7000 | READ_WRITE);

        assertThat(longMode(0x5123)).isEqualTo(Page.ofRam(0x7000));
        memory.writeLong(0x2000, 0x3001);
        assertThat(longMode(0x5123)).isEqualTo(Page.ofRam(0x7000).asReadOnly());
        assertThat(longMode(0x6123)).isEqualTo(Page.ABSENT);
    }

    @Test
    void fiveLevels_areWalkedWithLa57() {
        tables(5, READ_WRITE);
        memory.writeLong(0x5000, 0x7000 | READ_WRITE);

        assertThat(page(0, PAE | LA57, LMA)).isEqualTo(Page.ofRam(0x7000));
    }

    @Test
    void largePage_endsTheWalk() {
        tables(3, READ_WRITE | USER);
        memory.writeLong(0x3000, LARGE | READ_WRITE | USER);

        assertThat(longMode(0x12345)).isEqualTo(Page.ofRam(0x12000).asUser());
    }

    @Test
    void executeDisable_isReservedUnlessItIsEnabled() {
        tables(4, READ_WRITE);
        memory.writeLong(0x4000, 0x7000 | READ_WRITE | XD);

        assertThat(page(0, PAE, LMA | NXE)).isEqualTo(Page.ofRam(0x7000).asData());
        assertThat(longMode(0).reserved()).isTrue();
    }

    @Test
    void bitsBeyondTheWidthOfAnAddress_areReserved() {
        tables(4, READ_WRITE);
        memory.writeLong(0x4000, 1L << PHYSICAL_BITS | READ_WRITE);
        memory.writeLong(0x4008, 1L << PHYSICAL_BITS - 1 | READ_WRITE);

        assertThat(longMode(0).reserved()).isTrue();
        assertThat(longMode(0x1000)).returns(false, Page::reserved).returns(false, Page::isRam);
    }

    @Test
    void lowBitsOfALargePage_areReservedExceptPat() {
        tables(3, READ_WRITE);
        memory.writeLong(0x3000, 0x2000 | LARGE | READ_WRITE);
        memory.writeLong(0x3008, 0x1000 | LARGE | READ_WRITE);

        assertThat(longMode(0).reserved()).isTrue();
        assertThat(longMode(0x200000).reserved()).isFalse();
    }

    @Test
    void pageSizeOfTheFourthLevel_isReserved() {
        tables(4, READ_WRITE);
        memory.writeLong(TABLE, 0x2000 | LARGE | READ_WRITE);

        assertThat(longMode(0).reserved()).isTrue();
    }

    @Test
    void paePaging_hasFourPointersWithoutRights() {
        memory.writeLong(TABLE + 8, 0x2001);
        memory.writeLong(0x2000, 0x3000 | READ_WRITE | USER);
        memory.writeLong(0x3000, 0x7000 | READ_WRITE | USER);

        assertThat(page(0x40000123L, PAE, 0)).isEqualTo(Page.ofRam(0x7000).asUser());
        assertThat(page(0, PAE, 0)).isEqualTo(Page.ABSENT);
    }

    @Test
    void reservedBitsOfAPaePointer_haveNoEffectOnceCr3IsLoaded() {
        memory.writeLong(TABLE + 8, 0x2000 | 0x1e7);
        memory.writeLong(0x2000, 0x3000 | READ_WRITE | USER);
        memory.writeLong(0x3000, 0x7000 | READ_WRITE | USER);

        assertThat(page(0x40000123L, PAE, 0)).isEqualTo(Page.ofRam(0x7000).asUser());
    }

    @Test
    void paging32_hasTwoLevelsAndNoExecuteDisable() {
        memory.writeLong(TABLE, 0x2000 | READ_WRITE | USER);
        memory.writeLong(0x2000, 0x7000 | READ_WRITE | (0x8000L | 1) << 32);

        assertThat(page(0x123, 0, NXE)).isEqualTo(Page.ofRam(0x7000));
        assertThat(page(0x1123, 0, 0)).isEqualTo(Page.ofRam(0x8000).asReadOnly());
        assertThat(page(0x400000, 0, 0)).isEqualTo(Page.ABSENT);
    }

    @Test
    void pageOf4MiB_needsPse() {
        memory.writeLong(TABLE, LARGE | READ_WRITE);

        assertThat(page(0x12345, PSE, 0)).isEqualTo(Page.ofRam(0x12000));
        assertThat(page(0x12345, 0, 0)).isEqualTo(Page.ABSENT);
        memory.writeLong(TABLE, 1 << 21 | LARGE | READ_WRITE);
        assertThat(page(0x12345, PSE, 0).reserved()).isTrue();
    }

    @Test
    void tableBeyondRam_hasNoEntries() {
        tables(4, READ_WRITE);
        memory.writeLong(0x2000, 0x40000000L | READ_WRITE);

        assertThat(longMode(0)).isEqualTo(Page.ABSENT);
    }

    @Test
    void read_endsWhereNothingIsMapped() {
        tables(4, READ_WRITE);
        memory.writeLong(0x4000, 0x7000 | READ_WRITE);
        memory.write(0x7ffe, new byte[]{1, 2});

        assertThat(new PageWalk(memory, registers(PE_PG, PAE, LMA), PHYSICAL_BITS).read(0xffe, 4))
                .containsExactly(1, 2);
    }
}
