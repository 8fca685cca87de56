package dev.interject.interrupt.delivery;

import java.util.Optional;
import java.util.function.Function;

import dev.interject.interrupt.CpuException;
import dev.interject.interrupt.state.CpuState;
import dev.interject.interrupt.state.Page;
import dev.interject.interrupt.state.Piece;
import dev.interject.kvm.state.SpecialRegisters;

/** Access to memory by linear address, with the rights of a ring (Intel SDM vol. 3A, "Access Rights"). */
record Memory(CpuState cpu) {

    private static final int USER_RING = 3;
    private static final long AC = 1 << 18;

    // a page fault's error code (Intel SDM vol. 3A, "Page-Fault Exceptions")
    private static final int PRESENT = 1;
    private static final int WRITE = 1 << 1;
    private static final int USER = 1 << 2;
    private static final int RESERVED = 1 << 3;
    private static final int FETCH = 1 << 4;

    private static final Failure NOT_RAM =
            new Failure.NoException("there is no RAM: KVM ends the guest, raises #PF without an error code,"
                    + " or tries it again without end");

    /** Whether the page of an address was read, or is one that the state lacks. */
    boolean isChecked(long linear) {
        return cpu.pages().at(linear).isPresent() || cpu.lacks(Piece.PAGES);
    }

    /** What an access to the page of an address comes to; {@code failure} if the state has the page. */
    private Optional<Failure> at(long linear, Function<Page, Optional<Failure>> failure) {
        Optional<Page> page = cpu.pages().at(linear);
        return page.isEmpty() && cpu.lacks(Piece.PAGES) ? Optional.of(new Failure.Unknown(Piece.PAGES))
                : page.flatMap(failure);
    }

    /** Why the CPU cannot read a table of its own, as ring 0 does (Intel SDM vol. 3A, "Access Rights"). */
    Failure failureOfRead(long linear, String reason) {
        Failure failure = cpu.pages()
                .at(linear)
                .flatMap(page -> failure(page, 0, ""))
                .orElseGet(() -> cpu.special().isPaging() ? CpuFault.of(CpuException.PAGE_FAULT, 0, reason) : NOT_RAM);
        return failure instanceof CpuFault fault ? new CpuFault(fault.vector(), fault.errorCode(), reason) : failure;
    }

    /** Why a push fails; empty if it does not, or if the page was not read. */
    Optional<Failure> failureOfPush(long linear, int ring) {
        return at(linear, page -> failure(page, WRITE | user(ring), reasonOfWrite(page, ring)));
    }

    /** Why an instruction cannot be fetched. */
    Optional<Failure> failureOfFetch(long linear, int ring) {
        SpecialRegisters special = cpu.special();
        int fetch = special.forbidsExecution() || special.preventsExecutionOfUserPages() ? FETCH : 0;
        return at(linear, page -> failure(page, fetch | user(ring), reasonOfFetch(page, ring)));
    }

    private static int user(int ring) {
        return ring == USER_RING ? USER : 0;
    }

    private static Optional<Failure> failure(Page page, int access, String reason) {
        if (!page.present()) {
            return pageFault(access, "the page is not present");
        }
        if (page.reserved()) {
            return pageFault(access | PRESENT | RESERVED, "a reserved bit is set in its page-table entry");
        }
        if (!reason.isEmpty()) {
            return pageFault(access | PRESENT, reason);
        }
        return page.isRam() ? Optional.empty() : Optional.of(NOT_RAM);
    }

    private static Optional<Failure> pageFault(int code, String reason) {
        return Optional.of(CpuFault.of(CpuException.PAGE_FAULT, code, reason));
    }

    /** Pushes are explicit accesses, so EFLAGS.AC overrides SMAP: no gate clears it. */
    private String reasonOfWrite(Page page, int ring) {
        boolean isUser = ring == USER_RING;
        if (isUser && !page.user()) {
            return "a page of ring 0";
        }
        if (!page.writable() && (isUser || cpu.special().protectsFromSupervisor())) {
            return "the page is read-only";
        }
        boolean overridden = (cpu.registers().rflags() & AC) != 0;
        return !isUser && page.user() && cpu.special().preventsAccessToUserPages() && !overridden
                ? "a page of ring 3, and CR4.SMAP is set"
                : "";
    }

    private String reasonOfFetch(Page page, int ring) {
        boolean isUser = ring == USER_RING;
        if (isUser && !page.user()) {
            return "a page of ring 0";
        }
        if (!page.executable()) {
            return "the page is not executable";
        }
        return !isUser && page.user() && cpu.special().preventsExecutionOfUserPages()
                ? "a page of ring 3, and CR4.SMEP is set"
                : "";
    }
}
