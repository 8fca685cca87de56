package dev.interject.interrupt.state;

/**
 * What a guest's page tables say of a page (Intel SDM vol. 3A, "Access Rights").
 *
 * @param physical   its guest-physical address
 * @param present    whether each level has an entry for it
 * @param writable   whether each level lets it be written
 * @param user       whether each level lets ring 3 access it
 * @param executable whether no level forbids it (XD)
 * @param reserved   whether an entry that is present has a reserved bit set
 * @param isRam      whether its guest-physical address is RAM
 */
public record Page(long physical, boolean present, boolean writable, boolean user, boolean executable,
        boolean reserved, boolean isRam) {

    /** A page that is not mapped. */
    public static final Page ABSENT = new Page(0, false, false, false, false, false, false);

    /** A page of RAM that rings 0 to 2 can use for anything. */
    public static Page ofRam(long physical) {
        return new Page(physical, true, true, false, true, false, true);
    }

    /** A page without paging: every access is allowed. */
    static Page unpaged(long physical, boolean isRam) {
        return new Page(physical, true, true, true, true, false, isRam);
    }

    /** The same page, read-only. */
    public Page asReadOnly() {
        return new Page(physical, present, false, user, executable, reserved, isRam);
    }

    /** The same page, accessible to ring 3. */
    public Page asUser() {
        return new Page(physical, present, writable, true, executable, reserved, isRam);
    }

    /** The same page, not executable. */
    public Page asData() {
        return new Page(physical, present, writable, user, false, reserved, isRam);
    }

    /** The same page, with a reserved bit set. */
    public Page asReserved() {
        return new Page(physical, present, writable, user, executable, true, isRam);
    }
}
