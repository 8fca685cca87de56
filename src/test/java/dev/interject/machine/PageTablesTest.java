package dev.interject.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

import dev.interject.RequiresKvm;
import dev.interject.guest.BuiltinBoot;
import dev.interject.guest.MemoryMap;
import dev.interject.guest.boot.BootMode;
import dev.interject.guest.boot.Part;
import dev.interject.guest.boot.StartState;
import dev.interject.interrupt.state.Page;
import dev.interject.interrupt.state.PageWalk;
import dev.interject.kvm.GuestMemory;
import dev.interject.kvm.Kvm;
import dev.interject.kvm.Vcpu;
import dev.interject.kvm.VirtualMachine;
import dev.interject.kvm.state.SpecialRegisters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Single pages in a copy of page tables that have large ones (Intel SDM vol. 3A, "4-Level Paging"). */
@RequiresKvm
class PageTablesTest {

    private static final long GIB = 1 << 30;
    private static final int PHYSICAL_BITS = 46;
    private static final long PRESENT_WRITABLE_LARGE = 0x83;
    private static final long PAT_OF_LARGE = 1 << 12;
    private static final long PAT_OF_SMALL = 1 << 7;

    private final GuestMemory memory = GuestMemory.ofBytes(MemoryMap.RAM_BYTES);
    private final SpecialRegisters boot = boot();
    private final PageTables tables = new PageTables(memory, 0, 1);

    private SpecialRegisters boot() {
        List<Part> parts = new ArrayList<>();
        StartState start = BuiltinBoot.start(BootMode.LONG, 0, parts);
        parts.forEach(part -> memory.write(part.address(), part.content()));
        return start.specialRegisters(reset());
    }

    private static SpecialRegisters reset() {
        try (Kvm kvm = Kvm.open(); VirtualMachine vm = kvm.createVirtualMachine(); Vcpu vcpu = vm.createVcpu(0)) {
            return vcpu.specialRegisters();
        }
    }

    @AfterEach
    void close() {
        memory.close();
    }

    private Page page(SpecialRegisters special, long linear) {
        return new PageWalk(memory, special, PHYSICAL_BITS).page(linear);
    }

    private SpecialRegisters without(SpecialRegisters special, long linear) {
        return special.withCr3(tables.change(special, linear, page -> Page.ABSENT));
    }

    /** The pages of RAM, and some of the APICs. */
    private static List<Long> pages() {
        return LongStream.concat(LongStream.range(0, MemoryMap.RAM_BYTES / 4096).map(page -> page * 4096),
                LongStream.of(MemoryMap.LAPIC, MemoryMap.IOAPIC)).boxed().toList();
    }

    @Test
    void pageOfALargeOne_isSplitFromIt_andTheOthersStay() {
        SpecialRegisters changed = without(boot, 0xb248);

        assertThat(page(changed, 0xb000).present()).isFalse();
        assertThat(pages()).filteredOn(linear -> linear != 0xb000)
                .allSatisfy(linear -> assertThat(page(changed, linear)).isEqualTo(page(boot, linear)));
        assertThat(page(boot, 0xb000).present()).isTrue(); // the guest's own tables are as they were
    }

    @Test
    void severalPages_areChangedOneAfterTheOther() {
        SpecialRegisters changed = boot;
        for (long linear : List.of(0x8000L, 0xb000L, MemoryMap.LAPIC)) {
            changed = without(changed, linear);
        }

        SpecialRegisters last = changed;
        assertThat(pages()).filteredOn(linear -> !page(last, linear).present())
                .containsExactly(0x8000L, 0xb000L, MemoryMap.LAPIC);
    }

    @Test
    void pageThatIsSet_hasItsRights() {
        SpecialRegisters executesNot = boot.withEfer(boot.efer() | 1 << 11);
        long cr3 = tables.change(executesNot, 0xb000, page -> page.asReadOnly().asUser().asData());

        Page page = page(executesNot.withCr3(cr3), 0xb000);
        assertThat(page).isEqualTo(page(executesNot, 0xb000).asReadOnly().asUser().asData());
        assertThat(page(executesNot.withCr3(cr3), 0xc000).user()).isFalse();
    }

    @Test
    void pageOfOneGibibyte_isSplitTwice() {
        memory.writeLong(MemoryMap.PDPT + Long.BYTES, GIB | PRESENT_WRITABLE_LARGE);

        SpecialRegisters changed = without(boot, GIB + 0x345678);

        assertThat(page(changed, GIB + 0x345000).present()).isFalse();
        assertThat(LongStream.of(0, 0x344000, 0x346000, 0x1ff000, 0x200000, 0x3fffffff).boxed())
                .allSatisfy(offset -> assertThat(page(changed, GIB + offset)).isEqualTo(page(boot, GIB + offset)));
    }

    /** The bit of the page attribute table is bit 12 of a large page's entry, and bit 7 of a small one's. */
    @Test
    void pageAttributes_areThoseOfTheLargePage() {
        memory.writeLong(MemoryMap.PAGE_DIRECTORY, PRESENT_WRITABLE_LARGE | PAT_OF_LARGE);

        long pml4 = without(boot, 0xb000).cr3();

        long directory = memory.readLong(memory.readLong(pml4) & -4096) & -4096;
        long table = memory.readLong(directory) & -4096;
        assertThat(memory.readLong(table + Long.BYTES)).isEqualTo(0x1000 | 3 | PAT_OF_SMALL);
    }

    @Test
    void pageWithoutATable_isRefused() {
        assertThatThrownBy(() -> without(boot, 0x8000000000L)).isInstanceOf(IllegalStateException.class)
                .hasMessage("the guest's page tables have no entry for it");
    }

    @Test
    void tablesOutsideRam_areRefused() {
        assertThatThrownBy(() -> without(boot.withCr3(0x7fff0000), 0xb000)).isInstanceOf(IllegalStateException.class)
                .hasMessage("the guest's page tables are not in its memory");
    }

    @Test
    void machineWithoutUnusedMemory_isRefused() {
        PageTables none = new PageTables(memory, 0, MemoryMap.MOST_VCPUS);

        assertThatThrownBy(() -> none.change(boot, 0xb000, page -> page)).isInstanceOf(IllegalStateException.class)
                .hasMessage("the machine has no memory left for more page tables");
    }
}
