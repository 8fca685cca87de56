package dev.interject.guest.boot;

import java.util.Objects;

/** An image that cannot be booted, because it is malformed, or does not fit this guest. */
public final class UnbootableImageException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    private final String fix;

    /**
     * @param what the problem in one line
     * @param fix  what to do about it
     */
    public UnbootableImageException(String what, String fix) {
        super(what);
        this.fix = Objects.requireNonNull(fix, "fix");
    }

    /** What to do about it. */
    public String fix() {
        return fix;
    }
}
