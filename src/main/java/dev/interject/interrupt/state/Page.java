package dev.interject.interrupt.state;

/**
 * What a guest's page tables say of a page (Intel SDM vol. 3A, "Access Rights"); all false if it is not present.
 *
 * @param present    whether each level has an entry for it
 * @param writable   whether each level lets it be written
 * @param user       whether each level lets ring 3 access it
 * @param executable whether no level forbids it (XD)
 */
public record Page(boolean present, boolean writable, boolean user, boolean executable) {

    /** A page that is not mapped. */
    public static final Page ABSENT = new Page(false, false, false, false);
}
